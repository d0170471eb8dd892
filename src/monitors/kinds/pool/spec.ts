import { z } from 'zod'
import { membersOf } from '../../pools/decide-pool.rules.ts'
import type { Share } from '../../pools/pool.ts'
import type { PoolSettings } from '../../pools/settle-pool.ts'
import { familyField, type HostPort, parseHostPort, timeoutField } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'

/** A member as it is configured. */
export interface PoolMemberSpec {
  name: string
  host: string
  /** Null where it is that of the check. */
  port: number | null
}

/** The check of every member: another kind, with its parsed parameters. */
export interface MemberCheck {
  type: string
  spec: Record<string, unknown> & { timeout?: number }
}

const MOST_MEMBERS = 200
// As it is asked for by a load balancer: `pool/member` on one line.
const memberName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:[\]-]{0,100}$/, 'letters, digits and . _ : - are expected')

const address = z.string().transform((text, context): { host: string; port: number | null } => {
  const parsed = parseHostPort(text.trim(), 1)
  const port = parseHostPort(text.trim())?.port ?? null
  if (parsed) return { host: parsed.host, port }
  context.addIssue({ code: 'custom', message: 'an address, with or without its port, is expected' })
  return z.NEVER
})

const member = z.union([
  address.transform(({ host, port }): PoolMemberSpec => ({ name: shortName(host, port), host, port })),
  z
    .strictObject({
      name: memberName
        .optional()
        .meta({ title: 'Name', description: 'What load balancers call it; its address, when left out.' }),
      address: address.meta({
        title: 'Address',
        description: 'Where the member is: an address or a name, with or without a port.',
      }),
    })
    .transform(
      ({ name, address: { host, port } }): PoolMemberSpec => ({
        name: name ?? shortName(host, port),
        host,
        port,
      }),
    ),
])

const shortName = (host: string, port: number | null) => (port === null ? host : `${host}:${port}`)

function shareField(fallback: string, title: string, description: string) {
  return z
    .union([
      z.int().min(1).max(MOST_MEMBERS),
      z.string().regex(/^(100|[1-9]?\d)%$/, 'a number of members or a share such as "50%" is expected'),
    ])
    .transform(
      (value): Share =>
        typeof value === 'number' ? { count: value } : { percent: Number.parseInt(value, 10) },
    )
    .prefault(fallback)
    .meta({ title, description, default: fallback })
}

const needs = z.strictObject({
  least: shareField('50%', 'Least', 'With fewer good members than this the pool is down.'),
  wanted: shareField('100%', 'Wanted', 'With fewer good members than this the pool is degraded.'),
})

const drain = z.strictObject({
  decide: z.enum(['act', 'watch']).default('act').meta({
    title: 'Decide',
    description: '"act" tells load balancers that ask who may take users; "watch" only looks.',
  }),
  after: z.int().min(1).max(100).default(3).meta({
    title: 'Drain after',
    description:
      'How many checks in a row must be bad before a member is drained. One that could not be judged begins the count anew.',
  }),
  floor: shareField('50%', 'Floor', 'This many members are never drained, whatever the checks say.'),
  returnAfter: z.int().min(1).max(100).default(5).meta({
    title: 'Return after',
    description: 'How many checks in a row must be good before a drained or new member takes users.',
  }),
  newcomers: z.enum(['tested', 'trusted']).default('tested').meta({
    title: 'Newcomers',
    description: 'Whether a member that joins the pool later must be seen well first.',
  }),
  tell: z.enum(['drain', 'down']).default('drain').meta({
    title: 'Tell',
    description:
      '"drain" lets users who are there stay; "down" also sends back those who would return to the same member.',
  }),
})

/** The parameters of a pool; `kindNamed` finds the kinds that can check members. */
export function poolSchema(kindNamed: (name: string) => MonitorKind | null) {
  return z.strictObject({
    check: z
      .looseObject({ type: z.string().max(40) })
      .transform(({ type, ...given }, context): MemberCheck => {
        const kind = kindNamed(type)
        if (!kind?.check || !kind.byAddress) {
          const message = `"${type}" cannot check the members of a pool`
          context.addIssue({ code: 'custom', path: ['type'], message })
          return z.NEVER
        }
        const result = kind.schema.safeParse(withTarget(kind, given))
        if (result.success) return { type, spec: result.data as MemberCheck['spec'] }
        for (const { path, message } of result.error.issues)
          context.addIssue({ code: 'custom', path, message })
        return z.NEVER
      })
      .meta({
        title: 'Check',
        description:
          'The check of every member: `type` and the settings of that kind. Each member’s address takes the place of ' +
          'the target’s; the name asked for stays.',
      }),
    members: z
      .array(member)
      .min(1)
      .max(MOST_MEMBERS)
      .refine(
        (members) => new Set(members.map(({ name }) => name)).size === members.length,
        'one of them is named twice',
      )
      .optional()
      .meta({
        title: 'Members',
        description:
          'The nodes, each by an address of its own. Left out, they are all addresses of the name in the check’s target.',
      }),
    size: z.int().min(1).max(MOST_MEMBERS).optional().meta({
      title: 'Size',
      description: 'How many members there must be; with fewer the pool is degraded, however well they are.',
    }),
    needs: needs.prefault({}).meta({ title: 'Quorum', description: 'How many members must be good.' }),
    drain: drain
      .prefault({})
      .meta({ title: 'Draining', description: 'Who may take users, as load balancers are told.' }),
    timeout: timeoutField,
    family: familyField,
  })
}

// A service that is named by what it expects of the certificate needs no target besides: members have their own.
function withTarget({ schema }: MonitorKind, given: Record<string, unknown>): Record<string, unknown> {
  const name = (given.expect as { name?: unknown } | undefined)?.name
  const takesTarget = 'target' in (schema as unknown as z.ZodObject).shape
  return takesTarget && given.target === undefined && typeof name === 'string'
    ? { ...given, target: name }
    : given
}

export type PoolSpec = z.output<ReturnType<typeof poolSchema>>

/** Good members that are needed, of this many. */
export function quorumOf(
  { needs }: Pick<PoolSpec, 'needs'>,
  members: number,
): { least: number; wanted: number } {
  return { least: membersOf(needs.least, members), wanted: membersOf(needs.wanted, members) }
}

/** Where a member is reached. */
export function memberEndpoint(member: PoolMemberSpec, endpoint: HostPort): HostPort {
  return { host: member.host, port: member.port ?? endpoint.port }
}

/** The part of the parameters that decides who takes users. */
export function poolSettings({ drain }: Pick<PoolSpec, 'drain'>): PoolSettings {
  const { after, tell, ...rest } = drain
  return { policy: { ...rest, drainAfter: after }, tell }
}
