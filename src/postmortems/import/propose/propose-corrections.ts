import { type EgressPolicy, type Exchange, exchangeJson } from '../../../channels/index.ts'
import type { ProposeOutcome } from '../../../contract/postmortem-imports.ts'
import type { World } from '../../../engine/world.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Reading } from '../reading.ts'
import { MOST_SENT, questionOf, readAnswer } from './chat.rules.ts'
import type { LanguageModel } from './config.ts'
import { type DiscardReason, locateQuotes, type Proposal } from './locate.rules.ts'

/** What a language model proposes for a document, or why it proposes nothing. The reading is as it was. */
export interface Proposals {
  outcome: ProposeOutcome
  /** A sentence for the reviewer. */
  message: string
  items: Proposal[]
  /** How many quotes were left out. */
  discarded: number
}

/** The model that may be asked, and where requests may go; `model` is null where none is configured. */
export interface Proposer {
  model: LanguageModel | null
  egress: EgressPolicy
}

const MOST_ANSWER = 1_000_000

/** Asks the language model once what the parts of a document are. Whatever comes back, only places of the source are answered. */
export async function proposeCorrections(
  world: Pick<World, 'clock'>,
  reading: Pick<Reading, 'source' | 'incidents'>,
  { model, egress }: Proposer,
): Promise<Proposals> {
  if (!model)
    return without('not-configured', 'No language model is configured; an administrator can add one.')
  const late = new AbortController()
  const cancel = world.clock.after(model.timeout, () => late.abort())
  try {
    const exchange = await exchangeJson(`${model.url}/chat/completions`, questionOf(reading.source, model), {
      headers: model.apiKey === undefined ? {} : { authorization: `Bearer ${model.apiKey}` },
      signal: late.signal,
      egress,
      most: MOST_ANSWER,
    })
    return judge(exchange, model, reading)
  } finally {
    cancel()
  }
}

const without = (outcome: ProposeOutcome, message: string): Proposals => ({
  outcome,
  message,
  items: [],
  discarded: 0,
})

function judge(
  exchange: Exchange,
  model: LanguageModel,
  reading: Pick<Reading, 'source' | 'incidents'>,
): Proposals {
  const patience = formatDuration(model.timeout)
  if (exchange.result === 'refused')
    return without('egress-refused', 'The egress policy does not let requests go to the language model.')
  if (exchange.result === 'failed')
    return exchange.late
      ? without('late', `The language model gave no answer within ${patience}.`)
      : without('not-reached', 'The language model cannot be reached.')
  const { status, text, end } = exchange
  // What the other side wrote is not repeated: it may hold the key, or a page that is nobody's business.
  if (status === 401 || status === 403)
    return without('not-admitted', `The language model refuses the key (HTTP ${status}).`)
  if (status === 429)
    return without('rate-limited', 'The language model is asked too often, or its quota is spent (HTTP 429).')
  if (status >= 500) return without('server-failed', `The language model failed (HTTP ${status}).`)
  if (status < 200 || status >= 300)
    return without(
      'question-refused',
      `The language model does not take the question (HTTP ${status}): look at its address, the name of the model, and answerFormat.`,
    )
  if (end === 'too-large')
    return without(
      'answer-too-large',
      `The answer of the language model is longer than ${MOST_ANSWER} characters.`,
    )
  if (end === 'late')
    return without('late', `The answer of the language model was not whole within ${patience}.`)
  const answer = end === 'whole' ? readAnswer(text) : 'answer-unreadable'
  if (answer === 'declined') return without('declined', 'The language model declined to answer.')
  if (answer === 'answer-cut-short')
    return without('answer-cut-short', 'The answer of the language model was cut short by its own limit.')
  if (answer === 'answer-unreadable')
    return without('answer-unreadable', 'The answer of the language model is not what was asked for.')
  const seen = { source: reading.source.slice(0, MOST_SENT), incidents: reading.incidents }
  const { proposals, discarded } = locateQuotes(answer.quotes, seen)
  const left = Object.values(discarded).reduce((sum, count) => sum + count, answer.odd)
  return {
    outcome: proposals.length > 0 ? 'proposed' : 'nothing-proposed',
    message: [
      proposals.length === 0
        ? 'The language model proposes nothing new.'
        : `${proposals.length === 1 ? 'One proposal' : `${proposals.length} proposals`}: nothing counts until you take it.`,
      ...sayDiscarded(discarded, answer.odd),
      ...(reading.source.length > MOST_SENT ? [`It saw the first ${MOST_SENT} characters only.`] : []),
    ].join(' '),
    items: proposals,
    discarded: left,
  }
}

const SAID: Record<DiscardReason, string> = {
  'not-in-the-source': 'not literally in the document',
  'several-places': 'in the document more than once',
  'read-already': 'read so already',
  'proposed-already': 'within another',
  'too-short': 'too short',
  'too-long': 'too long',
  'too-many': 'beyond what is looked at',
}

function sayDiscarded(discarded: Partial<Record<DiscardReason, number>>, odd: number): string[] {
  const parts = Object.entries(discarded).map(
    ([reason, count]) => `${count} ${SAID[reason as DiscardReason]}`,
  )
  if (odd > 0) parts.push(`${odd} no quotes`)
  return parts.length === 0 ? [] : [`Left out: ${parts.join(', ')}.`]
}
