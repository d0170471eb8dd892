import { SECOND } from '../../../kit/duration.ts'
import { checkOnce, kindNamed, type PoolSpec } from '../../../monitors/index.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'

/** What a fault gives as its input where it breaks all members, and not one; or takes one away. */
export const EVERY_MEMBER = 'every-member'
export const MEMBER_MISSING = 'member-missing'

// Where the members are all addresses of a name, so many are played.
const ADDRESSES_PLAYED = 3

/** A pool of which one member is broken: each fault of the kind that checks the members is played at the first. */
export function poolLab(labOf: (kind: string) => LabProtocol | undefined): LabProtocol<PoolSpec> {
  return { kind: 'pool', aim: (spec, sample) => aimPool(labOf, spec, sample) }
}

function aimPool(
  labOf: (kind: string) => LabProtocol | undefined,
  spec: PoolSpec,
  sample: string | undefined,
): Aim | null {
  const inner = labOf(spec.check.type)?.aim(spec.check.spec, sample)
  // A check that is observed in a way of its own cannot be made once for each member.
  if (!inner || inner.observe) return null
  const names =
    spec.members?.map(({ name }) => name) ??
    Array.from({ length: ADDRESSES_PLAYED }, (_, i) => `member-${i + 1}`)
  return {
    expects: { ...inner.expects, members: names.length, sized: spec.size !== undefined },
    changes: [
      ...inner.changes,
      'Its first member is the fault, the others are a healthy server on this machine.',
      'No load balancer is told anything.',
    ],
    ...(wantsAll(spec, names.length)
      ? {}
      : { advice: 'Set `needs.wanted` to `100%`: this pool bears the loss of a member without a word.' }),
    wantsBeside: true,
    at(fault, lab, beside): PoolSpec {
      const at = (name: string, { host, port }: { host: string; port: number }) => ({ name, host, port })
      const there = fault.input === MEMBER_MISSING ? names.slice(0, -1) : names
      const members = there.map((name, i) =>
        at(name, i === 0 || fault.input === EVERY_MEMBER ? fault : beside!),
      )
      return {
        ...spec,
        check: { ...spec.check, spec: inner.at(fault, lab) as PoolSpec['check']['spec'] },
        members,
        // The pool of the drill is as large as what is played, whatever it is in life.
        ...(spec.size !== undefined && { size: names.length }),
        // Longer than a member may take, so that it is the member which runs out of time.
        timeout: 2 * inner.expects.timeoutMs,
      }
    },
    observe: (copy, _fault, clock) =>
      checkOnce(kindNamed('pool'), copy, { clock, deadlineMs: 2 * inner.expects.timeoutMs + SECOND }),
  }
}

/** Whether the pool speaks of the loss of a single member. */
function wantsAll({ needs: { wanted } }: PoolSpec, members: number): boolean {
  return 'count' in wanted ? wanted.count >= members : wanted.percent === 100
}
