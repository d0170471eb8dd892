import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOWN, story } from '../../test/harness/story.ts'
import { publishUpdate } from '../comms/index.ts'
import { openIncident } from '../incidents/index.ts'
import { type Desk, openDesk, tester } from './desk-for-tests.ts'

const open = async (world: Desk['world'], publicDirectory: string) => openDesk({ world, publicDirectory })

test('the status page is served from what was published, with no need of engine or database', () =>
  story({}, async (it) => {
    const { world } = it.tocsin()
    const desk = await open(world, it.publicDirectory)
    const incident = await openIncident(world, tester, {
      title: 'Internal name',
      severity: 'SEV2',
      serviceIds: ['docs'],
    })
    await publishUpdate(world, tester, {
      incidentId: incident.id,
      status: 'investigating',
      body: 'We look into it.',
    })
    await it.travel('1m')
    // From here on the store answers nothing any more.
    const broken = { ...world, store: { ...world.store, read: null as never, history: null as never } }
    const alone = await open(broken, it.publicDirectory)

    const page = await alone.app.inject('/status/')
    assert.equal(page.statusCode, 200)
    assert.match(String(page.headers['content-type']), /^text\/html/)
    assert.match(page.body, /We look into it\./)
    assert.doesNotMatch(page.body, /Internal name/)
    assert.match(page.body, /Documentation/)
    for (const [path, type] of [
      ['/status/history.atom', /^application\/atom\+xml/],
      ['/status/style.css', /^text\/css/],
      ['/api/v2/summary.json', /^application\/json/],
      ['/api/v2/status.json', /^application\/json/],
      [`/status/incidents/${incident.id}.html`, /^text\/html/],
    ] as const) {
      const answer = await alone.app.inject(path)
      assert.equal(answer.statusCode, 200, path)
      assert.match(String(answer.headers['content-type']), type, path)
      assert.equal(answer.headers['cache-control'], 'public, max-age=60')
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length)
    }
    assert.equal((await alone.app.inject('/status')).headers.location, '/status/')
    await alone.close()
    await desk.close()
  }))

test('who has the page already is told so in few bytes', () =>
  story({}, async (it) => {
    const desk = await open(it.tocsin().world, it.publicDirectory)
    await it.travel('1m')
    const first = await desk.app.inject('/status/')
    assert.equal(first.statusCode, 200)
    const { etag } = first.headers
    for (const headers of [
      { 'if-none-match': String(etag) },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-modified-since': String(first.headers['last-modified']) },
    ]) {
      const again = await desk.app.inject({ url: '/status/', headers })
      assert.equal(again.statusCode, 304)
      assert.equal(again.body, '')
      assert.equal(again.headers.etag, etag)
    }
    const stale = await desk.app.inject({
      url: '/status/',
      headers: { 'if-none-match': '"other"', 'if-modified-since': String(first.headers['last-modified']) },
    })
    assert.equal(stale.statusCode, 200, 'the tag counts before the date')
    const head = await desk.app.inject({ method: 'HEAD', url: '/status/' })
    assert.equal(head.body, '')
    assert.equal(head.headers['content-length'], first.headers['content-length'])
    await desk.close()
  }))

test('what is published anew is seen within a second', () =>
  story({}, async (it) => {
    const desk = await open(it.tocsin().world, it.publicDirectory)
    await it.travel('1m')
    const before = await desk.app.inject('/status/')
    it.see('docs-port', DOWN)
    await it.travel('5m')
    it.expectMessage('ana@lab.example', /./)
    const after = await desk.app.inject('/status/')
    assert.notEqual(after.headers.etag, before.headers.etag)
    const status = (await desk.app.inject('/api/v2/status.json')).json()
    assert.notEqual(status.status.indicator, 'none')
    const [alert] = await it.alerts()
    await desk.call('responder', 'POST', `/api/v1/alerts/${alert!.id}/acknowledge`)
    await desk.close()
  }))

test('what is not published is not there, and no path leads out of the folder', async () => {
  const desk = await openDesk()
  for (const path of [
    '/status/',
    '/status/nothing',
    '/status/..%2f..%2fetc%2fpasswd',
    '/status/%2e%2e%2fsecret',
  ])
    assert.equal((await desk.app.inject(path)).statusCode, 404, path)
  const json = await desk.app.inject('/api/v2/summary.json')
  assert.equal(json.statusCode, 404)
  assert.match(String(json.headers['content-type']), /problem\+json/)
  await desk.close()
})

test('over a socket a published file is the same, byte for byte and header for header, as through the routes', () =>
  story({}, async (it) => {
    await it.travel('5s')
    const desk = await open(it.tocsin().world, it.publicDirectory)
    try {
      await desk.app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = desk.app.server.address() as { port: number }
      const base = `http://127.0.0.1:${port}`
      for (const path of ['/status/', '/status/history.atom', '/api/v2/summary.json']) {
        const routed = await desk.app.inject(path)
        const direct = await fetch(base + path)
        assert.equal(direct.status, 200, path)
        assert.equal(await direct.text(), routed.body, path)
        for (const name of ['content-type', 'etag', 'content-security-policy', 'cache-control'])
          assert.equal(direct.headers.get(name), routed.headers[name], `${name} of ${path}`)
        const again = await fetch(base + path, { headers: { 'if-none-match': direct.headers.get('etag')! } })
        assert.equal(again.status, 304, path)
      }
      const head = await fetch(`${base}/status/`, { method: 'HEAD' })
      assert.equal(await head.text(), '')
      assert.equal((await fetch(`${base}/status/gone.html`)).status, 404)
      assert.equal((await fetch(`${base}/status/..%2fcore.db`)).status, 404)
      assert.ok((await fetch(`${base}/status/`, { method: 'DELETE' })).status >= 404)
      assert.equal((await fetch(`${base}/api/v1/me`)).status, 401, 'everything else takes the usual way')
    } finally {
      await desk.close()
    }
  }))
