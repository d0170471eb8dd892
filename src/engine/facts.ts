import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../kit/ids.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { FactsTable } from '../store/schema/engine.ts'
import type { Reader } from '../store/store.ts'
import type { Actor, Tx, World } from './world.ts'

/** Something that happened, as it stands in the log for ever. */
export interface Fact<Data = unknown> {
  seq: number
  id: string
  /** When it became true, milliseconds. */
  at: number
  /** When it was written, milliseconds. */
  writtenAt: number
  type: string
  subject: string
  actor: string
  data: Data
  drill: boolean
  hash: string
}

/** A type of fact: how to write it, and how to know it again. */
export interface FactType<Data> {
  type: string
  append(
    tx: Tx,
    world: World,
    fact: { subject: string; actor: Actor; data: Data; at?: number },
  ): Promise<Fact<Data>>
  is(fact: Fact): fact is Fact<Data>
}

/** The hash before the first fact. */
export const GENESIS = '0'.repeat(64)

// Serializes the chain between PostgreSQL sessions until their commit; SQLite has one writer anyhow.
const CHAIN_LOCK = 726_355

/** SHA-256 over the hash before and the canonical JSON of the fact. */
export function factHash(prevHash: string, row: Omit<FactsTable, 'hash' | 'prev_hash'>): string {
  const { seq, id, at, written_at, type, subject, actor, data, drill } = row
  return createHash('sha256')
    .update(prevHash)
    .update(canonicalJson({ seq, id, at, written_at, type, subject, actor, data, drill }))
    .digest('hex')
}

async function append<Data>(
  tx: Tx,
  world: World,
  type: string,
  fact: { subject: string; actor: Actor; data: Data; at?: number },
): Promise<Fact<Data>> {
  if (world.store.dialect === 'postgres')
    await sql`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`.execute(tx.db)
  const head = await tx.db
    .selectFrom('facts')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const prevHash = head?.hash ?? GENESIS
  const row = {
    seq: (head?.seq ?? 0) + 1,
    id: newId(tx.now),
    at: fact.at ?? tx.now,
    written_at: tx.now,
    type,
    subject: fact.subject,
    actor: fact.actor.id,
    data: canonicalJson(fact.data),
    drill: world.drill ? 1 : 0,
  }
  const hash = factHash(prevHash, row)
  tx.wakes = true
  await tx.db
    .insertInto('facts')
    .values({ ...row, prev_hash: prevHash, hash })
    .execute()
  return readFact<Data>({ ...row, prev_hash: prevHash, hash })
}

/** Names a type of fact. Each room lists its own in `facts.ts`. */
export function defineFact<Data>(type: string): FactType<Data> {
  return {
    type,
    append: (tx, world, fact) => append(tx, world, type, fact),
    is: (fact): fact is Fact<Data> => fact.type === type,
  }
}

/** A stored row as a fact. */
export function readFact<Data = unknown>(row: FactsTable): Fact<Data> {
  return {
    seq: row.seq,
    id: row.id,
    at: row.at,
    writtenAt: row.written_at,
    type: row.type,
    subject: row.subject,
    actor: row.actor,
    data: parseJson<Data>(row.data),
    drill: row.drill === 1,
    hash: row.hash,
  }
}

/** Facts after `seq`, oldest first. */
export async function factsAfter(db: Reader, seq: number, limit: number): Promise<Fact[]> {
  const rows = await db
    .selectFrom('facts')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => readFact(row))
}

/** Facts about one thing, oldest first. */
export async function factsAbout(db: Reader, subject: string): Promise<Fact[]> {
  const rows = await db
    .selectFrom('facts')
    .selectAll()
    .where('subject', '=', subject)
    .orderBy('seq')
    .execute()
  return rows.map((row) => readFact(row))
}

/** The sequence number of the newest fact, 0 before the first. */
export async function lastSeq(db: Reader): Promise<number> {
  const head = await db.selectFrom('facts').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return head?.seq ?? 0
}

export interface AuditResult {
  facts: number
  /** Where the chain breaks first, or null when it holds. */
  brokenAt: { seq: number; reason: 'missing' | 'changed' | 'unlinked' } | null
  /** The hash of the last good fact: written down elsewhere, it shows a log cut off at its end. */
  head: string
}

const AUDIT_PAGE = 5_000

/** Walks the whole chain and says where it breaks. */
export async function verifyAudit(db: Reader): Promise<AuditResult> {
  let hash = GENESIS
  let seq = 0
  for (;;) {
    const rows = await db
      .selectFrom('facts')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(AUDIT_PAGE)
      .execute()
    if (rows.length === 0) return { facts: seq, brokenAt: null, head: hash }
    for (const row of rows) {
      if (row.seq !== seq + 1)
        return { facts: seq, brokenAt: { seq: seq + 1, reason: 'missing' }, head: hash }
      if (row.prev_hash !== hash)
        return { facts: seq, brokenAt: { seq: row.seq, reason: 'unlinked' }, head: hash }
      if (factHash(hash, row) !== row.hash)
        return { facts: seq, brokenAt: { seq: row.seq, reason: 'changed' }, head: hash }
      hash = row.hash
      seq = row.seq
    }
  }
}
