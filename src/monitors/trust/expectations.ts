import { z } from 'zod'
import { durationField, durationOr } from '../kinds/fields.ts'
import { PROFILE_NAMES } from './profiles/index.ts'
import { fileField, renewalField } from './renewal-policy.ts'

export const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

const fingerprint = z
  .string()
  .transform((text) => text.replace(/[:\s]/g, '').toUpperCase())
  .refine((hex) => /^[0-9A-F]{64}$/.test(hex), 'a SHA-256 fingerprint has 64 hexadecimal digits')

const clientSpec = z.union(
  [
    z.enum(PROFILE_NAMES),
    z.strictObject({
      name: z
        .string()
        .regex(/^[\w][\w .+-]{0,59}$/, 'a name of letters, digits, spaces and . + - is expected')
        .meta({ title: 'Name', description: 'What these clients are called in verdicts.' }),
      store: z.string().min(1).meta({
        title: 'Store',
        description: 'A PEM file, or PEM text, of the roots that these clients trust.',
      }),
      legacy: z.boolean().default(false).meta({
        title: 'Legacy',
        description: 'Whether they follow what was sent and try no other path, as OpenSSL did before 1.0.2.',
      }),
    }),
  ],
  `a client is one of ${PROFILE_NAMES.join(', ')}, or has a name (letters, digits, spaces and . + -) and a store`,
)
export type ClientSpec = z.output<typeof clientSpec>

/** What a served certificate must be: the fields are shared by every kind that speaks TLS. */
export const certificateExpectations = {
  accept: z.enum(['strict', 'any']).default('strict').meta({
    title: 'Accept',
    description: '"strict" judges the certificate; "any" only asks whether TLS answers.',
  }),
  name: z.string().min(1).optional().meta({
    title: 'Name',
    description: 'The host name or address that the certificate must be for; by default that of the target.',
  }),
  issuer: z.string().min(1).optional().meta({
    title: 'Issuer',
    description: "Text that the issuer's organization or common name must contain.",
  }),
  ca: z.string().min(1).optional().meta({
    title: 'Authorities',
    description: 'A PEM file, or PEM text, of the roots to trust instead of those of this machine.',
  }),
  verifyChain: z.boolean().default(true).meta({
    title: 'Verify the chain',
    description: 'Whether the certificate must lead to a trusted root.',
  }),
  clients: z.array(clientSpec).max(20).default([]).meta({
    title: 'Clients',
    description:
      'Populations of clients that must be able to connect: names of profiles, or a store of roots under a name.',
  }),
  aia: z.boolean().default(false).meta({
    title: 'Fetch issuers',
    description:
      'Whether issuers that were not sent are fetched from where the certificate says, as browsers do.',
  }),
  warn: durationOr('14d', 'Warn', 'The monitor turns degraded this long before the certificate expires.'),
  renewBefore: durationField(
    'Renew before',
    'How long before its end the certificate is renewed. One that is still served a day after that is overdue.',
  ).optional(),
  renewal: renewalField.optional(),
  file: fileField.optional(),
  fingerprint: fingerprint.optional().meta({
    title: 'Fingerprint',
    description: 'The SHA-256 of the certificate, when it must be exactly this one.',
  }),
  minVersion: z.enum(PROTOCOLS).default('TLSv1.2').meta({
    title: 'Oldest protocol',
    description: 'The lowest TLS version that may be negotiated.',
  }),
}

export const certificateExpectationsSchema = z.strictObject(certificateExpectations)
export type CertificateExpectations = z.output<typeof certificateExpectationsSchema>
