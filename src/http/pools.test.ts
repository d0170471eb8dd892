import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { startHaproxy } from '../../test/harness/haproxy.ts'
import { needs } from '../../test/harness/needs.ts'
import { until } from '../../test/harness/tocsin.ts'
import { type MonitorsWorld, openMonitorsWorld } from '../monitors/world-for-tests.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

describe('pools over HTTP', () => {
  let store: Store
  let tocsin: MonitorsWorld
  let desk: Desk
  before(async () => {
    store = await openStore({ directory: ':memory:', now: 0 })
    tocsin = openMonitorsWorld(store)
    desk = await openDesk({ world: tocsin.world })
    await tocsin.configure({
      monitors: {
        ts: {
          service: 'ts',
          type: 'pool',
          every: '10s',
          check: { type: 'tcp', target: 'ts.example.org:3389' },
          members: ['ts01', 'ts02', 'ts03'].map((name, i) => ({ name, address: `127.0.0.${i + 2}` })),
        },
        plain: { service: 'ts', type: 'tcp', target: '127.0.0.1:1' },
      },
    })
  })
  after(async () => {
    await desk.close()
    await store.close()
  })
  const sees = async (rounds: number, ...verdicts: ('up' | 'down')[]) => {
    const members = verdicts.map((verdict, i) => ({
      member: `ts0${i + 1}`,
      address: `127.0.0.${i + 2}:3389`,
      verdict,
      reason: verdict === 'up' ? 'ok' : 'connect.refused',
      summary: 'as seen',
      tookMs: 1,
    }))
    const seen = { verdict: 'up' as const, reason: 'ok', summary: '', tookMs: 1, values: {} }
    tocsin.sees.set('ts', { ...seen, details: { members } })
    await tocsin.travel(rounds * 10_000)
  }

  test('a pool shows who takes users, and why', async () => {
    await sees(4, 'up', 'up', 'down')
    const { items } = (await desk.call('viewer', 'GET', '/api/v1/pools')).json()
    assert.equal(items.length, 1)
    const pool = (await desk.call('viewer', 'GET', '/api/v1/pools/ts')).json()
    assert.deepEqual(pool, items[0])
    assert.deepEqual([pool.id, pool.inPool, pool.drained], ['ts', 2, 1])
    const { since, ...third } = pool.members[2]
    assert.match(since, /^2026-01-05T09:00:\d\d/)
    assert.deepEqual(third, {
      member: 'ts03',
      address: '127.0.0.4:3389',
      state: 'drained',
      cause: 'bad-in-a-row',
      held: null,
      badInARow: 3,
      goodInARow: 0,
      verdict: 'down',
      reason: 'connect.refused',
      summary: 'as seen',
    })
    for (const id of ['plain', 'nothing'])
      assert.equal((await desk.call('viewer', 'GET', `/api/v1/pools/${id}`)).statusCode, 404)
  })

  test('one member answers 200 or 503 to who has a token', async () => {
    const ask = async (path: string, role: 'viewer' | null = 'viewer') => {
      const { statusCode, body } = await desk.call(role, 'GET', path)
      return [statusCode, statusCode === 404 || statusCode === 401 ? '' : body]
    }
    assert.deepEqual(await ask('/pools/ts/ts01'), [200, 'up\n'])
    assert.deepEqual(await ask('/pools/ts/ts03'), [503, 'up drain\n'])
    assert.deepEqual(await ask('/pools/ts/ts09'), [404, ''])
    assert.deepEqual(await ask('/pools/ts/ts03', null), [401, ''])
  })

  test(
    'a real HAProxy that checks by HTTP takes the drained node out and back',
    needs('haproxy'),
    async (t) => {
      const nodes: Server[] = []
      after(() => nodes.forEach((node) => void node.close()))
      await desk.app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = desk.app.server.address() as AddressInfo
      const node = createServer((_request, response) => void response.end('hello'))
      nodes.push(node)
      await new Promise<void>((resolve) => void node.listen(0, '127.0.0.2', resolve))
      const haproxy = await startHaproxy(
        ['ts01', 'ts02', 'ts03'].map((name) => ({
          name,
          host: '127.0.0.2',
          port: (node.address() as AddressInfo).port,
          options: `check inter 200ms fall 1 rise 1 addr 127.0.0.1 port ${port}`,
        })),
        `  option httpchk
  http-check send meth GET uri-lf "/pools/ts/%[srv_name]" ver HTTP/1.1 hdr Host tocsin hdr Authorization "Bearer ${await desk.token('viewer')}"
  http-check expect status 200`,
      )
      const shows = (what: string) =>
        until(`HAProxy shows ${what}`, 15_000, async () => (await haproxy.shown()) === what)
      try {
        await shows('ts01=UP ts02=UP ts03=DOWN')
        await sees(6, 'up', 'up', 'up')
        await shows('ts01=UP ts02=UP ts03=UP')
        t.diagnostic('HAProxy by HTTP: drained ts03=DOWN, returned ts03=UP')
      } finally {
        await haproxy.stop()
      }
    },
  )
})
