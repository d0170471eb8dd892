import { z } from 'zod'
import { slug } from '../../../contract/route.ts'
import type { Reader } from '../../../store/store.ts'
import type { Observation } from '../../observation.ts'
import { placeSeenAt } from '../../places/places.rows.ts'
import { durationOr, timeoutField } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { judgePlace } from './silence.rules.ts'

const schema = z.strictObject({
  place: slug.meta({ title: 'Place', description: 'The place whose probe is expected to ask for its work.' }),
  silence: durationOr('2m', 'Silence', 'Without a word from it for this long it counts as gone.').refine(
    (ms) => ms >= 1_000,
    'at least 1s is expected',
  ),
  timeout: timeoutField,
})
export type PlaceSpec = z.output<typeof schema>

/** A place elsewhere: whether its probe still reports. */
export const place: MonitorKind<PlaceSpec> = {
  kind: 'place',
  title: 'Place',
  description:
    'Turns down when the probe of a place has not asked for its work and delivered nothing for too long. It sees that ' +
    'the probe is cut off or dead; it cannot tell the two apart.',
  schema,
  reasons: ['ok', 'place.silent'],
  notByHand:
    'places report to a running Tocsin: ask it with GET /api/v1/monitors/NAME, or run "tocsin probe" in the place',
  cost: 'none',
  target: (spec) => spec.place,
  check,
  cannotSee: [
    {
      failureClass: 'watcher.silent',
      why: 'A probe that reports and checks nothing: its monitors turn unknown, each by itself.',
      seenBy: ['http', 'tls'],
    },
    {
      failureClass: 'place.partial',
      why: 'A place that reaches us, and not what it checks, looks well here: its monitors say so.',
      seenBy: ['icmp', 'http'],
    },
  ],
}

// Since when this process listens: of the time before it knows nothing.
const listeningSince = new WeakMap<Reader, number>()

async function check({ place: id, silence }: PlaceSpec, { clock, read }: CheckContext): Promise<Observation> {
  const now = clock.now()
  const seen = (verdict: Observation['verdict'], reason: string, summary: string): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - now,
    values: {},
  })
  if (!read)
    return seen(
      'unknown',
      'place.silent',
      'places report to a running Tocsin: there is nothing to check here',
    )
  const since = listeningSince.get(read) ?? now
  listeningSince.set(read, since)
  const heardAt = await placeSeenAt(read, id)
  const { verdict, reason, summary } = judgePlace(id, heardAt, since, now, silence)
  return seen(verdict, reason, summary)
}
