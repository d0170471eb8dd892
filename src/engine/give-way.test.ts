import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'
import { createWorld } from './create-world.ts'
import { defineFact } from './facts.ts'
import type { Room } from './room.ts'
import { assembleEngine } from './runner.ts'
import { setTimer } from './timers.ts'
import { systemActor } from './world.ts'

const rang = defineFact<{ n: number }>('test.rang')
const actor = systemActor('test')
const MANY = 100

/** Works for three milliseconds without a pause, as a handful of statements with a commit does. */
function work(): void {
  for (const begin = performance.now(); performance.now() - begin < 3; );
}

/** Runs the loop of this name once and answers how many things it did, and how often others had their turn. */
async function turnsOf(loopName: string, room: Room, fill: 'facts' | 'timers') {
  const store = await openStore({ directory: ':memory:', now: 0 })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'one',
    publicUrl: 'http://x',
  })
  await world.transact(async (tx) => {
    for (let n = 0; n < MANY; n++)
      if (fill === 'facts') await rang.append(tx, world, { subject: 's', actor, data: { n } })
      else await setTimer(tx, { key: `t-${n}`, kind: 'test.tick', dueAt: 0 })
  })
  const loop = assembleEngine(world, [room]).loops.find(({ name }) => name === loopName)!
  let turns = 0
  let running = true
  const tick = () => {
    turns++
    if (running) setImmediate(tick)
  }
  setImmediate(tick)
  const did = await loop.runDue()
  running = false
  await store.close()
  return { did, turns }
}

// Three milliseconds a hundred times, and ten at most without a turn: thirty turns at least, with room to spare.
test('a hundred facts at once leave the process its turns', async () => {
  const hears = [{ type: rang.type, handle: async () => work() }]
  const { did, turns } = await turnsOf(
    'listeners',
    { name: 'test', listeners: [{ name: 'l', hears }] },
    'facts',
  )
  assert.equal(did, MANY)
  assert.ok(turns >= 10, `${turns} turns`)
})

test('a hundred timers at once leave the process its turns', async () => {
  const timers = { 'test.tick': async () => work() }
  const { did, turns } = await turnsOf('timers', { name: 'test', timers }, 'timers')
  assert.equal(did, MANY)
  assert.ok(turns >= 10, `${turns} turns`)
})
