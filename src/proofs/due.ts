import { cancelTimer, findTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { MINUTE } from '../kit/duration.ts'
import { type Drill, findDrill } from './drill.rows.ts'
import type { Cause } from './drill.ts'
import { EVIDENCE_EXPIRES, evidenceExpires } from './give-proof.ts'
import { askRun } from './run-drill.ts'
import { settleStaleIn } from './settle-action.ts'

const DRILL_DUE = 'proofs.drill-due'

/** How long after a change of the configuration the drills of a monitor are played again. */
export const SOON = MINUTE

export const dueKey = (drillId: string) => `proofs.drill:${drillId}`

interface DuePayload {
  drillId: string
  cause: Cause
}

/** Sets the timer of a recurring drill to one period from now; takes it back where it does not recur. */
export async function scheduleDrill(tx: Tx, drill: Pick<Drill, 'id' | 'everyMs'>): Promise<void> {
  if (drill.everyMs === null) return cancelTimer(tx, dueKey(drill.id))
  const payload: DuePayload = { drillId: drill.id, cause: 'schedule' }
  await setTimer(tx, { key: dueKey(drill.id), kind: DRILL_DUE, dueAt: tx.now + drill.everyMs, payload })
}

/** Plays a drill again soon, unless it is due even sooner: a weakened monitor must not stay unnoticed. */
export async function hurryDrill(tx: Tx, drill: Drill): Promise<void> {
  const set = await findTimer(tx.db, dueKey(drill.id))
  const dueAt = tx.now + SOON
  if (set && set.dueAt <= dueAt) return
  const payload: DuePayload = { drillId: drill.id, cause: 'configuration-changed' }
  await setTimer(tx, { key: dueKey(drill.id), kind: DRILL_DUE, dueAt, payload })
}

const drillDue: TimerHandler = async (tx, world: World, timer) => {
  const { drillId, cause } = timer.payload as DuePayload
  const drill = await findDrill(tx.db, drillId)
  // A replica has the timers of the live configuration; drills within drills would never end.
  if (!drill || world.drill !== null) return
  await askRun(tx, world, systemActor('proofs'), drill, cause)
  await settleStaleIn(tx, world, drill)
  await scheduleDrill(tx, drill)
}

/** The timers of this room. */
export const proofsTimers: Record<string, TimerHandler> = {
  [DRILL_DUE]: drillDue,
  [EVIDENCE_EXPIRES]: evidenceExpires,
}
