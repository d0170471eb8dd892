import { z } from 'zod'
import { certificateExpectationsSchema } from '../../trust/expectations.ts'
import { nodeFields } from '../../trust/nodes.rules.ts'
import { STARTTLS_NAMES, STARTTLS_PROTOCOLS } from '../../trust/starttls/protocols.ts'
import { durationOr, familyField, parseHostPort, timeoutField } from '../fields.ts'

/** A host, and a port where it is not the usual one of the protocol. */
export interface StartTlsTarget {
  host: string
  port: number | null
}

const target = z
  .string()
  .transform((text, context): StartTlsTarget => {
    const withPort = parseHostPort(text.trim())
    if (withPort) return withPort
    const alone = parseHostPort(text.trim(), 1)
    if (alone) return { host: alone.host, port: null }
    context.addIssue({ code: 'custom', message: 'host:port is expected, with an IPv6 address in brackets' })
    return z.NEVER
  })
  .meta({
    title: 'Target',
    description: 'Where the server listens: host:port, or the host and the usual port.',
  })

/** Text that goes into a line of a protocol. */
const oneWord = z
  .string()
  .max(255)
  .regex(/^[^\s\0]+$/, 'one word is expected')

/** The parameters of a check of TLS behind a dialog. */
export const startTlsSchema = z.strictObject({
  target,
  protocol: z.enum(STARTTLS_NAMES).meta({
    title: 'Protocol',
    description: `What is spoken before TLS: ${STARTTLS_NAMES.map(
      (name) => `${name} (port ${STARTTLS_PROTOCOLS[name].port})`,
    ).join(', ')}.`,
  }),
  hello: oneWord.optional().meta({
    title: 'Hello',
    description: 'The name that mail servers are greeted with; by default our own address in brackets.',
  }),
  domain: oneWord.optional().meta({
    title: 'Domain',
    description: 'The domain that an XMPP server is asked for; by default the name that is expected.',
  }),
  expect: certificateExpectationsSchema
    .prefault({})
    .meta({ title: 'Expect', description: 'What the served certificate must be.' }),
  ...nodeFields,
  stepTimeout: durationOr('5s', 'Step timeout', 'How long each answer of the dialog may take.').refine(
    (ms) => ms >= 1 && ms <= 300_000,
    'between 1ms and 5m is expected',
  ),
  timeout: timeoutField,
  family: familyField,
})
export type StartTlsSpec = z.output<typeof startTlsSchema>

/** The port in use. */
export function portOf({ target, protocol }: StartTlsSpec): number {
  return target.port ?? STARTTLS_PROTOCOLS[protocol].port
}
