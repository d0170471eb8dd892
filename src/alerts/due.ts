import type { TimerHandler } from '../engine/timers.ts'
import { systemActor } from '../engine/world.ts'
import { applySilences } from './apply-silences.ts'
import { endSilenceIn } from './end-silence.ts'
import { SILENCE_BEGINS, SILENCE_ENDS } from './silence-timers.ts'

const actor = systemActor('alerts')

/** Silences that begin and end by themselves. */
export const alertTimers: Record<string, TimerHandler> = {
  [SILENCE_BEGINS]: (tx, world) => applySilences(tx, world, actor),
  [SILENCE_ENDS]: (tx, world, timer) =>
    endSilenceIn(tx, world, actor, {
      silenceId: (timer.payload as { silenceId: string }).silenceId,
      reason: 'time-came',
    }),
}
