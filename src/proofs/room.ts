import type { Room } from '../engine/room.ts'
import type { StartDisposable } from './disposable.ts'
import type { ReachPerson } from './drills/kind.ts'
import { proofsTimers } from './due.ts'
import { proofsListener } from './listens.ts'
import { drillPlayer } from './play-drill.ts'
import type { ComposeReplica } from './replica.ts'
import { RUN_DRILL } from './run-drill.ts'

/** The room as the engine sees it. The application hands in how a replica of itself is composed. */
export function proofsRoom({
  composeReplica,
  reach = null,
  startDisposable = null,
}: {
  composeReplica: ComposeReplica
  reach?: ReachPerson | null
  startDisposable?: StartDisposable | null
}): Room {
  return {
    name: 'proofs',
    listeners: [proofsListener],
    timers: proofsTimers,
    outbox: { [RUN_DRILL]: drillPlayer({ composeReplica, reach, startDisposable }) },
  }
}
