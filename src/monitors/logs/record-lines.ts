import { giveWay } from '../../engine/give-way.ts'
import type { Tx, World } from '../../engine/world.ts'
import { DAY } from '../../kit/duration.ts'
import { GroupCommit } from '../group-commit.ts'
import { sliceOf, sorterOf, withSample } from '../kinds/log/count-lines.rules.ts'
import type { LogSpec } from '../kinds/log/index.ts'
import { parsePushed } from '../kinds/log/parse-pushed.rules.ts'
import type { Monitor } from '../monitor.ts'
import { monitorsWithPingKeys } from '../monitors.rows.ts'
import { addPushed, type Pushed } from './pushes.rows.ts'

/** What a push of lines is answered: how many lines were taken, or null where nobody listens under the key. */
export type LinesAnswer = { lines: number } | null

const MOST_AT_ONCE = 200
const KEEP = 2 * DAY
const GIVE_WAY_EVERY = 500
const groups = new WeakMap<World, GroupCommit<Pushed, undefined>>()

/** Counts pushed lines for every log monitor with this key; durable when the answer is there. */
export async function recordLines(world: World, key: string, body: string): Promise<LinesAnswer> {
  const monitors = (await monitorsWithPingKeys(world.store.read, [key], 'log')).filter(
    ({ enabled }) => enabled,
  )
  if (monitors.length === 0) return null
  const lines = parsePushed(body)
  if (lines.length === 0) return { lines: 0 }
  const group = groups.get(world) ?? new GroupCommit(world, MOST_AT_ONCE, store)
  groups.set(world, group)
  const now = world.clock.now()
  const counted: Pushed[] = []
  for (const monitor of monitors) counted.push(await count(monitor, lines, now))
  await Promise.all(counted.map((one) => group.add(one)))
  return { lines: lines.length }
}

async function count(monitor: Monitor, lines: readonly string[], now: number): Promise<Pushed> {
  const spec = monitor.spec as LogSpec
  const sort = sorterOf(spec)
  const slice = sliceOf(spec.within)
  const at = Math.floor(now / slice) * slice
  const pushed: Pushed = {
    monitorId: monitor.id,
    at,
    lines: lines.length,
    matched: 0,
    wanted: 0,
    lastLineAt: now,
    lastWantedAt: null,
    samples: [],
  }
  for (const [index, line] of lines.entries()) {
    if (index % GIVE_WAY_EVERY === 0) await giveWay()
    const { matched, wanted } = sort(line)
    if (wanted) {
      pushed.wanted++
      pushed.lastWantedAt = now
    }
    if (!matched) continue
    pushed.matched++
    pushed.samples = withSample(pushed.samples, line)
  }
  return pushed
}

async function store(tx: Tx, pushes: Pushed[]): Promise<undefined[]> {
  for (const pushed of pushes) await addPushed(tx.db, pushed, tx.now - KEEP)
  return pushes.map(() => undefined)
}
