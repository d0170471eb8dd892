import { Worker } from 'node:worker_threads'
import type { LifeConfig } from '../engine/life/config.ts'
import { LifeBoard, TURN } from '../engine/life/life-board.ts'
import { sleep, systemClock } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import type { Log } from '../kit/log.ts'
import { notifySystemd } from './notify-systemd.ts'
import { BeatSender, type Watcher } from './send-beats.ts'

/** What the watchdog's thread is given at its start. */
export interface WatchdogData {
  shared: SharedArrayBuffer
  instance: string
  turnMs: number
  blockedMs: number
  everyMs: number
  watchers: Watcher[]
}

/** What the program says of itself. */
export interface LifeFigures {
  done: number
  expected: number
  cursor: number
  alertsOpen: number
  /** When each loop of the engine last came round. */
  lastTurns: Record<string, number>
}

export interface Watchdog {
  board: LifeBoard
  /** Another configuration is in force. */
  follow(config: LifeConfig): Promise<void>
  /** From now on it does its work. */
  ready(): void
  /** Says goodbye and ends. */
  stop(): Promise<void>
}

// What costs a query is asked for less often than the turn moves.
const FIGURES_EVERY = 8
// Without a loop of the engine coming round for this long there is no progress.
const ENGINE_PATIENCE = 60_000
const GOODBYE_PATIENCE = 2_000
// A watcher that is restarted is no news.
const WATCHER_PATIENCE = 300_000

/** Starts the turn, the thread that looks whether it moves, and the signs of life to systemd and to the watchers. */
export function startWatchdog(options: {
  instance: string
  config: LifeConfig
  env: Record<string, string | undefined>
  log: Log
  figures: () => Promise<LifeFigures>
  /** A watcher has taken nothing for too long, or takes it again. */
  watcherLost?: (origin: string, lost: boolean) => void
}): Watchdog {
  const { instance, env, figures, log, watcherLost } = options
  let config = options.config
  const board = new LifeBoard()
  const unreached = new Set<string>()
  // In turns of ours, by address: since when a watcher takes nothing, and whether that was told.
  const lost = new Map<string, { turn: number; told: boolean }>()
  const sender = new BeatSender(instance, board, ({ url }, sent, why) => {
    board.add(sent === 'taken' ? 'beatsTaken' : sent === 'lost' ? 'beatsLost' : 'beatsRefused')
    const watcher = new URL(url).origin
    if (sent === 'taken') {
      if (lost.get(url)?.told) watcherLost?.(watcher, false)
      lost.delete(url)
    } else if (!lost.has(url)) lost.set(url, { turn: turns, told: false })
    if (sent === 'taken' && unreached.delete(url)) log.warn({ watcher }, 'the watcher answers again')
    if (sent === 'taken' || unreached.has(url)) return
    unreached.add(url)
    log.error({ watcher, why }, 'a watcher does not take the sign of life')
  })
  const systemd = notifySystemd(env, () => board.add('notified'))

  const guard = () => {
    const { watchers, watchdog } = config
    const workerData: WatchdogData = {
      shared: board.shared,
      instance,
      turnMs: TURN,
      blockedMs: watchdog.blocked,
      everyMs: watchdog.every,
      watchers,
    }
    const worker = new Worker(new URL('watchdog.worker.mjs', import.meta.url), { workerData })
    worker.on('error', (error) => log.error({ error: reasonOf(error) }, 'the watchdog broke'))
    worker.unref()
    return worker
  }
  let worker = guard()

  let running = false
  let stopped = false
  let turns = 0
  let asking = false
  let toldSystemdAt = 0
  let loops: Record<string, number> = {}
  // In turns of ours: a clock that jumps makes no loop old.
  const moved = new Map<string, { at: number; turn: number }>()
  const engineAge = () => {
    let oldest = turns
    for (const [name, at] of Object.entries(loops)) {
      if (moved.get(name)?.at !== at) moved.set(name, { at, turn: turns })
      oldest = Math.min(oldest, moved.get(name)!.turn)
    }
    return (turns - oldest) * TURN
  }
  const ask = () => {
    asking = true
    figures()
      .then(({ lastTurns, ...seen }) => {
        for (const [name, value] of Object.entries(seen)) board.set(name as keyof typeof seen, value)
        loops = lastTurns
      })
      // A store that does not answer shows in figures that stand still.
      .catch(() => {})
      .finally(() => {
        asking = false
      })
  }
  const turn = () => {
    if (stopped) return
    systemClock.after(TURN, turn)
    board.turn()
    if (turns++ % FIGURES_EVERY === 0 && !asking) ask()
    board.set('engineAgeMs', engineAge())
    for (const [url, since] of lost) {
      if (since.told || (turns - since.turn) * TURN < WATCHER_PATIENCE) continue
      since.told = true
      watcherLost?.(new URL(url).origin, true)
    }
    if (running && turns % Math.max(1, Math.round(config.watchdog.every / TURN)) === 0)
      void sender.send(config.watchers)
    const progress = running && board.get('engineAgeMs') < ENGINE_PATIENCE
    if (systemd.every > 0 && progress && (turns - toldSystemdAt) * TURN >= systemd.every) {
      toldSystemdAt = turns
      systemd.tell('WATCHDOG=1')
    }
  }
  turn()
  return {
    board,
    async follow(next) {
      config = next
      // Those that are no longer named are missed by nobody.
      for (const [url, { told }] of lost) {
        if (next.watchers.some((watcher) => watcher.url === url)) continue
        if (told) watcherLost?.(new URL(url).origin, false)
        lost.delete(url)
      }
      await worker.terminate()
      worker = guard()
      void sender.send(config.watchers)
    },
    ready() {
      running = true
      systemd.tell('READY=1')
      void sender.send(config.watchers)
    },
    async stop() {
      running = false
      board.set('stopping', 1)
      systemd.tell('STOPPING=1')
      // A watcher that does not answer holds up no end.
      await Promise.race([sender.send(config.watchers), sleep(systemClock, GOODBYE_PATIENCE)])
      stopped = true
      await worker.terminate()
    },
  }
}
