import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { durationField, durationOr, familyField, hostPortField, timeoutField } from '../fields.ts'

const oneWord = z
  .string()
  .max(255)
  .regex(/^[^\s\0]+$/, 'one word is expected')
// What goes between angle brackets; the empty sender is that of bounces.
const mailbox = z
  .string()
  .max(254)
  .regex(/^[^\s<>\0]*$/, 'a mail address is expected')

const envelope = z
  .strictObject({
    from: mailbox.default('').meta({
      title: 'From',
      description: 'The sender; the empty one, which bounces have, is never refused for being unknown.',
    }),
    to: mailbox
      .min(1)
      .meta({ title: 'To', description: 'The recipient. Nothing is sent to him: the check ends before.' }),
    recipient: z.enum(['accepted', 'refused']).default('accepted').meta({
      title: 'Recipient',
      description: '"refused" for an address elsewhere shows that the server is no open relay.',
    }),
  })
  .meta({ title: 'Envelope', description: 'Asks whether mail would be taken, and takes it back.' })

const expect = z.strictObject({
  banner: z.string().min(1).max(255).optional().meta({
    title: 'Banner',
    description: 'Text that the greeting must contain.',
  }),
  extensions: z
    .array(oneWord)
    .max(50)
    .default([])
    .meta({ title: 'Extensions', description: 'What the server must offer, such as "SIZE" or "AUTH".' }),
  maxLatency: durationField(
    'Slowest answer',
    'A dialog that takes longer turns the monitor degraded.',
  ).optional(),
  ...certificateExpectations,
})

/** The parameters of a check of a mail server. */
export const smtpSchema = z.strictObject({
  target: hostPortField('Target', 'The mail server: host:port, port 25 when left out.', 25),
  security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
    title: 'Security',
    description: '"starttls" goes over to TLS, "tls" begins with it (port 465), "none" stays in the open.',
  }),
  hello: oneWord.optional().meta({
    title: 'Hello',
    description: 'The name that the server is greeted with; by default our own address in brackets.',
  }),
  envelope: envelope.optional(),
  expect: expect.prefault({}).meta({ title: 'Expect', description: 'What the server must say and present.' }),
  stepTimeout: durationOr('5s', 'Step timeout', 'How long each answer of the dialog may take.').refine(
    (ms) => ms >= 1 && ms <= 300_000,
    'between 1ms and 5m is expected',
  ),
  timeout: timeoutField,
  family: familyField,
})
export type SmtpSpec = z.output<typeof smtpSchema>
