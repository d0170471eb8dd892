import type { Millis } from '../../kit/clock.ts'
import { DAY, formatDuration, SECOND } from '../../kit/duration.ts'
import { clientName, followsWhatWasSent, type TlsSpec } from '../../monitors/index.ts'
import type { Expectation, RunningFault } from '../faults/fault.ts'
import type { Lab } from '../faults/lab.ts'

// A drill waits out each timeout, so it is shortened; never lengthened.
const LONGEST_TIMEOUT = 2 * SECOND
// A shorter limit would measure this machine instead of the fault.
const SHORTEST_LATENCY = 250

export type CertificateSpec = TlsSpec['expect']

/** What a server must present to a monitor with these expectations of certificates. */
export function certificateExpectation(
  expect: CertificateSpec,
): Pick<Expectation, 'issuer' | 'warnMs' | 'clients' | 'ownRoots' | 'pinned' | 'oldest'> {
  // A renewal counts as overdue one day after it was due.
  const warnMs = Math.max(expect.warn, (expect.renewBefore ?? 0) - DAY)
  const strict = expect.accept !== 'any'
  return {
    issuer: expect.issuer ?? null,
    warnMs: strict ? warnMs : 0,
    clients: strict ? clientsOf(expect).length : 0,
    ...(strict && {
      ownRoots: expect.verifyChain && expect.ca !== undefined,
      pinned: expect.fingerprint !== undefined,
      oldest: expect.minVersion,
    }),
  }
}

/** What a monitor demands of renewals, beside its warning. */
export function renewalExpectation(expect: CertificateSpec): Pick<Expectation, 'overdueMs' | 'file'> {
  if (expect.accept === 'any') return {}
  return {
    ...(expect.renewal && { overdueMs: overdueFor(expect.renewal, expect.warn) }),
    ...(expect.file !== undefined && { file: true }),
  }
}

// Beyond the warning, so that it is the renewal that is seen, wherever the policy leaves room for that.
function overdueFor({ policy, grace = DAY }: NonNullable<CertificateSpec['renewal']>, warn: Millis): Millis {
  if (policy.when !== 'before') return 1.5 * warn + 2 * DAY
  const latest = Math.max(0, policy.ms - grace)
  return latest > warn ? (latest + warn) / 2 : latest / 2
}

/**
 * The same demands, with the lab's root for the monitor's and the lab's certificate for a pinned one. No authority
 * outside is asked, and the file to compare with is that of the fault, where it has one.
 */
export function trusting<E extends CertificateSpec>(expect: E, lab: Lab, fault?: RunningFault): E {
  const { file } = (fault?.input ?? {}) as { file?: string }
  return {
    ...expect,
    // Without roots of its own a monitor trusts whatever its machine does.
    ca: expect.ca === undefined ? `${lab.trustPem}\n${lab.publicRootPem}` : lab.trustPem,
    ...(expect.renewal && { renewal: asked(expect.renewal) }),
    ...(expect.file !== undefined && { file }),
    // Old and new clients alike know the old root; how they look for a path is what tells them apart. Those that are
    // known by name trust what is public, too.
    clients: clientsOf(expect).map((client) => ({
      name: clientName(client),
      store: [
        lab.trustPem,
        lab.twin.rootPem,
        ...(typeof client === 'string' ? [lab.publicRootPem] : []),
      ].join('\n'),
      legacy: followsWhatWasSent(client),
    })),
    ...(expect.fingerprint && { fingerprint: lab.good!.fingerprint.replaceAll(':', '') }),
  }
}

const asked = ({ policy, grace }: NonNullable<CertificateSpec['renewal']>) => ({
  grace,
  policy: policy.when === 'ari' ? ({ when: 'two-thirds' } as const) : policy,
})

// Monitors that were stored before clients could be named have no list.
const clientsOf = (expect: CertificateSpec) => expect.clients ?? []

/** Whether a monitor compares all addresses of a name; the drill has two of them where a fault needs it. */
export function nodesExpectation(spec: NodeSpec): Pick<Expectation, 'nodes'> {
  return spec.everyAddress !== false && !spec.ownCertificates ? { nodes: true } : {}
}

/** The addresses that the copy looks at: those of the fault, where it has several, or the only one. */
export function nodesOf({ everyAddress }: NodeSpec, { input }: RunningFault): string[] | false {
  const { addresses } = (input ?? {}) as { addresses?: string[] }
  return everyAddress === false || !addresses ? false : addresses
}

type NodeSpec = Pick<TlsSpec, 'everyAddress' | 'ownCertificates'>

/** A pattern alone, as lines are made up for it. */
export function asPattern(match: string) {
  return { match, ignoreCase: false }
}

/** How trust in the copy differs from that in the monitor, for the evidence. */
export function trustChanges(expect: CertificateSpec): string[] {
  if (expect.accept === 'any') return []
  return [
    ...(expect.verifyChain ? ['It trusts the root of this drill instead of its own.'] : []),
    ...(clientsOf(expect).length > 0 ? ['Its clients trust the roots of this drill instead of theirs.'] : []),
    ...(expect.fingerprint ? ['It is pinned to the certificate of the healthy control.'] : []),
    ...(expect.renewal?.policy.when === 'ari' ? ['It asks no authority, and renews after two thirds.'] : []),
    ...(expect.file === undefined ? [] : ['It compares with a file of this drill, where a fault has one.']),
  ]
}

/** A drill's shorter timeout and latency limit, in the same proportion, with what changed in words. */
export function shorten(timeout: Millis, latency: Millis | null) {
  const wanted = Math.min(1, LONGEST_TIMEOUT / timeout)
  const floor = latency === null ? 0 : Math.min(1, SHORTEST_LATENCY / latency)
  const factor = Math.max(wanted, floor)
  const timeoutMs = Math.ceil(timeout * factor)
  const latencyMs = latency === null ? null : Math.ceil(latency * factor)
  const changes = ['It connects to a server on this machine instead of its target.']
  if (timeoutMs < timeout)
    changes.push(`Its timeout of ${formatDuration(timeout)} is shortened to ${formatDuration(timeoutMs)}.`)
  if (latency !== null && latencyMs! < latency)
    changes.push(
      `Its latency limit of ${formatDuration(latency)} is shortened to ${formatDuration(latencyMs!)} with it.`,
    )
  return { timeoutMs, latencyMs, changes }
}
