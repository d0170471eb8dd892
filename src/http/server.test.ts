import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createSetupLink } from '../catalog/index.ts'
import { routes } from '../contract/routes.ts'
import { type Desk, openDesk, PUBLIC_URL, tester } from './desk-for-tests.ts'
import { LOOP_PATIENCE } from './health.rules.ts'
import { openApiDocument } from './openapi.ts'
import { BODY_LIMIT } from './server.ts'

describe('the front desk', () => {
  let desk: Desk
  before(async () => {
    desk = await openDesk()
  })
  after(() => desk.close())

  test('every answer carries the headers that protect the browser', async () => {
    for (const url of [
      '/',
      '/healthz',
      '/api/v1/me',
      '/api/v1/nothing',
      '/ack/x',
      '/status/x',
      '/ping/x',
      '/api/openapi.json',
    ]) {
      const { headers } = await desk.app.inject(url)
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'self'; .*frame-ancestors 'none'/,
        url,
      )
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['referrer-policy'], 'no-referrer', url)
      assert.equal(headers['strict-transport-security'], undefined, 'there is no https to insist on')
      assert.equal(headers['x-powered-by'], undefined)
    }
  })

  test('behind https the browser is told to stay there, and the cookie too', async () => {
    const world = { ...desk.world, publicUrl: 'https://tocsin.example.org' }
    const secure = await openDesk({ world })
    const answer = await secure.app.inject('/healthz')
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
    await secure.close()
  })

  test('what is not there is said as a problem, below /api', async () => {
    for (const url of ['/api/nothing', '/api/v1/monitorz', '/api/v1/']) {
      const answer = await desk.app.inject(url)
      assert.equal(answer.statusCode, 404, url)
      assert.equal(answer.json().code, 'not-found')
    }
  })

  test('another method is told which ones there are', async () => {
    const answer = await desk.app.inject({ method: 'DELETE', url: '/api/v1/monitors' })
    assert.equal(answer.statusCode, 405)
    assert.equal(answer.headers.allow, 'GET, POST')
    assert.equal(answer.json().code, 'method-not-allowed')
  })

  test('an address that is not validly encoded is a problem, not a crash', async () => {
    const answer = await desk.app.inject('/api/v1/monitors/%E0%A4%A')
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().code, 'invalid-input')
  })

  test('a body of 100 MB is refused by its announcement, without being read', async () => {
    const big = await openDesk()
    await big.app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((big.app.server.address() as AddressInfo).port, '127.0.0.1')
    const token = await big.token('administrator')
    socket.write(
      `POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{"title":"`,
    )
    let text = ''
    // The answer comes while the announced body is still to come; the connection would stay open for it.
    for await (const chunk of socket.setEncoding('utf8')) {
      text += chunk
      if (text.includes('"too-large"')) break
    }
    assert.match(text, /^HTTP\/1\.1 413 /)
    assert.match(text, /"code":"too-large"/)
    assert.ok(BODY_LIMIT < 100_000_000)
    await big.close()
  })

  test('an unannounced body is cut off at the limit', async () => {
    const answer = await desk.call(
      'administrator',
      'POST',
      '/api/v1/incidents',
      JSON.stringify({ title: 'x'.repeat(BODY_LIMIT) }),
    )
    assert.equal(answer.statusCode, 413)
  })

  describe('signing in', () => {
    const password = 'correct horse battery staple'
    const post = (url: string, body: object, headers: object = {}) =>
      desk.call(null, 'POST', url, body, headers)
    let cookie: string

    test('the first administrator sets up with the one-time link, once', async () => {
      assert.deepEqual((await desk.app.inject('/api/v1/setup')).json(), { needed: true })
      const { secret } = (await createSetupLink(desk.world, tester))!
      const body = { secret, name: 'Ada', email: 'ada@example.org', password }
      const answer = await post('/api/v1/setup', body)
      assert.equal(answer.statusCode, 201, answer.body)
      assert.equal(answer.json().role, 'administrator')
      assert.match(
        String(answer.headers['set-cookie']),
        /^tocsin_session=[\w-]{43}; .*Path=\/; .*HttpOnly; SameSite=Lax$/,
      )
      assert.ok(!answer.body.includes('tocsin_session'))
      assert.deepEqual((await desk.app.inject('/api/v1/setup')).json(), { needed: false })
      assert.equal((await post('/api/v1/setup', body)).statusCode, 410)
    })

    test('a session opens, is known, and ends', async () => {
      const answer = await post('/api/v1/sign-in', { email: 'ADA@example.org', password })
      assert.equal(answer.statusCode, 200, answer.body)
      cookie = String(answer.headers['set-cookie']).split(';')[0]!
      const me = await desk.app.inject({ url: '/api/v1/me', headers: { cookie } })
      assert.equal(me.json().name, 'Ada')
      const out = await post('/api/v1/sign-out', {}, { cookie, origin: PUBLIC_URL })
      assert.equal(out.statusCode, 204, out.body)
      assert.match(String(out.headers['set-cookie']), /tocsin_session=; .*Expires=Thu, 01 Jan 1970/)
      assert.equal((await desk.app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode, 401)
    })

    test('a changed password ends every session', async () => {
      const sessions = await Promise.all(
        [1, 2].map(
          async () =>
            String(
              (await post('/api/v1/sign-in', { email: 'ada@example.org', password })).headers['set-cookie'],
            ).split(';')[0]!,
        ),
      )
      const changed = await post(
        '/api/v1/me/password',
        { current: password, next: 'another horse battery staple' },
        { cookie: sessions[0], origin: PUBLIC_URL },
      )
      assert.equal(changed.statusCode, 204, changed.body)
      for (const session of sessions)
        assert.equal(
          (await desk.app.inject({ url: '/api/v1/me', headers: { cookie: session } })).statusCode,
          401,
        )
    })

    test('another site cannot sign a browser in', async () => {
      const body = { email: 'ada@example.org', password: 'another horse battery staple' }
      const answer = await post('/api/v1/sign-in', body, { origin: 'https://evil.example' })
      assert.equal(answer.statusCode, 403)
      assert.equal(answer.headers['set-cookie'], undefined)
    })

    test('who guesses is braked, and told for how long', async () => {
      let answer = await post('/api/v1/sign-in', { email: 'ada@example.org', password: 'a guess' })
      assert.equal(answer.statusCode, 401)
      for (let i = 0; answer.statusCode === 401 && i < 60; i++)
        answer = await post('/api/v1/sign-in', { email: 'ada@example.org', password: `guess ${i}` })
      assert.equal(answer.statusCode, 429)
      assert.ok(Number(answer.headers['retry-after']) > 0)
    })
  })

  describe('health', () => {
    // No engine runs behind this desk: it counts as begun just now, however long the tests before took.
    beforeEach(() => {
      desk.engine.startedAt = desk.world.clock.now()
    })

    test('a hanging loop turns /healthz and /readyz red, with its name', async () => {
      assert.equal((await desk.app.inject('/healthz')).statusCode, 200)
      assert.equal((await desk.app.inject('/readyz')).statusCode, 200)
      desk.engine.lastTurns = { timers: desk.world.clock.now() - LOOP_PATIENCE - 5_000 }
      for (const url of ['/healthz', '/readyz']) {
        const answer = await desk.app.inject(url)
        assert.equal(answer.statusCode, 503)
        assert.equal(answer.json().problems[0].reason, 'loop-hangs')
        assert.match(answer.json().problems[0].detail, /"timers"/)
      }
      desk.engine.lastTurns = {}
    })

    test('a store that does not answer is said without its inner life', async () => {
      const read = {
        selectFrom: () => {
          throw new Error('password authentication failed for user "secret"')
        },
      }
      const world = { ...desk.world, store: { ...desk.world.store, read: read as never } }
      const broken = await openDesk({ world })
      const answer = await broken.app.inject('/healthz')
      assert.equal(answer.statusCode, 503)
      assert.equal(answer.json().problems[0].reason, 'store-silent')
      assert.doesNotMatch(answer.body, /secret/)
      await broken.close()
    })
  })

  describe('metrics', () => {
    test('are in the text format, each with type and help', async () => {
      const answer = await desk.call('viewer', 'GET', '/metrics')
      assert.equal(answer.statusCode, 200)
      assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
      assert.match(answer.body, /^tocsin_info\{version="0\.0\.0-test"\} 1$/m)
      assert.match(answer.body, /^tocsin_alerts\{state="open"\} 0$/m)
      assert.match(answer.body, /^tocsin_facts_total \d+$/m)
      const samples = answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      for (const sample of samples)
        assert.match(sample, /^[a-z_0-9]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[\d.e+-]+$/, sample)
      const named = new Set(
        [...answer.body.matchAll(/^# TYPE (\S+) (?:gauge|counter)$/gm)].map(([, name]) => name),
      )
      for (const sample of samples) assert.ok(named.has(/^[a-z_0-9]+/.exec(sample)![0]), sample)
      assert.ok(answer.body.endsWith('\n'))
    })

    test('are for strangers only where the operator says so', async () => {
      assert.equal((await desk.app.inject('/metrics')).statusCode, 401)
      const open = await openDesk({ publicMetrics: true })
      assert.equal((await open.app.inject('/metrics')).statusCode, 200)
      await open.close()
    })
  })

  describe('the description of the API', () => {
    test('has an operation for each route of the contract, with its schemas', async () => {
      const document = (await desk.app.inject('/api/openapi.json')).json()
      assert.equal(document.openapi, '3.1.0')
      const operations = Object.values(
        document.paths as Record<string, Record<string, { operationId: string }>>,
      )
        .flatMap((path) => Object.values(path))
        .map((operation) => operation.operationId)
      assert.deepEqual(operations.sort(), routes.map((route) => route.id).sort())
      assert.deepEqual(document, JSON.parse(JSON.stringify(openApiDocument('0.0.0-test'))))
    })

    test('points at nothing that it does not hold, and names each parameter of a path', () => {
      const document = openApiDocument('1') as {
        paths: Record<string, Record<string, { parameters: { name?: string; in?: string }[] }>>
      }
      for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
        let node: unknown = document
        for (const part of pointer!.split('/').slice(1)) node = (node as Record<string, unknown>)[part]
        assert.ok(node, pointer ?? '')
      }
      for (const [path, operations] of Object.entries(document.paths))
        for (const { parameters } of Object.values(operations))
          assert.deepEqual(
            parameters.filter((one) => one.in === 'path').map((one) => one.name),
            [...path.matchAll(/\{([a-z]+)\}/gi)].map(([, name]) => name),
          )
    })
  })
})

describe('the browser application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-web-'))
  let desk: Desk
  before(async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>App</title>')
    writeFileSync(join(folder, 'assets/app-1a2b3c.js'), 'console.log(1)')
    writeFileSync(join(folder, '.tocsin-built'), 'stamp')
    desk = await openDesk({ webDirectory: folder })
  })
  after(async () => {
    await desk.close()
    rmSync(folder, { recursive: true })
  })

  test('is given for every address that a person may open', async () => {
    for (const url of ['/', '/alerts/1', '/setup', '/incidents?state=open']) {
      const answer = await desk.app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } })
      assert.equal(answer.statusCode, 200, url)
      assert.match(answer.body, /<title>App/)
      assert.equal(answer.headers['cache-control'], 'no-cache')
    }
  })

  test('its assets are kept for ever, because their names change with them', async () => {
    const answer = await desk.app.inject('/assets/app-1a2b3c.js')
    assert.equal(answer.statusCode, 200)
    assert.match(String(answer.headers['content-type']), /javascript/)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
  })

  test('is not given in place of what programs ask for', async () => {
    assert.equal((await desk.app.inject('/assets/app-old.js')).statusCode, 404)
    assert.equal(
      (await desk.app.inject({ url: '/alerts', headers: { accept: 'application/json' } })).statusCode,
      404,
    )
    assert.equal(
      (await desk.app.inject({ method: 'POST', url: '/alerts', headers: { accept: 'text/html' } }))
        .statusCode,
      404,
    )
    assert.equal((await desk.app.inject('/.tocsin-built')).body.includes('stamp'), false)
  })

  test('that is not built is said so, with what to do', async () => {
    const bare = await openDesk()
    const answer = await bare.app.inject('/')
    assert.equal(answer.statusCode, 200)
    assert.match(answer.body, /npm run build/)
    await bare.close()
  })
})
