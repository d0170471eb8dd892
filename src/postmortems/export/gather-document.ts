import { findPerson, findService } from '../../catalog/index.ts'
import {
  type DocumentedAction,
  type DocumentedIncident,
  type GivenProof,
  POSTMORTEM_SCHEMA,
  type PostmortemDocument,
  postmortemDocument,
} from '../../contract/postmortem-document.ts'
import type { World } from '../../engine/world.ts'
import { findIncident, type IncidentTime, incidentTimes, readTimeline } from '../../incidents/index.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import type { Reader } from '../../store/store.ts'
import { findReading } from '../import/sources.rows.ts'
import type { Action, Postmortem } from '../postmortem.ts'
import { listActions, listRevisions, readPostmortemSettings } from '../postmortems.rows.ts'
import { readItems, readReview } from './belongings.rows.ts'
import { findCarried } from './carried.rows.ts'
import { mergeCarried } from './carried.rules.ts'
import { type ToldFollowUp, tellFollowUp } from './tell-follow-up.ts'

const MOST_ACTIONS = 20_000

/** How things stand in this Tocsin, whatever another one says of them. */
export interface Here {
  state: string
  actions: Map<string, { state: string; since: string; run: string | null }>
}

/** What proofs/ knows of an action: a later room, so it is handed in. */
export type TellProofs = (db: Reader, action: Action) => Promise<GivenProof[]>

/** A post-mortem with everything that belongs to it, as it leaves this Tocsin. */
export async function gatherDocument(
  world: World,
  postmortem: Postmortem,
  tellProofs: TellProofs = async () => [],
): Promise<{ document: PostmortemDocument; here: Here }> {
  const db = world.store.read
  const actions = (await listActions(db, { postmortemId: postmortem.id, limit: MOST_ACTIONS })).reverse()
  const people = new Names(db)
  const followUps = await tellFollowUp(db, actions)
  const { company, product } = await readPostmortemSettings(db)
  const written = {
    schema: POSTMORTEM_SCHEMA,
    id: postmortem.id,
    origin: world.publicUrl,
    title: postmortem.title,
    categories: postmortem.categories,
    keywords: postmortem.keywords,
    company,
    product,
    version: postmortem.version,
    createdAt: iso(postmortem.createdAt),
    updatedAt: iso(postmortem.updatedAt),
    draftDueAt: isoOrNull(postmortem.draftDueAt),
    dueAt: isoOrNull(postmortem.dueAt),
    standing: [
      {
        at: world.publicUrl,
        state: postmortem.state,
        reason: postmortem.reason,
        since: iso(postmortem.since),
      },
    ],
    body: postmortem.body,
    incident: postmortem.incidentId ? await incidentOf(db, postmortem.incidentId) : null,
    actions: await Promise.all(
      actions.map(async (action) => ({
        ...(await actionOf(world, people, action)),
        ...followUps.get(action.id)!,
        proofs: await tellProofs(db, action),
      })),
    ),
    review: await readReview(db, postmortem.id),
    items: await readItems(db, postmortem.id),
    revisions: (await listRevisions(db, postmortem.id)).map(
      ({ version, title, body, actor, actorName, at }) => ({
        version,
        title,
        body,
        by: { id: actor, name: actorName },
        at: iso(at),
      }),
    ),
    source: await sourceOf(db, postmortem.id),
  } satisfies PostmortemDocument
  const carried = await findCarried(db, postmortem.id)
  const merged = carried ? mergeCarried(written, carried.document, carried.made) : written
  const named = new Map(carried?.made.actions.map(({ id, of }) => [id, of]))
  return {
    // Read by its own schema, so that the same post-mortem has the same bytes wherever it comes from.
    document: postmortemDocument.parse(merged),
    here: {
      state: postmortem.state,
      actions: new Map(
        actions.map(({ id, state, since, drillRunId }) => [
          named.get(id) ?? id,
          { state, since: iso(since), run: drillRunId },
        ]),
      ),
    },
  }
}

async function incidentOf(db: Reader, incidentId: string): Promise<DocumentedIncident | null> {
  const incident = await findIncident(db, incidentId)
  if (!incident) return null
  const { times, metrics } = incidentTimes(incident)
  const services = await Promise.all(
    incident.serviceIds.map(async (id) => ({ id, name: (await findService(db, id))?.name ?? id })),
  )
  return {
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    state: incident.state,
    detection: incident.detection,
    reopened: incident.reopened,
    services,
    roles: incident.roles.map(({ role, name }) => ({ role, name })),
    times: Object.fromEntries(
      times.map(({ name, at }: IncidentTime) => [name.replaceAll(' ', '_'), isoOrNull(at)]),
    ) as DocumentedIncident['times'],
    durations: metrics.map(({ name, ms, formula, status, why }) => ({ name, ms, formula, status, why })),
    timeline: (await readTimeline(db, incident.id)).map((entry) => ({
      id: entry.id,
      happenedAt: iso(entry.happenedAt),
      writtenAt: iso(entry.writtenAt),
      kind: entry.kind,
      text: entry.text,
      by: { id: entry.actor, name: entry.actorName },
      corrects: entry.corrects,
    })),
  }
}

async function actionOf(
  world: World,
  people: Names,
  action: Action,
): Promise<Omit<DocumentedAction, keyof ToldFollowUp | 'proofs'>> {
  const { proof } = action
  return {
    id: action.id,
    title: action.title,
    type: action.type,
    owner: await people.of(action.owner),
    dueAt: isoOrNull(action.dueAt),
    criterion: action.criterion,
    drill: action.drillId,
    createdAt: iso(action.createdAt),
    standing: [
      {
        at: world.publicUrl,
        state: action.state,
        reason: action.reason,
        since: iso(action.since),
        claimedBy: await people.of(action.claimedBy),
        run: action.drillRunId,
        proof: proof
          ? {
              kind: proof.kind,
              run: proof.kind === 'drill' ? action.drillRunId : null,
              evidence: proof.id,
              until: isoOrNull(proof.until),
            }
          : null,
      },
    ],
  }
}

async function sourceOf(db: Reader, postmortemId: string): Promise<PostmortemDocument['source']> {
  const found = await findReading(db, postmortemId)
  if (!found) return null
  const { source, incident, reading } = found
  return {
    name: source.name,
    format: source.format,
    hash: source.hash,
    importedAt: iso(source.importedAt),
    importedBy: source.actorName,
    incident,
    text: source.text,
    reading,
    findings: source.findings,
  }
}

/** People by what they are called, each looked up once. */
class Names {
  readonly #db: Reader
  readonly #known = new Map<string, Promise<string>>()
  constructor(db: Reader) {
    this.#db = db
  }
  async of(id: string | null): Promise<{ id: string; name: string } | null> {
    if (id === null) return null
    const known = this.#known.get(id) ?? findPerson(this.#db, id).then((person) => person?.name ?? id)
    this.#known.set(id, known)
    return { id, name: await known }
  }
}
