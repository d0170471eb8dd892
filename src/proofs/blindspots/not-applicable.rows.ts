import type { Actor, Tx } from '../../engine/world.ts'
import { newId } from '../../kit/ids.ts'
import type { NotApplicableTable } from '../../store/schema/proofs.ts'
import type { Reader } from '../../store/store.ts'

/** What a person said of a cell of the map. */
export interface Judgement {
  serviceId: string
  failureClass: string
  /** False: it cannot happen here. */
  applies: boolean
  reason: string
  by: string
  at: number
}

const read = (row: NotApplicableTable): Judgement => ({
  serviceId: row.service_id,
  failureClass: row.failure_class,
  applies: row.holds === 0,
  reason: row.reason,
  by: row.actor_name,
  at: row.at,
})

/** Everything that was said, the newest first; of one cell where it is named. */
export async function listJudgements(
  db: Reader,
  cell?: { serviceId: string; failureClass: string },
): Promise<Judgement[]> {
  const rows = await db
    .selectFrom('not_applicable')
    .selectAll()
    .$if(cell !== undefined, (query) =>
      query.where('service_id', '=', cell!.serviceId).where('failure_class', '=', cell!.failureClass),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(read)
}

export async function insertJudgement(
  tx: Tx,
  actor: Actor,
  judgement: Omit<Judgement, 'by' | 'at'>,
): Promise<void> {
  await tx.db
    .insertInto('not_applicable')
    .values({
      id: newId(tx.now),
      service_id: judgement.serviceId,
      failure_class: judgement.failureClass,
      holds: judgement.applies ? 0 : 1,
      reason: judgement.reason,
      actor: actor.id,
      actor_name: actor.name,
      at: tx.now,
    })
    .execute()
}
