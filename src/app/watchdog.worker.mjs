/**
 * The watchdog's thread sleeps until the program's turn has not moved for too long. Then it says so, and sends the
 * signs of life in its place: alive, and blocked. It is plain JavaScript and loads nothing before it is needed,
 * because a thread that reads TypeScript takes three times the memory.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/** @type {import('./watchdog.ts').WatchdogData} */
const { shared, instance, turnMs, blockedMs, everyMs, watchers } = workerData
const turns = new Int32Array(shared, 0, 1)

/** Standard error, past the program, which is the one that hangs; in the form of the log. */
function say(level, fields, msg) {
  writeSync(2, `${JSON.stringify({ level, ...fields, msg })}\n`)
}

/** Until the program moves again. */
async function bark(already) {
  const { LifeBoard } = await import('../engine/life/life-board.ts')
  const board = new LifeBoard(shared)
  board.add('blockedTimes')
  say(50, { blockedMs: already * turnMs }, 'the event loop does not move')
  const { BeatSender } = await import('./send-beats.ts')
  const { sleep, systemClock } = await import('../kit/clock.ts')
  const sender = new BeatSender(instance, board, () => {})
  const seen = Atomics.load(turns, 0)
  const between = Math.max(1, Math.round(everyMs / turnMs))
  for (let still = already; Atomics.load(turns, 0) === seen; still++) {
    board.set('blockedMs', still * turnMs)
    if (board.get('blockedLongestMs') < still * turnMs) board.set('blockedLongestMs', still * turnMs)
    // Not waited for: a watcher that hangs must not hide that the program moves again.
    if ((still - already) % between === 0) void sender.send(watchers)
    await sleep(systemClock, turnMs)
  }
  board.set('blockedMs', 0)
  say(30, { longestMs: board.get('blockedLongestMs') }, 'the event loop moves again')
}

let seen = Atomics.load(turns, 0)
for (let still = 0; ; ) {
  // Slices are counted, not time: in a process that was stopped as a whole nobody was blocked.
  Atomics.wait(turns, 0, seen, turnMs)
  const now = Atomics.load(turns, 0)
  still = now === seen ? still + 1 : 0
  seen = now
  if (still * turnMs > blockedMs) {
    await bark(still)
    seen = Atomics.load(turns, 0)
    still = 0
  }
}
