import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DAY } from '../../../kit/duration.ts'
import type { EvidenceKind, Reading } from '../kind.ts'

// As much of the journal of the Chaos Toolkit as decides; the rest of it may be anything.
const steadyState = z.looseObject({ steady_state_met: z.boolean().nullish() }).nullish()
const journal = z.looseObject({
  experiment: z.looseObject({ title: z.string() }),
  status: z.string(),
  deviated: z.boolean().nullish(),
  steady_states: z.looseObject({ before: steadyState, after: steadyState }).nullish(),
  run: z
    .array(
      z.looseObject({
        status: z.string(),
        activity: z.looseObject({ type: z.string().optional(), name: z.string().optional() }),
      }),
    )
    .nullish(),
  start: z.string().optional(),
  end: z.string().optional(),
})
type Journal = z.output<typeof journal>

/** What an experiment of the Chaos Toolkit came to, from the journal that it wrote. */
export const evidenceKind: EvidenceKind<'chaos-journal'> = {
  kind: 'chaos-journal',
  title: 'A Chaos Toolkit journal',
  says: 'proved by a chaos experiment',
  strength: 'machine',
  reasons: [
    'stayed-steady',
    'deviated',
    'not-steady-before',
    'not-measured-after',
    'nothing-was-broken',
    'did-not-finish',
    'not-a-journal',
  ],
  holds: { usual: 90 * DAY, most: 366 * DAY },
  read({ journal: text }) {
    const read = journal.safeParse(parse(text))
    if (!read.success)
      return {
        outcome: 'inconclusive',
        reason: 'not-a-journal',
        summary: 'This is no journal of the Chaos Toolkit.',
        seenAt: null,
        details: {},
      }
    const ended = read.data.end ?? read.data.start
    return {
      ...judge(read.data),
      seenAt: ended === undefined ? null : utc(ended),
      details: {
        experiment: read.data.experiment.title.slice(0, 500),
        status: read.data.status.slice(0, 40),
        broke: actionsOf(read.data),
        sha256: createHash('sha256').update(text).digest('hex'),
      },
    }
  },
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

// The toolkit writes UTC without saying so.
function utc(text: string): number | null {
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(at) ? null : at
}

const MOST_NAMES = 50

function actionsOf({ run }: Journal): string[] {
  return (run ?? [])
    .filter(({ status, activity }) => status === 'succeeded' && activity.type === 'action')
    .slice(0, MOST_NAMES)
    .map(({ activity }) => (activity.name ?? 'an action').slice(0, 200))
}

function judge(of: Journal): Pick<Reading, 'outcome' | 'reason' | 'summary'> {
  const { title } = of.experiment
  const before = of.steady_states?.before?.steady_state_met
  const after = of.steady_states?.after?.steady_state_met
  const inconclusive = (reason: string, summary: string) => ({
    outcome: 'inconclusive' as const,
    reason,
    summary,
  })
  if (before === false)
    return inconclusive('not-steady-before', `“${title}”: it was not steady before anything was broken.`)
  if (of.deviated === true || after === false)
    return { outcome: 'failed', reason: 'deviated', summary: `“${title}”: it did not stay steady.` }
  if (of.status !== 'completed')
    return inconclusive('did-not-finish', `“${title}”: the experiment ended as ${of.status}.`)
  if (actionsOf(of).length === 0)
    return inconclusive('nothing-was-broken', `“${title}”: no action of the experiment succeeded.`)
  if (after !== true)
    return inconclusive('not-measured-after', `“${title}”: nobody looked whether it was steady afterwards.`)
  return { outcome: 'passed', reason: 'stayed-steady', summary: `“${title}”: it stayed steady.` }
}
