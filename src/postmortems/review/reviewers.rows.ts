import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import { type Reader, touched } from '../../store/store.ts'
import type { GivenVerdict, Overrule, Reviewer } from './review.ts'

/** Everyone who was ever asked, in the order of asking. */
export async function listReviewers(db: Reader, postmortemId: string): Promise<Reviewer[]> {
  const rows = await db
    .selectFrom('postmortem_reviewers')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('asked_at')
    .orderBy('person_id')
    .execute()
  return rows.map((row) => ({
    postmortemId: row.postmortem_id,
    personId: row.person_id,
    personName: row.person_name,
    state: row.state,
    since: row.since,
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    askedAt: row.asked_at,
    told: row.told,
    toldReason: row.told_reason,
    toldAt: row.told_at,
  }))
}

/** Asks a person, also one who was asked and let go before; false when they are asked already. */
export async function askReviewer(
  tx: Tx,
  reviewer: Pick<Reviewer, 'postmortemId' | 'personId' | 'personName' | 'askedBy' | 'askedByName'>,
): Promise<boolean> {
  const set = {
    person_name: reviewer.personName,
    state: 'asked' as const,
    since: tx.now,
    asked_by: reviewer.askedBy,
    asked_by_name: reviewer.askedByName,
    asked_at: tx.now,
    told: 'no' as const,
    told_reason: 'not told yet',
    told_at: null,
  }
  const result = await tx.db
    .insertInto('postmortem_reviewers')
    .values({ postmortem_id: reviewer.postmortemId, person_id: reviewer.personId, ...set })
    .onConflict((c) =>
      c
        .columns(['postmortem_id', 'person_id'])
        .doUpdateSet(set)
        .where('postmortem_reviewers.state', '=', 'withdrawn'),
    )
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Asks a person no longer; false when they were not asked. */
export async function withdrawReviewerRow(tx: Tx, postmortemId: string, personId: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('postmortem_reviewers')
    .set({ state: 'withdrawn', since: tx.now })
    .where('postmortem_id', '=', postmortemId)
    .where('person_id', '=', personId)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return touched(result) === 1
}

/** Notes whether the newest message reached a reviewer. */
export async function noteTold(
  tx: Tx,
  postmortemId: string,
  personId: string,
  told: Reviewer['told'],
  reason: string,
): Promise<void> {
  await tx.db
    .updateTable('postmortem_reviewers')
    .set({ told, told_reason: reason, told_at: tx.now })
    .where('postmortem_id', '=', postmortemId)
    .where('person_id', '=', personId)
    .execute()
}

export async function insertVerdict(tx: Tx, verdict: GivenVerdict): Promise<void> {
  await tx.db
    .insertInto('postmortem_verdicts')
    .values({
      id: verdict.id,
      postmortem_id: verdict.postmortemId,
      person_id: verdict.personId,
      person_name: verdict.personName,
      verdict: verdict.verdict,
      reason: verdict.reason,
      version: verdict.version,
      at: verdict.at,
    })
    .execute()
}

/** What reviewers said, the oldest first. */
export async function listVerdicts(db: Reader, postmortemId: string): Promise<GivenVerdict[]> {
  const rows = await db
    .selectFrom('postmortem_verdicts')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    postmortemId: row.postmortem_id,
    personId: row.person_id,
    personName: row.person_name,
    verdict: row.verdict,
    reason: row.reason,
    version: row.version,
    at: row.at,
  }))
}

export async function insertOverrule(tx: Tx, overrule: Overrule): Promise<void> {
  await tx.db
    .insertInto('postmortem_overrules')
    .values({
      id: overrule.id,
      postmortem_id: overrule.postmortemId,
      version: overrule.version,
      blockers: canonicalJson(overrule.blockers),
      reason: overrule.reason,
      actor: overrule.actor,
      actor_name: overrule.actorName,
      at: overrule.at,
    })
    .execute()
}

/** The newest review that was called done against something; null where none was. */
export async function newestOverrule(db: Reader, postmortemId: string): Promise<Overrule | null> {
  const row = await db
    .selectFrom('postmortem_overrules')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row
    ? {
        id: row.id,
        postmortemId: row.postmortem_id,
        version: row.version,
        blockers: parseJson(row.blockers),
        reason: row.reason,
        actor: row.actor,
        actorName: row.actor_name,
        at: row.at,
      }
    : null
}

const PERSON = 'person:'

/** Ids of the people who wrote its texts, in the order in which they came. */
export async function authorsOf(db: Reader, postmortemId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('postmortem_revisions')
    .select(['actor', (eb) => eb.fn.min('version').as('first')])
    .where('postmortem_id', '=', postmortemId)
    .where('actor', 'like', `${PERSON}%`)
    .groupBy('actor')
    .orderBy('first')
    .execute()
  return rows.map(({ actor }) => actor.slice(PERSON.length))
}

/** Some of the texts that it had. */
export async function textsOf(
  db: Reader,
  postmortemId: string,
  versions: readonly number[],
): Promise<{ version: number; title: string; body: string }[]> {
  if (versions.length === 0) return []
  return db
    .selectFrom('postmortem_revisions')
    .select(['version', 'title', 'body'])
    .where('postmortem_id', '=', postmortemId)
    .where('version', 'in', [...new Set(versions)])
    .execute()
}
