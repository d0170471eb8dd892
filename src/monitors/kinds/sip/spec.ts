import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import {
  durationField,
  durationOr,
  familyField,
  hostPortField,
  parseHostPort,
  timeoutField,
} from '../fields.ts'

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export type Transport = (typeof TRANSPORTS)[number]

/** Statuses from a list such as `[200, "400-499"]`. */
export type StatusRange = [from: number, to: number]

const statusPart = z
  .union([z.int().min(200).max(699), z.string()])
  .transform((part, context): StatusRange => {
    const range = /^([2-6]\d\d)(?:-([2-6]\d\d))?$/.exec(String(part).trim())
    const from = Number(range?.[1])
    const to = Number(range?.[2] ?? from)
    if (range && from <= to) return [from, to]
    context.addIssue({
      code: 'custom',
      message: 'a final status such as 200, or a range such as "200-299", is expected',
    })
    return z.NEVER
  })

/** A host, and a port where one is given: the usual one depends on the transport. */
export interface SipTarget {
  host: string
  port: number | null
}

const target = z
  .string()
  .transform((text, context): SipTarget => {
    const given = parseHostPort(text.trim())
    if (given) return given
    const bare = parseHostPort(text.trim(), 5060)
    if (bare) return { host: bare.host, port: null }
    context.addIssue({ code: 'custom', message: 'host:port is expected, with an IPv6 address in brackets' })
    return z.NEVER
  })
  .meta({
    title: 'Target',
    description: 'The server: host:port, port 5060 when left out, or 5061 over TLS.',
  })

const bindings = z.int().min(1).max(1_000).optional()

const expect = z.strictObject({
  status: z
    .union([statusPart, z.array(statusPart).min(1)])
    .transform((value) => (Array.isArray(value[0]) ? value : [value]) as StatusRange[])
    .optional()
    .meta({
      title: 'Status',
      description:
        'Final statuses that are right, as 200, "200-299" or a list. By default REGISTER must be answered 2xx; for ' +
        'OPTIONS also those count by which a healthy server declines: 401, 403, 404, 405, 407, 483, 486.',
    }),
  maxLatency: durationField(
    'Slowest answer',
    'An answer, log-in included, that takes longer turns the monitor degraded.',
  ).optional(),
  minBindings: bindings.meta({
    title: 'Least bindings',
    description: 'How many contacts the account must have while the check is registered, its own included.',
  }),
  maxBindings: bindings.meta({
    title: 'Most bindings',
    description: 'How many contacts the account may have while the check is registered, its own included.',
  }),
  ...certificateExpectations,
})

/** The parameters of a SIP check. */
export const sipSchema = z
  .strictObject({
    target,
    transport: z.enum(TRANSPORTS).default('udp').meta({ title: 'Transport', description: 'How to speak.' }),
    method: z
      .enum(['options', 'register'])
      .default('options')
      .meta({
        title: 'Method',
        description:
          '"options" asks whether the server is there; "register" signs in like a phone, looks for its own binding ' +
          'and takes it back.',
      }),
    domain: z
      .string()
      .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])$/, 'a host name or address is expected')
      .optional()
      .meta({ title: 'Domain', description: 'The SIP domain that is asked for; by default the host.' }),
    user: z
      .string()
      .regex(/^[A-Za-z0-9_.!~*'()&=+$,;?/%-]{1,128}$/, 'the user part of a SIP address is expected')
      .optional()
      .meta({
        title: 'User',
        description: 'The account: an own one for the check, so that it disturbs no phone.',
      }),
    authUser: z
      .string()
      .regex(/^[^\x00-\x1f\x7f]{1,128}$/, 'one line is expected')
      .optional()
      .meta({ title: 'Log-in name', description: 'Where it differs from the user.' }),
    password: z.string().min(1).max(256).optional().meta({
      title: 'Password',
      description:
        'Answers a digest challenge; it is never sent itself. Take it from the environment: ${NAME}.',
    }),
    alsoAt: hostPortField(
      'Also at',
      'host:port of another node that must list the binding too, as the one that takes over would have to.',
      5060,
    ).optional(),
    expires: durationOr(
      '60s',
      'Registered for',
      'How long the binding lasts if it could not be taken back.',
    ).refine((ms) => ms >= 1_000 && ms <= 3_600_000, 'between 1s and 1h is expected'),
    expect: expect
      .prefault({})
      .meta({ title: 'Expect', description: 'What the answer, and over TLS the certificate, must be.' }),
    timeout: timeoutField,
    family: familyField,
  })
  .refine((spec) => spec.method !== 'register' || spec.user !== undefined, {
    path: ['user'],
    message: 'the method register needs a user',
  })
  .refine((spec) => spec.method === 'register' || spec.alsoAt === undefined, {
    path: ['alsoAt'],
    message: 'only the method register has a binding to look for',
  })
export type SipSpec = z.output<typeof sipSchema>

/** The port that is really meant. */
export function portOf({ target, transport }: Pick<SipSpec, 'target' | 'transport'>): number {
  return target.port ?? (transport === 'tls' ? 5061 : 5060)
}

/** The domain that is asked for, as it stands in a SIP address. */
export function domainOf({ domain, target }: Pick<SipSpec, 'target' | 'domain'>): string {
  return domain ?? (target.host.includes(':') ? `[${target.host}]` : target.host)
}

/** The settings in `sip:host:port;transport=tcp` or `sips:user@host`, as typed for a check. */
export function settingsOfAddress(address: string): Record<string, unknown> {
  const [, scheme, rest] = /^(sips?):\/*(.*?)\/?$/i.exec(address)!
  const [place, ...parameters] = rest!.split(';')
  const at = place!.lastIndexOf('@')
  const transport = parameters
    .map((parameter) => /^transport=(.*)$/i.exec(parameter)?.[1]?.toLowerCase())
    .find((value) => value !== undefined)
  return {
    target: place!.slice(at + 1),
    transport: transport ?? (scheme!.toLowerCase() === 'sips' ? 'tls' : 'udp'),
    ...(at > 0 && { user: place!.slice(0, at) }),
  }
}
