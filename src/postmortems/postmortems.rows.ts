import { type Selectable, sql } from 'kysely'
import type { Tx } from '../engine/world.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { ActionsTable, PostmortemsTable } from '../store/schema/postmortems.ts'
import { type Reader, touched } from '../store/store.ts'
import { POSTMORTEM_DEFAULTS, type PostmortemSettings } from './config.ts'
import type {
  Action,
  ActionState,
  Postmortem,
  PostmortemReason,
  PostmortemState,
  Revision,
} from './postmortem.ts'

async function complete(db: Reader, rows: Selectable<PostmortemsTable>[]): Promise<Postmortem[]> {
  if (rows.length === 0) return []
  const actions = await db
    .selectFrom('actions')
    .select(['id', 'postmortem_id'])
    .where(
      'postmortem_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('id')
    .execute()
  const of = Map.groupBy(actions, (action) => action.postmortem_id)
  return rows.map((row) => ({
    id: row.id,
    incidentId: row.incident_id,
    title: row.title,
    body: row.body,
    categories: parseJson(row.categories),
    keywords: parseJson(row.keywords),
    state: row.state,
    reason: row.reason as PostmortemReason,
    since: row.since,
    version: row.version,
    draftDueAt: row.draft_due_at,
    dueAt: row.due_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    actionIds: (of.get(row.id) ?? []).map((action) => action.id),
  }))
}

/** One post-mortem, or null. */
export async function findPostmortem(db: Reader, id: string): Promise<Postmortem | null> {
  const row = await db.selectFrom('postmortems').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? (await complete(db, [row]))[0]! : null
}

/** The post-mortem of an incident, or null. */
export async function postmortemOfIncident(db: Reader, incidentId: string): Promise<Postmortem | null> {
  const row = await db
    .selectFrom('postmortems')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
  return row ? (await complete(db, [row]))[0]! : null
}

/** The ids of the post-mortems of these incidents, by incident. */
export async function postmortemIdsOf(
  db: Reader,
  incidentIds: readonly string[],
): Promise<Map<string, string>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('postmortems')
    .select(['id', 'incident_id'])
    .where('incident_id', 'in', [...incidentIds])
    .execute()
  return new Map(rows.map((row) => [row.incident_id!, row.id]))
}

export interface PostmortemQuery {
  state?: PostmortemState
  limit?: number
  /** The id after which the page begins. */
  before?: string
}

/** Post-mortems, the newest first. */
export async function listPostmortems(db: Reader, query: PostmortemQuery = {}): Promise<Postmortem[]> {
  const rows = await db
    .selectFrom('postmortems')
    .selectAll()
    .$if(query.state !== undefined, (q) => q.where('state', '=', query.state!))
    .$if(query.before !== undefined, (q) => q.where('id', '<', query.before!))
    .orderBy('id', 'desc')
    .limit(query.limit ?? 100)
    .execute()
  return complete(db, rows)
}

/** Writes a new post-mortem; false when its incident has one already. */
export async function insertPostmortem(tx: Tx, postmortem: Omit<Postmortem, 'actionIds'>): Promise<boolean> {
  const result = await tx.db
    .insertInto('postmortems')
    .values({
      id: postmortem.id,
      incident_id: postmortem.incidentId,
      title: postmortem.title,
      body: postmortem.body,
      categories: canonicalJson(postmortem.categories),
      keywords: canonicalJson(postmortem.keywords),
      state: postmortem.state,
      reason: postmortem.reason,
      since: postmortem.since,
      version: postmortem.version,
      draft_due_at: postmortem.draftDueAt,
      due_at: postmortem.dueAt,
      created_at: postmortem.createdAt,
      updated_at: postmortem.updatedAt,
    })
    .onConflict((c) => c.column('incident_id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Compare-and-set of the text by its version; false when somebody else saved in between. */
export async function updateText(
  tx: Tx,
  id: string,
  version: number,
  set: { title: string; body: string; categories: readonly string[]; keywords: readonly string[] },
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('postmortems')
    .set({
      title: set.title,
      body: set.body,
      categories: canonicalJson(set.categories),
      keywords: canonicalJson(set.keywords),
      version: version + 1,
      updated_at: tx.now,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Compare-and-set of the state. */
export async function movePostmortemRow(
  tx: Tx,
  id: string,
  from: PostmortemState,
  to: PostmortemState,
  reason: PostmortemReason,
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('postmortems')
    .set({ state: to, reason, since: tx.now, updated_at: tx.now })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Sets when draft and review are due, while somebody still waits for them. */
export async function updateDue(
  tx: Tx,
  id: string,
  { draftDueAt, dueAt }: Pick<Postmortem, 'draftDueAt' | 'dueAt'>,
): Promise<void> {
  await tx.db
    .updateTable('postmortems')
    .set({ draft_due_at: draftDueAt, due_at: dueAt })
    .where('id', '=', id)
    .where('state', 'in', ['draft', 'in review'])
    .execute()
}

/** Those that somebody waits for. */
export async function awaitedPostmortemIds(db: Reader): Promise<string[]> {
  const rows = await db
    .selectFrom('postmortems')
    .select('id')
    .where('state', 'in', ['draft', 'in review'])
    .where((eb) => eb.or([eb('due_at', 'is not', null), eb('draft_due_at', 'is not', null)]))
    .execute()
  return rows.map((row) => row.id)
}

export async function insertRevision(tx: Tx, postmortemId: string, revision: Revision): Promise<void> {
  await tx.db
    .insertInto('postmortem_revisions')
    .values({
      postmortem_id: postmortemId,
      version: revision.version,
      title: revision.title,
      body: revision.body,
      actor: revision.actor,
      actor_name: revision.actorName,
      at: revision.at,
    })
    .execute()
}

/** Every text that the post-mortem had, the oldest first. */
export async function listRevisions(db: Reader, postmortemId: string): Promise<Revision[]> {
  const rows = await db
    .selectFrom('postmortem_revisions')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('version')
    .execute()
  return rows.map((row) => ({
    version: row.version,
    title: row.title,
    body: row.body,
    actor: row.actor,
    actorName: row.actor_name,
    at: row.at,
  }))
}

function readAction(row: ActionsTable): Action {
  return {
    id: row.id,
    postmortemId: row.postmortem_id,
    title: row.title,
    type: row.type,
    owner: row.owner,
    dueAt: row.due_at,
    criterion: row.criterion,
    drillId: row.drill_id,
    state: row.state,
    reason: row.reason,
    since: row.since,
    claimedBy: row.claimed_by,
    drillRunId: row.drill_run_id,
    proof: row.proved_by === null ? null : { kind: row.proved_by, id: row.proof_id, until: row.proof_until },
    createdAt: row.created_at,
  }
}

/** One action, or null. */
export async function findAction(db: Reader, id: string): Promise<Action | null> {
  const row = await db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readAction(row) : null
}

export interface ActionQuery {
  postmortemId?: string
  drillId?: string
  states?: readonly ActionState[]
  limit?: number
  /** The id after which the page begins. */
  before?: string
}

/** Actions, the newest first. */
export async function listActions(db: Reader, query: ActionQuery = {}): Promise<Action[]> {
  const rows = await db
    .selectFrom('actions')
    .selectAll()
    .$if(query.postmortemId !== undefined, (q) => q.where('postmortem_id', '=', query.postmortemId!))
    .$if(query.drillId !== undefined, (q) => q.where('drill_id', '=', query.drillId!))
    .$if(query.states !== undefined, (q) => q.where('state', 'in', [...query.states!]))
    .$if(query.before !== undefined, (q) => q.where('id', '<', query.before!))
    .orderBy('id', 'desc')
    .limit(query.limit ?? 100)
    .execute()
  return rows.map(readAction)
}

/** How many actions wait for a proof. */
export async function countActionsAwaitingProof(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('actions')
    .select(sql<number>`count(*)`.as('count'))
    .where('state', 'in', ['open', 'claimed', 'refuted', 'stale'])
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

type ProofColumns = Pick<ActionsTable, 'proof_id' | 'proved_by' | 'proof_until'>

export async function insertAction(tx: Tx, action: Action): Promise<void> {
  await tx.db
    .insertInto('actions')
    .values({
      id: action.id,
      postmortem_id: action.postmortemId,
      title: action.title,
      type: action.type,
      owner: action.owner,
      due_at: action.dueAt,
      criterion: action.criterion,
      drill_id: action.drillId,
      state: action.state,
      reason: action.reason,
      since: action.since,
      claimed_by: action.claimedBy,
      drill_run_id: action.drillRunId,
      proof_id: null,
      proved_by: null,
      proof_until: null,
      created_at: action.createdAt,
    })
    .execute()
}

/** Changes what is not state, as long as the state is still the one that allowed it. */
export async function updateAction(
  tx: Tx,
  id: string,
  state: ActionState,
  set: Partial<
    Pick<ActionsTable, 'title' | 'type' | 'owner' | 'due_at' | 'criterion' | 'drill_id' | 'drill_run_id'> &
      ProofColumns
  >,
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('actions')
    .set(set)
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Compare-and-set of the state; false when it was another one by then. */
export async function moveActionRow(
  tx: Tx,
  id: string,
  from: ActionState,
  set: {
    state: ActionState
    reason: string
    claimed_by?: string | null
    drill_run_id?: string
  } & Partial<ProofColumns>,
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('actions')
    .set({ ...set, since: tx.now })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** The settings in force. */
export async function readPostmortemSettings(db: Reader): Promise<PostmortemSettings> {
  const row = await db
    .selectFrom('postmortem_settings')
    .select('value')
    .where('id', '=', 'postmortems')
    .executeTakeFirst()
  // An older program stored less.
  return { ...POSTMORTEM_DEFAULTS, ...(row ? parseJson<Partial<PostmortemSettings>>(row.value) : {}) }
}

export async function writePostmortemSettings(tx: Tx, settings: PostmortemSettings): Promise<void> {
  const value = canonicalJson(settings)
  await tx.db
    .insertInto('postmortem_settings')
    .values({ id: 'postmortems', value })
    .onConflict((c) => c.column('id').doUpdateSet({ value }))
    .execute()
}
