import type { Clock, Millis } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import type { CheckContext, MonitorKind } from './kinds/kind.ts'
import { isOwnReason, OWN_REASONS } from './net/failure.ts'
import type { Observation } from './observation.ts'

/** Reasons that the keeper of the deadline gives, beside those of the kind. */
export const KEEPER_REASONS = ['check.overran', 'check.crashed', ...OWN_REASONS] as const

export interface CheckOptions extends Partial<Pick<CheckContext, 'memory' | 'monitorId' | 'read'>> {
  clock: Clock
  deadlineMs: Millis
}

/**
 * Runs one check and always answers: the deadline is kept from outside, so that a check that ignores it delays
 * nobody. An exception is our bug, and the verdict is unknown, since nothing was learned of the target.
 */
export async function checkOnce<Spec>(
  kind: MonitorKind<Spec>,
  spec: Spec,
  { clock, deadlineMs, memory = null, monitorId = null, read = null }: CheckOptions,
): Promise<Observation> {
  if (!kind.check) throw new Error(`the kind ${kind.kind} hears and does not check`)
  const started = clock.now()
  const ours = (reason: (typeof KEEPER_REASONS)[number], summary: string): Observation => ({
    verdict: 'unknown',
    reason,
    summary,
    tookMs: clock.now() - started,
    values: {},
  })
  const controller = new AbortController()
  let cancel = () => {}
  const overrun = new Promise<Observation>((resolve) => {
    cancel = clock.after(deadlineMs, () => {
      controller.abort()
      // A good check answers the signal at once and knows which step was slow; the others lose their turn.
      setImmediate(() =>
        setImmediate(() =>
          resolve(ours('check.overran', 'the check did not end at its deadline and was left behind')),
        ),
      )
    })
  })
  try {
    const { signal } = controller
    const checked = kind.check(spec, { clock, signal, memory, monitorId, read })
    return withoutBlame(await Promise.race([checked, overrun]))
  } catch (error) {
    return ours('check.crashed', `the check itself broke: ${reasonOf(error)}`)
  } finally {
    cancel()
    controller.abort()
  }
}

// Our own trouble is no news of the target, whatever a kind makes of a failed step.
function withoutBlame(seen: Observation): Observation {
  return isOwnReason(seen.reason) && seen.verdict !== 'up' ? { ...seen, verdict: 'unknown' } : seen
}
