/** What each answer of the agent does to a real HAProxy, and what it leaves alone. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type RunningHaproxy, startHaproxy } from '../../../test/harness/haproxy.ts'
import { needs } from '../../../test/harness/needs.ts'
import { until } from '../../../test/harness/tocsin.ts'
import { systemClock } from '../../kit/clock.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { type MonitorsWorld, openMonitorsWorld } from '../world-for-tests.ts'
import { type PoolAgent, startPoolAgent } from './agent.ts'
import type { MemberSight } from './pool.ts'

const NAMES = ['a', 'b', 'c', 'd']

describe('a real HAProxy that asks the agent', needs('haproxy'), () => {
  let store: Store
  let tocsin: MonitorsWorld
  let agent: PoolAgent
  let haproxy: RunningHaproxy
  let node: Server
  const listen = (port = 0) =>
    startPoolAgent({ ...tocsin.world, clock: systemClock }, { host: '127.0.0.1', port })
  const start = () => {
    const { port } = node.address() as { port: number }
    const asks = (name: string) =>
      `check inter 200ms agent-check agent-addr 127.0.0.1 agent-port ${agent.port} agent-inter 100ms agent-send "ts/${name}\\n"`
    return startHaproxy(
      // The last is a server of which Tocsin knows nothing.
      [...NAMES, 'stranger'].map((name) => ({ name, host: '127.0.0.2', port, options: asks(name) })),
    )
  }
  const configure = (drain: object = {}) =>
    tocsin.configure({
      monitors: {
        ts: {
          service: 'ts',
          type: 'pool',
          every: '10s',
          check: { type: 'tcp', target: 'ts.example.org:3389' },
          members: NAMES.map((name) => ({ name, address: '127.0.0.2' })),
          drain: { after: 1, returnAfter: 1, ...drain },
        },
      },
    })
  const sees = async (letters: string) => {
    const members = [...letters].map((letter, i): MemberSight => {
      const verdict = letter === 'g' ? 'up' : 'down'
      return {
        member: NAMES[i]!,
        address: 'x',
        verdict,
        reason: `certificate.${verdict}`,
        summary: '',
        tookMs: 1,
      }
    })
    tocsin.sees.set('ts', {
      verdict: 'up',
      reason: 'ok',
      summary: '',
      tookMs: 1,
      values: {},
      details: { members },
    })
    await tocsin.travel(10_000)
  }
  const shows = (...status: string[]) => {
    const what = [...NAMES, 'stranger'].map((name, i) => `${name}=${status[i] ?? 'UP'}`).join(' ')
    return until(`HAProxy shows ${what}`, 10_000, async () => (await haproxy.shown()) === what)
  }
  const while_ = async (ms: number, ...status: string[]) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    await shows(...status)
  }

  before(async () => {
    store = await openStore({ directory: ':memory:', now: 0 })
    tocsin = openMonitorsWorld(store)
    node = createServer((socket) => socket.on('error', () => {}).end())
    await new Promise<void>((resolve) => void node.listen(0, '127.0.0.2', resolve))
    agent = await listen()
    await configure()
    await sees('gggg')
    haproxy = await start()
  })
  after(async () => {
    await haproxy.stop()
    await agent.close()
    node.close()
    await store.close()
  })

  test('drains and returns, and leaves the others and the unknown alone', async () => {
    await shows()
    await sees('gggr')
    await shows('UP', 'UP', 'UP', 'DRAIN')
    await sees('gggg')
    await shows()
  })

  test('goes on as it was while the agent is away, however long', async () => {
    await sees('gggr')
    await shows('UP', 'UP', 'UP', 'DRAIN')
    const { port } = agent
    await agent.close()
    await sees('gggg')
    await while_(700, 'UP', 'UP', 'UP', 'DRAIN')
    agent = await listen(port)
    await shows()
  })

  test('is told again when it is started anew', async () => {
    await sees('rggg')
    await shows('DRAIN')
    await haproxy.stop()
    haproxy = await start()
    await shows('DRAIN')
    await sees('gggg')
    await shows()
  })

  test('"down" takes the member away at once, and is taken back as well', async () => {
    await configure({ tell: 'down' })
    await sees('grgg')
    await shows('UP', 'DOWN')
    assert.match((await haproxy.servers()).get('b')!.last_agt!, /certificate\.down/)
    await sees('gggg')
    await shows()
  })

  test('a "down" that has become a "drain" meanwhile is taken back too', async () => {
    await configure({ tell: 'down' })
    await sees('ggrg')
    await shows('UP', 'UP', 'DOWN')
    await configure({ tell: 'drain' })
    await sees('ggrg')
    await shows('UP', 'UP', 'DRAIN')
    await sees('gggg')
    await shows()
  })

  test('what people did by hand stands: a member that we never drained is never made ready', async () => {
    const haproxyStarted = start()
    await haproxy.stop()
    haproxy = await haproxyStarted
    await configure()
    // Of these nothing was ever said; d was drained and returned above, and its time of `ready` may still run.
    await store.transaction(async (db) => {
      await db.deleteFrom('pool_members').execute()
    })
    await sees('gggg')
    await shows()
    await haproxy.say('set server pool/a state drain')
    await haproxy.say('set server pool/b state maint')
    await haproxy.say('set weight pool/c 10%')
    await while_(600, 'DRAIN', 'MAINT')
    assert.equal((await haproxy.servers()).get('c')!.weight, '0')
  })
})
