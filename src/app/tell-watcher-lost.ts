import { openAlertIn, resolveAlertIn } from '../alerts/index.ts'
import { systemActor, type World } from '../engine/world.ts'
import { reasonOf } from '../kit/errors.ts'

const actor = systemActor('engine')

/** Opens an alert when a watcher takes no sign of life, since then nobody would notice our own end; or resolves it. */
export async function tellWatcherLost(world: World, origin: string, lost: boolean): Promise<void> {
  const dedupKey = `engine:watcher:${origin}`
  try {
    await world.transact(async (tx) => {
      if (!lost) return resolveAlertIn(tx, world, actor, { dedupKey, reason: 'recovered' })
      return openAlertIn(tx, world, actor, {
        dedupKey,
        title: `The watcher ${origin} does not take our signs of life`,
        summary: `For five minutes it has answered nothing, or has refused. Should this Tocsin end now, it would not notice.`,
        severity: 'warning',
        reason: 'watcher.lost',
        serviceId: null,
        monitorId: null,
        source: 'engine',
      })
    })
  } catch (error) {
    world.log.error({ error: reasonOf(error), origin }, 'that a watcher is lost could not be told')
  }
}
