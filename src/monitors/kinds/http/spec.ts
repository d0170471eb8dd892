import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { nodeFields } from '../../trust/nodes.rules.ts'
import { durationField, familyField, hostPortField, timeoutField } from '../fields.ts'
import { jsonAssertions } from '../json-assertions.ts'
import { patternsField } from '../patterns.ts'

/** A header value or name must not carry a second header. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'this is not a header name')
const headerValue = z.string().regex(/^[^\r\n\0]*$/, 'a header value has one line')

/** Statuses from a list such as `[200, "300-399"]`. */
export type StatusRange = [from: number, to: number]

const statusPart = z
  .union([z.int().min(100).max(599), z.string()])
  .transform((part, context): StatusRange => {
    const range = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(String(part).trim())
    const from = Number(range?.[1])
    const to = Number(range?.[2] ?? from)
    if (range && from <= to) return [from, to]
    context.addIssue({
      code: 'custom',
      message: 'a status such as 204, or a range such as "200-299", is expected',
    })
    return z.NEVER
  })

const texts = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const url = z
  .string()
  .refine(isWebAddress, 'an http:// or https:// address without credentials is expected')
  .meta({ title: 'Address', description: 'What to fetch: an http or https URL.' })

function isWebAddress(text: string): boolean {
  try {
    const { protocol, username, password, port } = new URL(text)
    return /^https?:$/.test(protocol) && !username && !password && port !== '0'
  } catch {
    return false
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const percentile = (share: number) =>
  durationField(
    `${share}th percentile`,
    `Of the last answers, ${share} of 100 came within this time.`,
  ).optional()

const latency = z
  .strictObject({
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
    over: z.int().min(3).max(1_000).default(20).meta({
      title: 'Over',
      description: 'How many of the last answers count; before that, none is judged.',
    }),
  })
  .refine(({ over, ...limits }) => over > 0 && Object.values(limits).some((limit) => limit !== undefined), {
    message: 'a limit is expected, such as p95: 500ms',
  })
  .meta({
    title: 'Latency',
    description: 'Limits of the latency over a window of answers: the monitor turns degraded past them.',
  })

const expect = z.strictObject({
  status: z
    .union([statusPart, z.array(statusPart).min(1)])
    .transform((value) => (Array.isArray(value[0]) ? value : [value]) as StatusRange[])
    .prefault('200-299')
    .meta({ title: 'Status', description: 'Statuses that are right: 204, "200-299", or a list of them.' }),
  contains: texts.prefault([]).meta({ title: 'Contains', description: 'Text that the body must contain.' }),
  notContains: texts
    .prefault([])
    .meta({ title: 'Does not contain', description: 'Text that must not be there.' }),
  matches: patternsField('Matches', 'Regular expressions (RE2) that the body must match somewhere.'),
  notMatches: patternsField('Does not match', 'Regular expressions (RE2) that the body must match nowhere.'),
  json: jsonAssertions,
  headers: z
    .record(headerName, headerValue)
    .default({})
    .meta({ title: 'Headers', description: 'Response headers, each with text that its value must contain.' }),
  maxLatency: durationField(
    'Slowest answer',
    'An answer that takes longer turns the monitor degraded.',
  ).optional(),
  latency: latency.optional(),
  ...certificateExpectations,
})

/** Credentials, of one of the two ways. */
const auth = z
  .strictObject({
    user: z
      .string()
      .min(1)
      .regex(/^[^:\r\n\0]*$/, 'a user name has no colon')
      .optional()
      .meta({ title: 'User', description: 'For basic authentication, with the password.' }),
    password: z
      .string()
      .max(1_000)
      .optional()
      .meta({ title: 'Password', description: 'For basic authentication, with the user.' }),
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'a token is one word')
      .optional()
      .meta({ title: 'Token', description: 'For bearer authentication.' }),
  })
  .refine(
    ({ user, password, token }) =>
      (token === undefined) !== (user === undefined) && (user === undefined) === (password === undefined),
    'either user and password are expected, or a token',
  )

/** The parameters of an HTTP check. */
export const httpSchema = z.strictObject({
  url,
  method: z.enum(METHODS).default('GET').meta({ title: 'Method', description: 'The request method.' }),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .meta({ title: 'Headers', description: 'Request headers.' }),
  body: z.string().max(100_000).optional().meta({ title: 'Body', description: 'The request body.' }),
  auth: auth.optional().meta({
    title: 'Authentication',
    description: 'Credentials of the request; no redirect takes them to another host.',
  }),
  expect: expect
    .prefault({})
    .meta({ title: 'Expect', description: 'What the answer, and its certificate, must be.' }),
  followRedirects: z.int().min(0).max(20).default(5).meta({
    title: 'Redirects',
    description: 'How many redirects to follow; an expected status is never followed.',
  }),
  connectTo: hostPortField(
    'Connect to',
    'host:port to connect to in place of that of the address, whose name is still asked for. To check one node.',
  ).optional(),
  maxBody: z
    .int()
    .min(0)
    .max(10_485_760)
    .default(1_048_576)
    .meta({ title: 'Most bytes', description: 'How much of the body is read.' }),
  ...nodeFields,
  timeout: timeoutField,
  family: familyField,
})
export type HttpSpec = z.output<typeof httpSchema>
