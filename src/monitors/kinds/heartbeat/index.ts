import { Cron } from 'croner'
import { z } from 'zod'
import { slug } from '../../../contract/route.ts'
import { writeDuration } from '../../../kit/duration.ts'
import { durationField, durationOr } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { HEARTBEAT_REASONS } from './judge-heartbeat.rules.ts'

const zone = z
  .string()
  .default('UTC')
  .refine(isTimeZone, 'an IANA time zone such as Europe/Paris is expected')
  .meta({ title: 'Time zone', description: 'The zone in which the schedule is read.' })

const schema = z
  .strictObject({
    every: durationField('Every', 'The longest time between two pings, when there is no schedule.')
      .refine((ms) => ms >= 1_000, 'at least 1s is expected')
      .optional(),
    schedule: z
      .string()
      .refine(isCron, 'a cron expression such as "0 3 * * *" is expected')
      .optional()
      .meta({ title: 'Schedule', description: 'When the job runs, as a cron expression.' }),
    timezone: zone,
    startGrace: durationOr('5m', 'Grace', 'How late a ping may be before the monitor turns down.'),
    maxRun: durationField('Longest run', 'How long after its start a run must have finished.').optional(),
    supersedes: z.boolean().default(false).meta({
      title: 'Starts supersede',
      description:
        'A start ends the runs before it: for a job that stops its predecessor. Otherwise they stay open, and hung.',
    }),
    unusual: z
      .number()
      .min(1.2)
      .max(100)
      .optional()
      .meta({
        title: 'Unusual duration',
        description:
          'Degraded when a run takes this many times the median of the last 50 and stands out of their spread; ' +
          'at least ten finished runs are needed. Not looked at when left out.',
      }),
    renews: slug.optional().meta({
      title: 'Renews',
      description:
        'The monitor of the certificate that the job renews: when both are in trouble they are told as one story.',
    }),
    pingKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,100}$/, '16 to 100 letters, digits, - and _ are expected')
      .optional()
      .meta({ title: 'Ping key', description: 'The secret of the ping address; made up when left out.' }),
    postOnly: z.boolean().default(false).meta({
      title: 'POST only',
      description: 'Ignore pings by GET and HEAD, which link previews send too.',
    }),
  })
  .refine((spec) => (spec.every === undefined) !== (spec.schedule === undefined), {
    message: 'either "every" or "schedule" is needed, not both',
    path: ['schedule'],
  })
export type HeartbeatSpec = z.output<typeof schema>

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true, timezone: 'UTC' }).nextRun() !== undefined
  } catch {
    return false
  }
}

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}

/** Jobs that report in; silence is the signal. */
export const heartbeat: MonitorKind<HeartbeatSpec> = {
  kind: 'heartbeat',
  title: 'Heartbeat',
  description:
    'Waits for a job to ping: started, finished, failed. It turns down when a ping is late, a run fails or a run ' +
    'does not end, and keeps a ledger of the runs. It sees what the job says, not whether the job did its work. ' +
    'Where the clock skips a fixed time of day, the run is due when the skipped hour is over (02:30 becomes 03:00 in ' +
    'Europe/Paris), as with cron; where a fixed time of day comes twice, it is due once, at the first; ' +
    'what runs every hour or every few minutes is due in both.',
  schema,
  reasons: HEARTBEAT_REASONS,
  notByHand:
    'a heartbeat is heard and not asked for: a running Tocsin takes the pings of the job; try them with ' +
    '"curl -fsS $TOCSIN/ping/KEY"',
  cost: 'none',
  cannotSee: [
    {
      failureClass: 'job.useless',
      why: 'It hears what the job says of itself: what the job makes is watched by a monitor of its own.',
      seenBy: ['sql', 'metric', 'http'],
    },
    {
      failureClass: 'job.why',
      why: 'It hears that a run failed, not why: the lines of the job are counted by a log monitor.',
      seenBy: ['log'],
    },
  ],
  target: (spec) => spec.schedule ?? `every ${writeDuration(spec.every ?? 0)}`,
}
