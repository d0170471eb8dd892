import type { Tx } from '../../engine/world.ts'
import { newId } from '../../kit/ids.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { ActionIssueNotesTable, ActionIssuesTable } from '../../store/schema/action-follow-up.ts'
import { type Reader, touched } from '../../store/store.ts'
import type { FailureReason } from './classify-answer.rules.ts'
import type { Said } from './tracker.ts'

/** The issue of an action, as it was seen last. */
export interface ActionIssue {
  actionId: string
  tracker: string
  project: string
  /** Null until it has been created. */
  number: string | null
  url: string | null
  title: string | null
  state: 'open' | 'closed' | null
  closedAt: number | null
  etag: string | null
  lookedAt: number | null
  attemptedAt: number | null
  flight: string | null
  again: boolean
  /** Failed attempts in a row. */
  failures: number
  failure: FailureReason | null
  failureDetail: string | null
  failedAt: number | null
  nextAt: number | null
  askedBy: string
  askedByName: string
  askedAt: number
}

function readIssue(row: ActionIssuesTable): ActionIssue {
  return {
    actionId: row.action_id,
    tracker: row.tracker,
    project: row.project,
    number: row.number,
    url: row.url,
    title: row.title,
    state: row.issue_state,
    closedAt: row.closed_at,
    etag: row.etag,
    lookedAt: row.looked_at,
    attemptedAt: row.attempted_at,
    flight: row.flight,
    again: row.again === 1,
    failures: row.failures,
    failure: row.failure as FailureReason | null,
    failureDetail: row.failure_detail,
    failedAt: row.failed_at,
    nextAt: row.next_at,
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    askedAt: row.asked_at,
  }
}

/** The issue of an action, or null. */
export async function findIssue(db: Reader, actionId: string): Promise<ActionIssue | null> {
  return (await issuesOf(db, [actionId])).get(actionId) ?? null
}

/** The issues of these actions, by action. */
export async function issuesOf(db: Reader, actionIds: readonly string[]): Promise<Map<string, ActionIssue>> {
  if (actionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('action_issues')
    .selectAll()
    .where('action_id', 'in', [...actionIds])
    .execute()
  return new Map(rows.map((row) => [row.action_id, readIssue(row)]))
}

/** The actions that an issue stands for. */
export async function actionsOfIssue(
  db: Reader,
  tracker: string,
  ref: { project: string; number: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('action_issues')
    .select(['action_id', 'project'])
    .where('tracker', '=', tracker)
    .where('number', '=', ref.number)
    .execute()
  // The names of projects are the same in any case of their letters.
  return rows
    .filter(({ project }) => project.toLowerCase() === ref.project.toLowerCase())
    .map(({ action_id }) => action_id)
}

/** How many issues of the tracker are being synchronized. */
export async function countFlights(db: Reader, tracker: string): Promise<number> {
  const row = await db
    .selectFrom('action_issues')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('tracker', '=', tracker)
    .where('flight', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The actions whose issue failed for another reason than that it has to wait. */
export async function failedIssues(db: Reader): Promise<string[]> {
  const rows = await db
    .selectFrom('action_issues')
    .select('action_id')
    .where('failure', 'is not', null)
    .where('failure', '<>', 'rate-limited')
    .execute()
  return rows.map(({ action_id }) => action_id)
}

/** Writes down that an action is to have an issue; false when it has one. */
export async function insertIssue(
  tx: Tx,
  issue: Pick<ActionIssue, 'actionId' | 'tracker' | 'project' | 'number' | 'url' | 'askedBy' | 'askedByName'>,
): Promise<boolean> {
  const result = await tx.db
    .insertInto('action_issues')
    .values({
      action_id: issue.actionId,
      tracker: issue.tracker,
      project: issue.project,
      number: issue.number,
      url: issue.url,
      title: null,
      issue_state: null,
      closed_at: null,
      etag: null,
      looked_at: null,
      attempted_at: null,
      flight: null,
      again: 0,
      failures: 0,
      failure: null,
      failure_detail: null,
      failed_at: null,
      next_at: null,
      asked_by: issue.askedBy,
      asked_by_name: issue.askedByName,
      asked_at: tx.now,
    })
    .onConflict((c) => c.column('action_id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

export async function deleteIssue(tx: Tx, actionId: string): Promise<void> {
  await tx.db.deleteFrom('action_issues').where('action_id', '=', actionId).execute()
  await tx.db
    .updateTable('action_issue_notes')
    .set({ state: 'dropped', settled_at: tx.now })
    .where('action_id', '=', actionId)
    .where('state', '=', 'waiting')
    .execute()
}

/** Changes an issue's row; with a flight only while that flight is the one under way. */
export async function updateIssue(
  tx: Tx,
  actionId: string,
  set: Partial<Omit<ActionIssuesTable, 'action_id'>>,
  flight?: string,
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('action_issues')
    .set(set)
    .where('action_id', '=', actionId)
    .$if(flight !== undefined, (q) => q.where('flight', '=', flight!))
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Something to be said in the tracker. */
export interface IssueNote {
  id: string
  actionId: string
  said: Said[]
  /** What the issue should be afterwards; null where it stays as it is. */
  wanted: 'open' | 'closed' | null
  state: ActionIssueNotesTable['state']
  attempts: number
  createdAt: number
}

export async function insertNote(
  tx: Tx,
  note: { key: string; actionId: string; said: Said[]; wanted: IssueNote['wanted'] },
): Promise<void> {
  await tx.db
    .insertInto('action_issue_notes')
    .values({
      id: newId(tx.now),
      key: note.key,
      action_id: note.actionId,
      said: canonicalJson(note.said),
      wanted: note.wanted,
      state: 'waiting',
      attempts: 0,
      created_at: tx.now,
      settled_at: null,
    })
    .onConflict((c) => c.column('key').doNothing())
    .execute()
}

/** What is still to be said, the oldest first. */
export async function waitingNotes(db: Reader, actionId: string): Promise<IssueNote[]> {
  const rows = await db
    .selectFrom('action_issue_notes')
    .selectAll()
    .where('action_id', '=', actionId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    actionId: row.action_id,
    said: parseJson<Said[]>(row.said),
    wanted: row.wanted,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
  }))
}

/** Notes that it is tried to say it: whoever comes after a crash looks first whether it was said. */
export async function attemptNote(tx: Tx, id: string): Promise<void> {
  await tx.db
    .updateTable('action_issue_notes')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function settleNote(tx: Tx, id: string, state: 'told' | 'dropped'): Promise<void> {
  await tx.db
    .updateTable('action_issue_notes')
    .set({ state, settled_at: tx.now })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}
