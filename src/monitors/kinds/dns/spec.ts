import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { durationField, familyField, hostPortField, timeoutField } from '../fields.ts'

/** Types of records that can be asked for. */
export const RECORD_TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DNSKEY',
  'DS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'SSHFP',
  'TLSA',
  'TXT',
] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/** Response codes that a monitor may expect. */
export const RESPONSE_CODES = [
  'NOERROR',
  'NXDOMAIN',
  'SERVFAIL',
  'REFUSED',
  'FORMERR',
  'NOTIMP',
  'NOTAUTH',
] as const

// Underscores are usual in names of services; a label has at most 63 bytes.
const LABEL = /^[A-Za-z0-9_*](?:[A-Za-z0-9_*-]{0,61}[A-Za-z0-9_])?$/
const MOST_SERVERS = 20

function isName(text: string): boolean {
  if (text === '.') return true
  const labels = text.replace(/\.$/, '').split('.')
  return text.length <= 253 && labels.every((label) => LABEL.test(label))
}

const query = z
  .string()
  .transform((text) => (/[^\x20-\x7e]/.test(text) ? domainToASCII(text) : text))
  .refine(isName, 'a domain name is expected')
  .meta({ title: 'Query', description: 'The name to ask for.' })

const texts = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const expect = z.strictObject({
  rcode: z.enum(RESPONSE_CODES).default('NOERROR').meta({
    title: 'Response code',
    description: 'The code that is right: NXDOMAIN for a name that must not exist.',
  }),
  is: texts.optional().meta({
    title: 'Is',
    description: 'All records there must be, and no others, in any order: 192.0.2.1, "10 mail.example.org".',
  }),
  contains: texts
    .optional()
    .meta({ title: 'Contains', description: 'Records that must be among the others.' }),
  atLeast: z.int().min(0).max(1_000).default(1).meta({
    title: 'At least',
    description: 'How many records there must be, where the code is NOERROR.',
  }),
  minTtl: durationField('Shortest TTL', 'A TTL below this turns the monitor degraded.').optional(),
  maxTtl: durationField('Longest TTL', 'A TTL above this turns the monitor degraded.').optional(),
  authoritative: z.boolean().default(false).meta({
    title: 'Authoritative',
    description: 'Whether the server must answer from its own data.',
  }),
  validated: z.boolean().default(false).meta({
    title: 'Validated',
    description: 'Whether the resolver must say that it validated the answer by DNSSEC (the AD flag).',
  }),
  agree: z.boolean().default(false).meta({
    title: 'Agree',
    description: 'Whether all servers must give the same records; for SOA, the same serial number.',
  }),
  maxLatency: durationField(
    'Slowest answer',
    'An answer that takes longer turns the monitor degraded.',
  ).optional(),
})

/** The parameters of a DNS check. */
export const dnsSchema = z.strictObject({
  query,
  record: z
    .enum(RECORD_TYPES)
    .default('A')
    .meta({ title: 'Record', description: 'The type of the records.' }),
  servers: z
    .array(hostPortField('Server', 'host:port of a name server, port 53 when left out.', 53))
    .min(1)
    .max(MOST_SERVERS)
    .optional()
    .meta({
      title: 'Servers',
      description: 'The name servers to ask, each of which must answer. Left out: those of this machine.',
    }),
  transport: z.enum(['udp', 'tcp']).default('udp').meta({
    title: 'Transport',
    description: 'How it is asked; an answer that is cut off over UDP is asked for again over TCP.',
  }),
  recurse: z.boolean().default(true).meta({
    title: 'Recurse',
    description: 'Whether the server is asked to find the answer elsewhere.',
  }),
  expect: expect.prefault({}).meta({ title: 'Expect', description: 'What the answer must be.' }),
  timeout: timeoutField,
  family: familyField,
})
export type DnsSpec = z.output<typeof dnsSchema>
