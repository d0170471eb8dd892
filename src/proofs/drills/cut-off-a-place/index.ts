import { z } from 'zod'
import { slug } from '../../../contract/route.ts'
import { iso } from '../../../kit/clock.ts'
import { DAY, SECOND } from '../../../kit/duration.ts'
import { allMonitors, type PlaceSpec } from '../../../monitors/index.ts'
import type { Conclusion } from '../../drill.ts'
import { durationBetween, millis } from '../fields.ts'
import type { DrillKind } from '../kind.ts'
import { CUT_REASONS, judgeCut } from './judge-cut.rules.ts'
import { playCut } from './play-cut.ts'

const schema = z.strictObject({
  expect: z
    .strictObject({
      paged: z.string().min(1).default('anyone').meta({
        title: 'Paged',
        description: 'The id of the person who must be told that the place is silent, or `anyone`.',
      }),
      within: durationBetween(SECOND, DAY).default('15m').meta({
        title: 'Within',
        description: 'How soon after the place was cut off.',
      }),
      outage: durationBetween(SECOND, DAY).default('15m').meta({
        title: 'Outage seen within',
        description: 'How soon the places that are left must turn a monitor bad when its target fails then.',
      }),
    })
    .prefault({})
    .meta({ title: 'Expect', description: 'What must be noticed, and how soon.' }),
  except: z.array(slug).max(200).optional().meta({
    title: 'Except',
    description: 'Monitors that may be blind while this place is away.',
  }),
})
type Settings = z.output<typeof schema>

/** Cuts a place off, in virtual time: nobody is called down for it, and its silence and what follows are noticed. */
export const drillKind: DrillKind<Settings> = {
  kind: 'cut-off-a-place',
  title: 'What if a place is cut off?',
  description:
    'Plays in a replica in memory that the probe of a place (the one of the monitor under drill) falls silent: what k of ' +
    'n places say must be no false alarm, the silence must be told to somebody in time, and a target that fails then ' +
    'must still be seen by the places that are left, as must one that is well from here and broken from outside.',
  reasons: CUT_REASONS,
  schema,
  async play(context) {
    const { monitor, settings, live } = context
    const { kind, spec } = monitor
    if (kind.kind !== 'place')
      return ended('nothing-applies', `"${monitor.id}" is no monitor of a place: name one of the kind place.`)
    const { place } = spec as PlaceSpec
    const { paged, within, outage } = settings.expect
    const limits = { withinMs: millis(within), outageMs: millis(outage) }
    const all = await allMonitors(live.store.read)
    const from = all.filter(({ enabled, places }) => enabled && places?.names.includes(place))
    const played = await playCut(context, place, from, limits)
    const person = paged === 'anyone' ? null : paged
    const { cutAt, pages, silentAfterMs, monitors } = played
    return {
      ...judgeCut(played, { place, person, except: settings.except ?? [], ...limits }),
      evidence: {
        monitor: { id: monitor.id, kind: kind.kind, target: kind.target(spec) },
        expected: { person, withinMs: limits.withinMs },
        onset: iso(cutAt),
        pages: pages.map(({ at, personId, channel }) => ({
          at: iso(at),
          afterMs: at - cutAt,
          person: personId,
          channel,
        })),
        cut: { place, silentAfterMs, ...limits, monitors },
      },
    }
  },
}

function ended(reason: (typeof CUT_REASONS)[number], summary: string): Conclusion {
  return { outcome: 'inconclusive', reason, summary, evidence: {} }
}
