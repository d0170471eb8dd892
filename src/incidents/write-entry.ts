import { findPerson } from '../catalog/index.ts'
import type { Fact } from '../engine/facts.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { actorNameOf, describeFact } from './describe-fact.rules.ts'
import type { EntryKind, TimelineEntry } from './incident.ts'
import { findIncidentHead } from './incidents.rows.ts'
import { insertEntry } from './timeline.rows.ts'

/** What a later room writes into the timeline, in its own transaction. */
export interface RecordEntryInput {
  incidentId: string
  kind: EntryKind
  text: string
  /** When it became true; the transaction's instant without it. */
  happenedAt?: number
  /** The fact that the entry tells: told once, however often it is recorded. */
  factSeq?: number
}

/** Writes an entry for a room that comes after this one; null where the fact is told already. */
export async function recordEntryIn(
  tx: Tx,
  _world: World,
  actor: Actor,
  input: RecordEntryInput,
): Promise<TimelineEntry | null> {
  if (!(await findIncidentHead(tx.db, input.incidentId))) throw notFound('incident', input.incidentId)
  return insertEntry(tx, {
    incidentId: input.incidentId,
    happenedAt: input.happenedAt ?? tx.now,
    kind: input.kind,
    text: input.text,
    actor: actor.id,
    actorName: actor.name,
    factSeq: input.factSeq ?? null,
  })
}

async function nameOf(tx: Tx, fact: Fact): Promise<string> {
  const said = actorNameOf(fact)
  if (said) return said
  const [kind, id] = fact.actor.split(':') as [string, string | undefined]
  const person = kind === 'person' && id ? await findPerson(tx.db, id) : null
  return person?.name ?? fact.actor
}

/** Tells a heard fact in an incident's timeline, with the instant at which it happened. */
export async function tellFact(tx: Tx, incidentId: string, fact: Fact, happenedAt = fact.at): Promise<void> {
  const told = describeFact(fact)
  if (!told) return
  await insertEntry(tx, {
    incidentId,
    happenedAt,
    kind: told.kind,
    text: told.text,
    actor: fact.actor,
    actorName: await nameOf(tx, fact),
    factSeq: fact.seq,
  })
}
