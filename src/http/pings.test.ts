import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveService } from '../catalog/index.ts'
import { createMonitor, newestPings } from '../monitors/index.ts'
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
