import type { Loop } from '../engine/loop.ts'
import type { World } from '../engine/world.ts'
import { MINUTE } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { latestSnapshot } from './public-page.rows.ts'
import { writePage } from './publish-page.ts'
import { standingSnapshot } from './write-files.ts'

/**
 * Brings this process's public directory up to date when another one published: the outbox hands a publication
 * to one process, and each serves the page from a disk of its own.
 */
export function mirrorLoop(world: World, publicDirectory: string): Loop {
  // What this process wrote itself, so that the disk is looked at only when somebody else has published.
  let known: string | null = null
  let retryAt = 0

  async function missing(): Promise<string | null> {
    if (world.drill) return null
    const latest = await latestSnapshot(world.store.read)
    if (!latest || latest.id === known) return null
    const standing = await standingSnapshot(publicDirectory)
    // A newer set may stand here already, whose publication is not recorded yet.
    if (standing !== null && standing >= latest.id) {
      known = latest.id
      return null
    }
    return latest.id
  }

  return {
    name: 'comms-mirror',
    async nextDueAt() {
      return (await missing()) === null ? null : Math.max(retryAt, world.clock.now())
    },
    async runDue() {
      if (retryAt > world.clock.now()) return 0
      const id = await missing()
      if (id === null) return 0
      try {
        await writePage(world, publicDirectory, id)
        known = id
        retryAt = 0
        return 1
      } catch (error) {
        world.log.error({ error: reasonOf(error) }, 'the public page could not be written here')
        retryAt = world.clock.now() + MINUTE
        return 0
      }
    },
  }
}
