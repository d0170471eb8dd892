import { openAlertIn, resolveAlertIn } from '../alerts/index.ts'
import type { LifeConfig } from '../engine/life/config.ts'
import { systemActor, type World } from '../engine/world.ts'
import { reasonOf } from '../kit/errors.ts'
import { type CanaryResult, runCanary } from './run-canary.ts'

type CanarySettings = LifeConfig['canary']

export interface CanaryFigures {
  runs: number
  missed: number
  /** Of the last one; null when it was missed. */
  lastTookMs: number | null
}

export interface Canary {
  follow(settings: CanarySettings): void
  figures(): CanaryFigures | null
  stop(): Promise<void>
}

const KEY = 'engine:canary'
const actor = systemActor('engine')

/** Lets a canary fail every so often, and opens an alert when nobody would have been told of it. */
export function keepCanary(
  world: World,
  settings: CanarySettings,
  run: (within: number) => Promise<CanaryResult> = runCanary,
): Canary {
  const figures: CanaryFigures = { runs: 0, missed: 0, lastTookMs: null }
  let now = settings
  let cancel = () => {}
  let flying: Promise<void> = Promise.resolve()
  let stopped = false

  async function fly(within: number): Promise<void> {
    const result = await run(within).catch(
      (error): CanaryResult => ({ noticed: false, reached: 'nothing', why: reasonOf(error) }),
    )
    if (stopped) return
    figures.runs++
    figures.lastTookMs = result.noticed ? result.tookMs : null
    if (!result.noticed) figures.missed++
    try {
      await world.transact(async (tx) => {
        if (result.noticed) return resolveAlertIn(tx, world, actor, { dedupKey: KEY, reason: 'recovered' })
        return openAlertIn(tx, world, actor, {
          dedupKey: KEY,
          title: 'The canary failed and nobody would have been told',
          summary: `A failure that was made on purpose came as far as: ${result.reached}. ${result.why}.`,
          severity: 'critical',
          reason: 'canary.not-noticed',
          serviceId: null,
          monitorId: null,
          source: 'engine',
        })
      })
    } catch (error) {
      world.log.error({ error: reasonOf(error), result }, 'what became of the canary could not be recorded')
    }
  }

  function plan(): void {
    cancel()
    if (stopped || !now) return
    const { every, within } = now
    cancel = world.clock.after(every, () => {
      flying = fly(within).finally(plan)
    })
  }
  plan()
  return {
    follow(next) {
      if (JSON.stringify(next) === JSON.stringify(now)) return
      now = next
      plan()
    },
    figures: () => (now ? { ...figures } : null),
    async stop() {
      stopped = true
      cancel()
      await flying
    },
  }
}
