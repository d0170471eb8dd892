import { z } from 'zod'
import { DURATION_PATTERN, parseDuration, SECOND } from '../../kit/duration.ts'
import { peerOfAddress, SHORTEST_BEAT_KEY } from './beat.ts'

/** A duration within limits, in milliseconds once parsed. */
function duration(fallback: string, least: number, most: number, title: string, description: string) {
  return z
    .string()
    .regex(DURATION_PATTERN, 'a duration such as 10s or 5m is expected')
    .transform((text) => parseDuration(text) as number)
    .refine(
      (ms) => ms >= least && ms <= most,
      `is outside of what makes sense (${least / SECOND}s to ${most / SECOND}s)`,
    )
    .prefault(fallback)
    .meta({ title, description, default: fallback })
}

/** The key that two sides of a watch share. */
export const beatKey = z
  .string()
  .min(
    SHORTEST_BEAT_KEY,
    `has fewer than ${SHORTEST_BEAT_KEY} characters; make one with: openssl rand -base64 33`,
  )
  .max(500)
  .meta({ title: 'Key', description: 'Shared by both sides; signs each beat.', format: 'password' })

/** For how long nothing may be heard, and for how long nothing may move. */
export const peerLimits = {
  silence: duration(
    '60s',
    2 * SECOND,
    86_400 * SECOND,
    'Silence',
    'Without a sign of life for this long it counts as dead.',
  ),
  stalled: duration(
    '90s',
    2 * SECOND,
    86_400 * SECOND,
    'Stalled',
    'Alive, but blocked or storing no check although some are due, for this long.',
  ),
}

const watcher = z.strictObject({
  url: z
    .url({
      protocol: /^https?$/,
      error: 'must be an address such as https://watch.example.org/peers/main/beat',
    })
    .refine(
      (url) => URL.canParse(url) && peerOfAddress(new URL(url).pathname) !== null,
      'must end with /peers/<name>/beat, as the watcher calls this Tocsin',
    )
    .meta({ title: 'Address', description: 'Where beats are posted; ends with /peers/<name>/beat.' }),
  key: beatKey,
  ca: z.string().includes('-----BEGIN CERTIFICATE-----').optional().meta({
    title: 'Certificate authority',
    description: 'PEM, for a watcher with certificates of your own.',
  }),
})

/** The sections `watchers`, `watchdog` and `canary`. */
export const lifeConfig = z.strictObject({
  watchers: z.array(watcher).max(10).default([]).meta({
    title: 'Watchers',
    description:
      'Who is told regularly that this Tocsin lives and checks: `tocsin watch-peer`, or another Tocsin.',
  }),
  canary: z
    .strictObject({
      every: duration('1h', 2 * SECOND, 7 * 86_400 * SECOND, 'Every', 'Between two canaries.'),
      within: duration(
        '60s',
        SECOND,
        3_600 * SECOND,
        'Within',
        'It must have been paged for within this time.',
      ),
    })
    .optional()
    .meta({
      title: 'Canary',
      description:
        'A monitor that must fail on schedule and be noticed: by a real check, verdict, alert and page, whose message is ' +
        'captured. An alert is opened when it was not. Off when left out.',
    }),
  watchdog: z
    .strictObject({
      every: duration('10s', SECOND, 60 * SECOND, 'Every', 'Between two signs of life.'),
      blocked: duration(
        '5s',
        SECOND,
        600 * SECOND,
        'Blocked',
        'An event loop that does not move for this long is reported.',
      ),
    })
    .prefault({})
    .meta({ title: 'Watchdog', description: 'Looks after the program from a thread of its own.' }),
})
export type LifeConfig = z.output<typeof lifeConfig>
