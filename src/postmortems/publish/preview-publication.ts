import { createHash } from 'node:crypto'
import { z } from 'zod'
import { listPeople, listServices } from '../../catalog/index.ts'
import { findPublicIncident, type PublicIncident } from '../../comms/index.ts'
import { findPieces } from '../../contract/live-pieces.ts'
import { id, name } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { allMonitors } from '../../monitors/index.ts'
import type { Reader } from '../../store/store.ts'
import { readLiveData, renderLivePieces } from '../live/index.ts'
import type { Postmortem } from '../postmortem.ts'
import { findPostmortem, listActions } from '../postmortems.rows.ts'
import { type FoundName, internalNames, leaveOutNames } from './internal-names.rules.ts'
import { chosenText, sectionChoices, withoutInnerPieces } from './public-text.rules.ts'

/** What an editor chooses for the public. */
export const publicChoice = z.strictObject({
  postmortemId: id,
  /** The title that the public reads; that of its public incident without it. */
  title: name.optional(),
  sections: z.array(z.string().min(1).max(500)).min(1, 'choose at least one section').max(100),
  /** Names from inside that the public may read. */
  keepNames: z.array(z.string().min(1).max(500)).max(500).default([]),
})
export type PublicChoiceInput = z.input<typeof publicChoice>

/** What the public would read. */
export interface PublicText {
  postmortem: Postmortem
  incident: PublicIncident
  title: string
  /** Markdown. */
  body: string
  leftOut: FoundName[]
  kept: FoundName[]
  /** SHA-256 of title and text: what was looked at is what is published. */
  hash: string
}

/** What the public would read of a post-mortem if this choice were published; nothing is. */
export async function previewPublication(
  world: World,
  actor: Actor,
  input: PublicChoiceInput,
): Promise<PublicText> {
  authorize(actor, 'editor')
  return publicTextOf(world, world.store.read, parseInput(publicChoice, input))
}

/** The same, as `db` sees it. */
export async function publicTextOf(
  world: World,
  db: Reader,
  choice: z.output<typeof publicChoice>,
): Promise<PublicText> {
  const postmortem = await findPostmortem(db, choice.postmortemId)
  if (!postmortem) throw notFound('post-mortem', choice.postmortemId)
  const incident = await publicIncidentOf(db, postmortem)
  if (postmortem.state !== 'reviewed' && postmortem.state !== 'closed')
    throw wrongState(`It is "${postmortem.state}": what the public reads must have been reviewed first.`)
  const actions = (await listActions(db, { postmortemId: postmortem.id, limit: 1_000 })).reverse()
  refuseUnwritten(postmortem.body, choice.sections, actions.length > 0)
  const inner = withoutInnerPieces(postmortem.body)
  const told =
    findPieces(inner).length === 0
      ? inner
      : renderLivePieces(inner, await readLiveData(world, { ...postmortem, body: inner }))
  const names = internalNames({
    people: await listPeople(db),
    services: (await listServices(db)).map((one) => ({ ...one, isPublic: one.audience === 'public' })),
    monitors: (await allMonitors(db)).map(({ id, name, target }) => ({ id, name, target: target ?? '' })),
  })
  const body = leaveOutNames(chosenText(told, choice.sections, actions), names, choice.keepNames)
  const title = leaveOutNames(choice.title ?? incident.title, names, choice.keepNames)
  return {
    postmortem,
    incident,
    title: title.text,
    body: body.text,
    leftOut: joined(title.leftOut, body.leftOut),
    kept: joined(title.kept, body.kept),
    hash: createHash('sha256').update(`${title.text}\n${body.text}`).digest('hex'),
  }
}

/** The public side of its incident; says why there is none. */
async function publicIncidentOf(db: Reader, { incidentId }: Postmortem): Promise<PublicIncident> {
  if (incidentId === null)
    throw wrongState('It belongs to no incident of this Tocsin, so that the status page has no place for it.')
  const incident = await findPublicIncident(db, incidentId)
  if (incident) return incident
  throw wrongState(
    'The public has not been told of this incident: publish an update about it first, and the post-mortem after that.',
  )
}

function refuseUnwritten(body: string, chosen: readonly string[], hasActions: boolean): void {
  const choices = new Map(sectionChoices(body, hasActions).map((one) => [one.title.toLowerCase(), one]))
  const problems = chosen.flatMap((title, i) => {
    const state = choices.get(title.toLowerCase())?.state
    if (state === 'written') return []
    const message =
      state === undefined
        ? `There is no section "${title}".`
        : state === 'empty'
          ? `The section "${title}" is empty.`
          : `A prompt still stands in the section "${title}".`
    return [{ path: `sections.${i}`, message, remedy: 'Leave it out, or write it first.' }]
  })
  if (problems.length > 0) throw new TocsinError('invalid-input', problems[0]!.message, problems)
}

function joined(a: readonly FoundName[], b: readonly FoundName[]): FoundName[] {
  const all = new Map<string, FoundName>()
  for (const one of [...a, ...b]) {
    const key = `${one.kind} ${one.name.toLowerCase()}`
    all.set(key, { ...one, times: one.times + (all.get(key)?.times ?? 0) })
  }
  return [...all.values()].sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1))
}
