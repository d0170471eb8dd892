import { z } from 'zod'
import { DAY, SECOND } from '../../kit/duration.ts'
import { durationBetween } from '../drills/fields.ts'

const WHATS = ['verdict', 'alert', 'page', 'incident', 'update'] as const
const within = durationBetween(SECOND, 31 * DAY).meta({
  title: 'Within',
  description: 'How soon after the onset: the first look that could have seen trouble.',
})
const monitor = z.string().min(1).optional().meta({
  title: 'Monitor',
  description: 'Only what is about this monitor; any, when left out.',
})

/** What must come of a replay, and by when: one of these each. */
export const expectation = z
  .union([
    z.strictObject({ verdict: z.enum(['up', 'degraded', 'down', 'unknown']), monitor, within }),
    z.strictObject({ alert: z.enum(['opened', 'changed', 'resolved']), monitor, within }),
    z.strictObject({
      /** A person, or `anyone`. */
      page: z.string().min(1),
      monitor,
      within,
    }),
    z.strictObject({ incident: z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4', 'resolved']), within }),
    z.strictObject({
      update: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
      within,
    }),
    z.strictObject({ never: z.enum(WHATS), monitor }),
  ])
  .meta({
    title: 'Expectation',
    description:
      'A verdict, an alert, a page, an incident or an update by a deadline, or what must never come.',
  })
export type Expectation = z.output<typeof expectation>
