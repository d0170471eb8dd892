import { z } from 'zod'
import { durationField, durationOr } from '../kinds/fields.ts'

export const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

const fingerprint = z
  .string()
  .transform((text) => text.replace(/[:\s]/g, '').toUpperCase())
  .refine((hex) => /^[0-9A-F]{64}$/.test(hex), 'a SHA-256 fingerprint has 64 hexadecimal digits')

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
  warn: durationOr('14d', 'Warn', 'The monitor turns degraded this long before the certificate expires.'),
  renewBefore: durationField(
    'Renew before',
    'How long before its end the certificate is renewed. One that is still served a day after that is overdue.',
  ).optional(),
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
