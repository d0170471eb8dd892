import { z } from 'zod'
import { durationField, durationOr, familyField, timeoutField } from '../fields.ts'

const expect = z.strictObject({
  maxLoss: z.int().min(0).max(99).default(0).meta({
    title: 'Most loss',
    description:
      'Per cent of the packets that may be lost; more turns the monitor degraded. When all are lost it is down.',
  }),
  maxLatency: durationField(
    'Slowest answer',
    'A longer mean round trip turns the monitor degraded.',
  ).optional(),
  maxJitter: durationField(
    'Most jitter',
    'A larger deviation of the round trips turns the monitor degraded.',
  ).optional(),
})

/** The parameters of a ping. */
export const icmpSchema = z.strictObject({
  // No leading hyphen, nor anything else that a program could take for an option.
  target: z
    .string()
    .regex(/^[A-Za-z0-9_[][A-Za-z0-9._:%\]-]{0,252}$/, 'a host name or an address is expected')
    .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
    .meta({ title: 'Target', description: 'The host to ping.' }),
  count: z
    .int()
    .min(1)
    .max(50)
    .default(5)
    .meta({ title: 'Packets', description: 'How many packets one check sends.' }),
  interval: durationOr(
    '200ms',
    'Interval',
    'Between two packets; shorter ones than 200ms take a privilege.',
  ).refine((ms) => ms >= 2 && ms <= 10_000, 'between 2ms and 10s is expected'),
  size: z
    .int()
    .min(0)
    .max(65_000)
    .default(56)
    .meta({ title: 'Size', description: 'Bytes of data in each packet.' }),
  expect: expect.prefault({}).meta({ title: 'Expect', description: 'How well the host must answer.' }),
  timeout: timeoutField,
  family: familyField,
})
export type IcmpSpec = z.output<typeof icmpSchema>
