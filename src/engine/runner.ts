import type { TravelClock } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import { listenerLoop } from './listeners.ts'
import type { Loop } from './loop.ts'
import { outboxLoop } from './outbox.ts'
import type { Room } from './room.ts'
import { timerLoop } from './timers.ts'
import type { World } from './world.ts'

/** All rooms' loops over one world. */
export interface Engine {
  loops: Loop[]
  /** Runs everything that is due now, until nothing more is; waits for deliveries. For tests and drills. */
  drain(): Promise<void>
  /** The earliest instant at which something is due, or null. */
  nextDueAt(): Promise<number | null>
  /** The clock has jumped, or nobody was here: each room takes it into account. */
  timeJumped?(ms: number): Promise<void>
}

function collect<H>(rooms: Room[], pick: (room: Room) => Record<string, H> | undefined): Map<string, H> {
  const all = new Map<string, H>()
  for (const room of rooms)
    for (const [kind, handler] of Object.entries(pick(room) ?? {})) {
      if (all.has(kind)) throw new Error(`two rooms handle "${kind}"`)
      all.set(kind, handler)
    }
  return all
}

/** Joins the rooms to one engine; nothing runs until it is driven. */
export function assembleEngine(world: World, rooms: Room[]): Engine {
  const loops: Loop[] = [
    listenerLoop(
      world,
      rooms.flatMap((room) => room.listeners ?? []),
    ),
    timerLoop(
      world,
      collect(rooms, (room) => room.timers),
    ),
    outboxLoop(
      world,
      collect(rooms, (room) => room.outbox),
    ),
    ...rooms.flatMap((room) => room.loops?.(world) ?? []),
  ]
  const earliest = async () => {
    const times = (await Promise.all(loops.map((loop) => loop.nextDueAt()))).filter((t) => t !== null)
    return times.length > 0 ? Math.min(...times) : null
  }
  return {
    loops,
    nextDueAt: earliest,
    async timeJumped(ms) {
      for (const room of rooms)
        try {
          await room.timeJumped?.(world, ms)
        } catch (error) {
          world.log.error({ room: room.name, error: reasonOf(error) }, 'a jump of the clock was not settled')
        }
    },
    async drain() {
      for (let quiet = false; !quiet; ) {
        quiet = true
        for (const loop of loops) {
          if ((await loop.runDue()) > 0) quiet = false
          await loop.settle?.()
        }
        if (quiet) {
          const next = await earliest()
          quiet = next === null || next > world.clock.now() || !(await progress(loops))
        }
      }
    },
  }
}

// Something may have become due while the loops before it ran.
async function progress(loops: Loop[]): Promise<boolean> {
  let did = 0
  for (const loop of loops) {
    did += await loop.runDue()
    await loop.settle?.()
  }
  return did > 0
}

/** Moves a travelled clock to `to`, stopping at every instant where something falls due. */
export async function travelTo(engine: Engine, clock: TravelClock, to: number): Promise<void> {
  await engine.drain()
  for (;;) {
    const due = await engine.nextDueAt()
    const next = Math.min(due ?? Infinity, clock.nextAt() ?? Infinity)
    // A loop that stays due without progress must not hold time still, nor carry it past its end.
    const at = next > clock.now() ? next : clock.now() + 1
    if (at > to) break
    clock.moveTo(at)
    await engine.drain()
  }
  clock.moveTo(to)
  await engine.drain()
}

export interface RunningEngine {
  stop(): Promise<void>
  /** When each loop last came round, for /healthz and the watchdog. */
  lastTurns(): Record<string, number>
}

// Also without a wake-up the loops look round this often: another replica may have written something.
const LONGEST_SLEEP = 1_000

// The loops come round each second. What is longer than this was no turn: the process was stopped or the machine
// asleep, or the clock was set.
const LONGEST_GAP = 30_000
const LONGEST_WAY_BACK = 5_000

/** Drives the engine on the world's clock until stopped: each loop by itself, so that none holds up another. */
export function runEngine(world: World, engine: Engine): RunningEngine {
  let stopped = false
  const wakers = new Set<() => void>()
  const turns: Record<string, number> = {}
  const wake = () => {
    for (const waker of [...wakers]) waker()
  }
  let cameRoundAt = world.clock.now()
  let settled: Promise<void> = Promise.resolve()
  // Whoever wakes first sees the gap; no loop judges anything before it has been settled.
  const settleGap = (): Promise<void> => {
    const now = world.clock.now()
    const passed = now - cameRoundAt
    cameRoundAt = now
    if (passed > LONGEST_GAP || passed < -LONGEST_WAY_BACK) {
      world.log.warn({ ms: passed }, 'the clock has jumped, or nobody was here for a while')
      settled = settled.then(() => engine.timeJumped?.(passed))
    }
    return settled
  }
  const unsubscribe = world.onCommit(wake)

  async function drive(loop: Loop): Promise<void> {
    while (!stopped) {
      let woken = false
      let rouse = () => {
        woken = true
      }
      const waker = () => rouse()
      wakers.add(waker)
      let did = 0
      let next: number | null = null
      try {
        await settleGap()
        did = await loop.runDue()
        next = await loop.nextDueAt()
      } catch (error) {
        world.log.error({ loop: loop.name, error: reasonOf(error) }, 'a loop failed and goes on')
      }
      turns[loop.name] = world.clock.now()
      if (did === 0 && !woken && !stopped) {
        const wait = Math.max(0, Math.min(LONGEST_SLEEP, next === null ? Infinity : next - world.clock.now()))
        await new Promise<void>((resolve) => {
          // A loop that claims to be due and does nothing must not spin.
          const cancel = world.clock.after(Math.max(wait, 5), resolve)
          rouse = () => {
            cancel()
            resolve()
          }
        })
      }
      // A busy loop over an in-process database never leaves the microtasks: requests must get their turn too.
      else await new Promise<void>((resolve) => setImmediate(resolve))
      wakers.delete(waker)
    }
  }

  const drives = engine.loops.map(drive)
  return {
    lastTurns: () => ({ ...turns }),
    async stop() {
      stopped = true
      wake()
      unsubscribe()
      await Promise.all(engine.loops.map((loop) => loop.stop?.()))
      await Promise.all(drives)
    },
  }
}
