import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveService } from '../catalog/index.ts'
import type { Run } from '../contract/monitors.ts'
import { createMonitor, findMonitor, newestPings, removeMonitor } from '../monitors/index.ts'
import { type Desk, openDesk, tester } from './desk-for-tests.ts'

const KEY = 'a-key-of-at-least-16-letters'
const RID = '0190f6a5-0000-7000-8000-000000000001'

describe('heartbeats', () => {
  let desk: Desk
  let url: string
  before(async () => {
    desk = await openDesk()
    await saveService(desk.world, tester, { id: 'jobs', name: 'Jobs' })
    for (const id of ['nightly', 'hourly'])
      await createMonitor(desk.world, tester, {
        id,
        settings: {
          service: 'jobs',
          type: 'heartbeat',
          every: '1h',
          pingKey: id === 'nightly' ? KEY : `${KEY}-2`,
        },
      })
    url = await desk.app.listen({ host: '127.0.0.1', port: 0 })
  })
  after(() => desk.close())

  const newest = async (monitorId = 'nightly') => (await newestPings(desk.world.store.read, monitorId, 1))[0]

  for (const [path, action, exitStatus] of [
    [`/ping/${KEY}`, 'success', null],
    [`/ping/${KEY}/start`, 'start', null],
    [`/ping/${KEY}/fail`, 'fail', null],
    [`/ping/${KEY}/log`, 'log', null],
    [`/ping/${KEY}/0`, 'success', 0],
    [`/ping/${KEY}/7`, 'fail', 7],
    [`/ping/${KEY}/nightly`, 'success', null],
    [`/ping/${KEY}/nightly/start`, 'start', null],
    [`/ping/${KEY}/nightly/255`, 'fail', 255],
    [`/ping/${KEY}/start?rid=${RID}`, 'start', null],
  ] as const)
    for (const method of ['GET', 'HEAD', 'POST'] as const)
      test(`${method} ${path} is ${action}`, async () => {
        const answer = await fetch(url + path, {
          method,
          ...(method === 'POST' ? { body: 'all went well' } : {}),
        })
        assert.equal(answer.status, 200)
        assert.equal(await answer.text(), method === 'HEAD' ? '' : 'OK')
        assert.equal(answer.headers.get('ping-body-limit'), '10000')
        assert.equal(answer.headers.get('access-control-allow-origin'), '*')
        const ping = await newest()
        assert.deepEqual([ping!.action, ping!.exitStatus, ping!.method], [action, exitStatus, method])
        assert.equal(ping!.rid, path.includes('rid') ? RID : null)
        assert.equal(ping!.body, method === 'POST' ? 'all went well' : null)
      })

  for (const [what, path, status, text] of [
    ['an unknown key', '/ping/nobody-has-this-key-at-all', 404, 'not found'],
    ['a key with another slug', `/ping/${KEY}/hourly`, 404, 'not found'],
    ['an exit status that no program has', `/ping/${KEY}/256`, 400, 'invalid url format'],
    ['a run id that is none', `/ping/${KEY}?rid=1234`, 400, 'invalid uuid format'],
    ['an action that is none', `/ping/${KEY}/nightly/explode`, 404, 'not found'],
  ] as const)
    test(`${what} is never answered OK`, async () => {
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(url + path, { method })
        assert.equal(answer.status, status)
        assert.equal(await answer.text(), text)
      }
    })

  test('of a long body the beginning is kept, whatever its type', async () => {
    const body = `begin ${'x'.repeat(50_000)}`
    for (const type of [
      'application/json',
      'text/plain',
      'application/octet-stream',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await fetch(`${url}/ping/${KEY}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
      assert.equal(answer.status, 200, type)
      const ping = await newest()
      assert.equal(ping!.body!.length, 10_000)
      assert.ok(ping!.body!.startsWith('begin '))
    }
  })

  test('a body without an end is answered all the same', async () => {
    let stopped = false
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(16_384).fill(0x61))
      },
      cancel() {
        stopped = true
      },
    })
    const answer = await fetch(`${url}/ping/${KEY}/fail`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
    } as RequestInit).catch((error) => error as Error)
    const ping = await newest()
    assert.equal(ping!.action, 'fail')
    assert.equal(ping!.body, 'a'.repeat(10_000))
    // The client may see the answer or the closed connection first; it is not read for ever either way.
    assert.ok(answer instanceof Error || answer.status === 200)
    assert.equal(typeof stopped, 'boolean')
  })

  test('with create=1 a slug that nobody has becomes a job of its own, once', async () => {
    const created = await fetch(`${url}/ping/${KEY}/new_job/start?create=1`, { method: 'POST' })
    assert.deepEqual([created.status, await created.text()], [201, 'Created'])
    const again = await fetch(`${url}/ping/${KEY}/new_job?create=1`)
    assert.deepEqual([again.status, await again.text()], [200, 'OK'])
    const made = await findMonitor(desk.world.store.read, 'new-job')
    assert.deepEqual([made!.name, made!.serviceId, made!.managedBy], ['new_job', 'jobs', 'api'])
    assert.equal((await newest('new-job'))!.action, 'success')
    for (const [path, status] of [
      ['/ping/nobody-has-this-key-at-all/new-one?create=1', 404],
      [`/ping/${KEY}/Not-A-Slug?create=1`, 404],
      [`/ping/${KEY}/another?create=0`, 404],
      // The id belongs to a job with another key.
      [`/ping/${KEY}/hourly?create=1`, 409],
    ] as const)
      assert.equal((await fetch(url + path)).status, status, path)
    // More jobs share the key now: without a slug nobody is meant.
    assert.equal((await fetch(`${url}/ping/${KEY}`)).status, 409)
    await removeMonitor(desk.world, tester, 'new-job')
  })

  test('the run ledger is read through the API, page by page', async () => {
    const rid = '0190f6a5-0000-7000-8000-00000000000f'
    await fetch(`${url}/ping/${KEY}/start?rid=${rid}`)
    await fetch(`${url}/ping/${KEY}/3?rid=${rid}`, { method: 'POST', body: 'disk full' })
    const headers = { authorization: `Bearer ${await desk.token('viewer')}` }
    const read = async (query: string) =>
      (await (await fetch(`${url}/api/v1/monitors/nightly/runs${query}`, { headers })).json()) as {
        items: Run[]
        next: string | null
        missed: number
      }
    const first = await read('?limit=1')
    const { rid: shown, outcome, exitStatus, log, startedAt, endedAt } = first.items[0]!
    assert.deepEqual([shown, outcome, exitStatus, log], [rid, 'failure', 3, 'disk full'])
    assert.ok(Date.parse(startedAt!) <= Date.parse(endedAt!))
    assert.equal(first.missed, 0)
    const second = await read(`?limit=1&cursor=${first.next}`)
    assert.notEqual(second.items[0]!.id, first.items[0]!.id)
    assert.equal((await fetch(`${url}/api/v1/monitors/none/runs`, { headers })).status, 404)
    assert.equal((await fetch(`${url}/api/v1/monitors/nightly/runs?cursor=zzz`, { headers })).status, 400)
  })

  for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
    test(`${method} /api/push answers as Uptime Kuma does`, async () => {
      const push = async (query: string) => {
        const answer = await fetch(`${url}/api/push/${KEY}${query}`, { method })
        return [answer.status, await answer.json()]
      }
      assert.deepEqual(await push('?status=up&msg=OK&ping=12'), [200, { ok: true }])
      assert.deepEqual(await push('?status=down&msg=no%20space%20left'), [200, { ok: true }])
      const ping = await newest()
      assert.deepEqual([ping!.action, ping!.body, ping!.method], ['fail', 'no space left', method])
      const { state } = (await findMonitor(desk.world.store.read, 'nightly'))!
      assert.equal(state.summary, 'the job reported a failure: no space left')
      assert.deepEqual(await push(''), [200, { ok: true }])
      assert.equal((await newest())!.action, 'success')
    })

  test('a push for nobody, or for what is switched off, is never answered OK', async () => {
    const refused = [404, { ok: false, msg: 'Monitor not found or not active.' }]
    const push = async (key: string) => {
      const answer = await fetch(`${url}/api/push/${key}?status=up`)
      return [answer.status, await answer.json()]
    }
    assert.deepEqual(await push('nobody-has-this-key-at-all'), refused)
    const settings = {
      service: 'jobs',
      type: 'heartbeat',
      every: '1h',
      pingKey: `${KEY}-off`,
      enabled: false,
    }
    await createMonitor(desk.world, tester, { id: 'off', settings })
    assert.deepEqual(await push(`${KEY}-off`), refused)
  })

  test('a burst is answered whole', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => fetch(`${url}/ping/${KEY}-2/hourly`)))
    assert.ok(answers.every((answer) => answer.status === 200))
    const all = await newestPings(desk.world.store.read, 'hourly', 1_000)
    assert.equal(all.length, 300)
  })

  test('the server still answers', async () => {
    assert.equal((await fetch(`${url}/ping/${KEY}`)).status, 200)
  })
})
