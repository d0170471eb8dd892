import { z } from 'zod'
import { DAY, HOUR } from '../../kit/duration.ts'
import { quietHours } from '../../kit/quiet-hours.ts'
import { durationField } from '../duration-field.ts'

const distance = durationField(HOUR, 400 * DAY)

/** `postmortems.reminders`: when the owners of actions hear of them. */
export const remindersConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ title: 'Reminders', description: 'Whether anybody is reminded.' }),
    before: z
      .array(distance)
      .max(5)
      .default([7 * DAY, DAY])
      .meta({ title: 'Before', description: 'How long before the due date the owner is reminded.' }),
    after: z
      .array(distance)
      .max(5)
      .default([3 * DAY])
      .meta({ title: 'After', description: 'How long after it, while the action is not proved.' }),
    every: distance
      .nullable()
      .default(7 * DAY)
      .meta({ title: 'Then every', description: 'How often after that; `null` for never again.' }),
    escalateAfter: distance
      .nullable()
      .default(14 * DAY)
      .meta({
        title: 'To the team after',
        description: 'How long after the due date the team is told, once; `null` for never.',
      }),
    quiet: quietHours(
      'Between these times of a person’s own day no reminder is sent; `null` for at any hour.',
    ),
  })
  .meta({ title: 'Reminders', description: 'When the owners of actions are reminded of them.' })

export type Reminders = z.output<typeof remindersConfig>
