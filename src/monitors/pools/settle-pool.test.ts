import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { systemClock } from '../../kit/clock.ts'
import type { Store } from '../../store/store.ts'
import type { Observation } from '../observation.ts'
import { type MonitorsWorld, openMonitorsWorld } from '../world-for-tests.ts'
import { type PoolAgent, startPoolAgent } from './agent.ts'
import { askMember } from './ask-member.ts'
import type { MemberSight } from './pool.ts'
import { membersOfPool } from './pool-members.rows.ts'

const entry = (more = {}) => ({
  service: 'ts',
  type: 'pool',
  every: '10s',
  retryEvery: '10s',
  members: ['a', 'b', 'c', 'd'].map((name, i) => ({ name, address: `127.0.0.${i + 2}` })),
  check: { type: 'tcp', target: 'ts.example.org:3389' },
  ...more,
})

/** What a check of the pool says, one letter for each member. */
function pool(letters: string): Observation {
  const members = [...letters].map((letter, i): MemberSight => {
    const verdict = ({ g: 'up', r: 'down', '?': 'unknown' } as const)[letter]!
    return {
      member: 'abcd'[i]!,
      address: `127.0.0.${i + 2}:3389`,
      verdict,
      reason: `is-${verdict}`,
      summary: `seen ${verdict}`,
      tookMs: 1,
    }
  })
  return { verdict: 'up', reason: 'ok', summary: 'seen', tookMs: 1, values: {}, details: { members } }
}

onEveryStore('what is decided about a pool', (under) => {
  let store: Store
  let tocsin: MonitorsWorld
  before(async () => {
    store = await under.open()
    tocsin = openMonitorsWorld(store)
    await tocsin.configure({ monitors: { ts: entry() } })
    tocsin.sees.set('ts', pool('gggg'))
    await tocsin.travel(30_000)
    await tocsin.facts('none')
  })
  after(() => store.close())
  const rounds = async (letters: string, count: number) => {
    tocsin.sees.set('ts', pool(letters))
    await tocsin.travel(count * 10_000)
  }
  const states = async () => (await membersOfPool(store.read, 'ts')).map(({ state }) => state[0]).join('')
  const lineOf = async (member: string) => (await askMember(tocsin.world, 'ts', member))?.line

  test('is told as facts, answered to whoever asks, and outlives the process', async () => {
    assert.equal(await lineOf('d'), 'up')
    await rounds('gggr', 2)
    assert.equal(await states(), 'iiii')
    await rounds('gggr', 1)
    assert.equal(await states(), 'iiid')
    const [fact] = await tocsin.facts<Record<string, unknown>>('pool.member-drained')
    assert.deepEqual(fact!.data, {
      monitorId: 'ts',
      serviceId: 'ts',
      member: 'd',
      address: '127.0.0.5:3389',
      cause: 'bad-in-a-row',
      reason: 'is-down',
      summary: 'seen down',
      inPool: 3,
      members: 4,
    })
    assert.equal(await lineOf('d'), 'up drain')
    const another = openMonitorsWorld(store, { instance: 'two', clock: tocsin.clock })
    assert.equal((await askMember(another.world, 'ts', 'd'))?.line, 'up drain')
    assert.equal(await askMember(another.world, 'ts', 'e'), null)
  })

  test('stays when all go red at once, which is told once', async () => {
    await rounds('rrrr', 6)
    assert.equal(await states(), 'iiid')
    const held = await tocsin.facts<{ members: { member: string; cause: string }[]; inPool: number }>(
      'pool.floor-held',
    )
    assert.deepEqual(
      held.map(({ data }) => [data.members.map(({ member, cause }) => `${member} ${cause}`), data.inPool]),
      [[['a none-is-well', 'b none-is-well', 'c none-is-well'], 3]],
    )
  })

  test('is taken back after good checks, and ready is said until it was heard and a while longer', async () => {
    await rounds('gggg', 4)
    assert.equal(await states(), 'iiid')
    await rounds('gggg', 1)
    assert.equal(await states(), 'iiii')
    const [fact] = await tocsin.facts<{ member: string; cause: string }>('pool.member-returned')
    assert.deepEqual([fact!.data.member, fact!.data.cause], ['d', 'good-in-a-row'])
    await rounds('gggg', 100)
    // Nobody has asked since: it is still to be said.
    assert.equal(await lineOf('d'), 'up ready')
    await rounds('gggg', 59)
    assert.equal(await lineOf('d'), 'up ready')
    await rounds('gggg', 2)
    assert.equal(await lineOf('d'), 'up')
    assert.equal(await lineOf('a'), 'up')
  })

  test('a calm pool is written no more', async () => {
    const versions = async () => (await membersOfPool(store.read, 'ts')).map(({ version }) => version)
    const calm = await versions()
    await rounds('gggg', 20)
    assert.deepEqual(await versions(), calm)
  })

  test('is undone when the monitor is switched off, and when it is removed', async () => {
    for (const config of [{ ts: entry({ enabled: false }) }, {}]) {
      await tocsin.configure({ monitors: { ts: entry() } })
      await rounds('ggrr', 4)
      assert.equal(await states(), 'iidd')
      assert.equal(await lineOf('d'), 'up drain')
      await tocsin.facts('none')
      await tocsin.configure({ monitors: config })
      assert.equal(await lineOf('d'), 'up ready')
      const told = await tocsin.facts<{ member: string; cause: string }>('pool.member-returned')
      assert.deepEqual(
        told.map(({ data }) => `${data.member} ${data.cause}`),
        ['c decides-no-more', 'd decides-no-more'],
      )
    }
  })

  test('a pool that tells "down" names the reason in one word', async () => {
    await tocsin.configure({ monitors: { ts: entry({ drain: { tell: 'down' } }) } })
    await rounds('gggr', 4)
    assert.equal(await lineOf('d'), 'down #is-down')
  })
})

describe('the agent', () => {
  let agent: PoolAgent
  let failing = false
  const lines = { 'ts/a': 'up', 'ts/d': 'up drain' }
  const row = {
    cause: 'member-from-the-start',
    reason: 'ok',
    tell: 'drain',
    since: 0,
    told_at: null,
    monitor_id: 'ts',
  }
  before(async () => {
    const query = (wanted: string[] = []) => ({
      selectAll: () => query(wanted),
      where: (_: string, __: string, value: string) => query([...wanted, value]),
      async executeTakeFirst() {
        if (failing) throw new Error('the database is away')
        const member = wanted[1]!
        if (!(`${wanted[0]}/${member}` in lines)) return undefined
        return { ...row, member, state: member === 'd' ? 'drained' : 'in' }
      },
    })
    const world = {
      clock: systemClock,
      log: { warn() {}, error() {} },
      store: { read: { selectFrom: () => query() } },
    }
    agent = await startPoolAgent(world as never, { host: '127.0.0.1', port: 0 })
  })
  after(() => agent.close())

  function ask(sent: string | Buffer, end = false): Promise<string> {
    return new Promise((resolve) => {
      let heard = ''
      const socket = connect(agent.port, '127.0.0.1', () => (end ? socket.end(sent) : socket.write(sent)))
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.on('close', () => resolve(heard))
    })
  }

  test('answers one line to one question', async () => {
    assert.equal(await ask('ts/a\n'), 'up\n')
    assert.equal(await ask('ts/d\r\n'), 'up drain\n')
    assert.equal(await ask('ts/d', true), 'up drain\n')
    assert.equal(await ask('ts/d\nts/a\nmore'), 'up drain\n')
  })

  test('says nothing to what it does not know or cannot read, nor without its database', async () => {
    for (const sent of [
      'ts/z\n',
      'no/a\n',
      '\n',
      'ts\n',
      '/\n',
      'ts/\n',
      '../a\n',
      `ts/${'a'.repeat(9_000)}\n`,
      'x'.repeat(100_000),
    ])
      assert.equal(await ask(sent), '', sent.slice(0, 20))
    failing = true
    assert.equal(await ask('ts/d\n'), '')
    failing = false
  })

  test('thousands of random questions neither break nor stop it', async () => {
    const { randomBytes } = await import('node:crypto')
    for (let i = 0; i < 40; i++)
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const bytes = randomBytes(Math.floor(Math.random() * 400))
          const text =
            Math.random() < 0.5 ? Buffer.concat([Buffer.from('ts/x'), bytes, Buffer.from('\n')]) : bytes
          assert.equal(await ask(text, true), '')
        }),
      )
    assert.equal(await ask('ts/d\n'), 'up drain\n')
  })
})
