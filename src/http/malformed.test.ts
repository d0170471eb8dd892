/** Whatever is sent to whatever route: an answer that says what is wrong with it, and never a failure of ours. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../test/harness/needs.ts'
import { freshDatabase } from '../../test/harness/postgres.ts'
import { ADMIN_TOKEN, type RunningTocsin, startTocsin } from '../../test/harness/tocsin.ts'
import { routes } from '../contract/routes.ts'
import { type Malformed, malformedCalls } from './malformed-for-tests.ts'

const CONFIG = `
services: { docs: { name: Documentation } }
people: { ana: { email: ana@lab.example } }
monitors: { docs-job: { service: docs, type: heartbeat, every: 1h } }
`

interface Answer {
  status: number
  type: string
  body: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })
after(() => agent.destroy())

/** Sends the path as it is written: fetch would tidy it. */
function send(port: number, call: Omit<Malformed, 'what'>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      ...{ port, agent, method: call.method, path: call.path },
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...call.headers,
        ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
    })
    sent.on('error', reject)
    sent.on('response', (response: IncomingMessage) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), body }),
      )
    })
    sent.end(call.body)
  })
}

function assertRefused(call: Malformed, { status, type, body }: Answer): void {
  const told = `${call.method} ${call.path.slice(0, 120)} with ${call.what}: ${status} ${body.slice(0, 400)}`
  assert.ok(status >= 400 && status < 500, told)
  assert.match(type, /^application\/problem\+json/, told)
  const problem = JSON.parse(body)
  assert.equal(problem.status, status, told)
  assert.ok(problem.title && problem.detail && problem.code && /^urn:tocsin:error:/.test(problem.type), told)
  assert.doesNotMatch(body, /node_modules|\.ts:\d|SELECT |sqlite|postgres/i, told)
  if (call.place === undefined) return
  assert.equal(status, 400, told)
  const paths = (problem.problems ?? []).map(({ path }: { path: string }) => path)
  assert.ok(
    paths.some((path: string) => path === call.place || path.startsWith(`${call.place}.`)),
    `${told}\nno problem is at ${call.place}`,
  )
}

for (const store of ['sqlite', 'postgres'] as const)
  describe(`malformed calls [${store}]`, store === 'postgres' ? needs('postgres') : {}, () => {
    let tocsin: RunningTocsin
    let drop = async () => {}
    before(async () => {
      const database = store === 'postgres' ? await freshDatabase() : null
      if (database) drop = () => database.drop()
      tocsin = await startTocsin({ config: CONFIG, ...(database ? { databaseUrl: database.url } : {}) })
    })
    after(async () => {
      await tocsin?.stop()
      await drop()
    })

    for (const route of routes)
      test(`${route.method} ${route.path} refuses them, and says where they are wrong`, async () => {
        const calls = malformedCalls(route)
        assert.ok(calls.length > 0)
        for (const call of calls) assertRefused(call, await send(tocsin.port, call))
      })

    test('a ping that holds NUL is a ping, and takes none of those down that arrive with it', async () => {
      const { pingUrl } = await tocsin.api<{ pingUrl: string }>('GET', '/api/v1/monitors/docs-job')
      const { pathname } = new URL(pingUrl)
      const ping = (path: string, body: string | Buffer) =>
        send(tocsin.port, { method: 'POST', path, body, headers: { 'content-type': 'text/plain' } })
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          if (i % 4 === 1) return { wanted: 404, ...(await ping('/ping/%00', 'x')) }
          if (i % 4 === 2) return { wanted: 404, ...(await ping(`/ping/a%00${i}/start`, '\u0000')) }
          return { wanted: 200, ...(await ping(pathname, i % 4 === 3 ? 'done\u0000and\u0000done' : 'fine')) }
        }),
      )
      for (const { wanted, status, body } of answers) assert.equal(status, wanted, body)
    })

    test('nothing of it has broken anything, or left anything behind', async () => {
      assert.equal((await send(tocsin.port, { method: 'GET', path: '/readyz' })).status, 200)
      assert.doesNotMatch(tocsin.output(), /a request broke|breaks the contract/)
      for (const list of ['tokens', 'silences', 'incidents', 'overrides', 'maintenance', 'drills']) {
        const { items } = await tocsin.api<{ items: { name?: string }[] }>('GET', `/api/v1/${list}`)
        assert.deepEqual(
          items.filter(({ name }) => name !== 'TOCSIN_ADMIN_TOKEN'),
          [],
          list,
        )
      }
    })
  })

describe('a server in the open', () => {
  let tocsin: RunningTocsin
  before(async () => {
    tocsin = await startTocsin({ config: CONFIG })
  })
  after(() => tocsin.stop())

  const residentMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${tocsin.pid}/status`, 'utf8'))![1]) / 1_024

  /** Streams so many bytes, or until the other side has had enough; 0 where that hid its answer. */
  function stream(path: string, bytes: number, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const chunk = Buffer.alloc(64 * 1_024, 'x')
      let left = bytes
      let status = 0
      const sent = request({ host: '127.0.0.1', port: tocsin.port, path, method: 'POST', headers })
      sent.on('response', (response) => {
        status = response.statusCode!
        response.resume()
        response.on('end', () => {
          resolve(status)
          sent.destroy()
        })
      })
      // The server closes while we still send: that is what it shall do.
      sent.on('error', (error: NodeJS.ErrnoException) =>
        status || /EPIPE|ECONNRESET/.test(error.code ?? '') ? resolve(status) : reject(error),
      )
      const more = () => {
        while (left > 0 && !sent.destroyed) {
          // Not a byte more than announced: what follows would count as another, broken request.
          const part = chunk.subarray(0, left)
          left -= part.length
          if (!sent.write(part)) return void sent.once('drain', more)
        }
        if (!sent.destroyed) sent.end()
      }
      more()
    })
  }

  test('a body of 100 MB is refused, is not kept in memory, and others are served meanwhile', async () => {
    const json = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` }
    // Once small, so that what a first request costs is not counted.
    assert.equal(await stream('/api/v1/incidents', 2_000_000, json), 413)
    const before = residentMb()
    const sends = [
      stream('/api/v1/incidents', 100_000_000, json),
      stream('/api/v1/sign-in', 100_000_000, { 'content-type': 'application/json' }),
      stream('/api/v1/incidents', 100_000_000, { ...json, 'content-length': '100000000' }),
    ]
    const meanwhile = await fetch(`${tocsin.url}/healthz`)
    assert.equal(meanwhile.status, 200)
    assert.deepEqual(await Promise.all(sends), [413, 413, 413])
    const grown = residentMb() - before
    assert.ok(grown < 60, `memory grew by ${grown} MB`)
    assert.equal((await fetch(`${tocsin.url}/readyz`)).status, 200)
  })

  test('a length that is too large is refused at once, and the answer survives what is still sent', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` }
    const announced = { ...headers, 'content-length': '8000000' }
    for (let i = 0; i < 20; i++) assert.equal(await stream('/api/v1/incidents', 8_000_000, announced), 413)
  })

  test('a stranger with 100 MB for a route that needs a role is sent away before it is read', async () => {
    const status = await stream('/api/v1/incidents', 100_000_000, { 'content-type': 'application/json' })
    assert.equal(status, 401)
  })

  test('a ping to an unknown key is 404, however it is asked, and 100 MB of body do not change that', async () => {
    const key = '00000000-0000-4000-8000-000000000000'
    for (const path of [
      `/ping/${key}`,
      `/ping/${key}/start`,
      `/ping/${key}/fail`,
      `/ping/${key}/7`,
      `/ping/${key}/some-job/log`,
      `/ping/${key}?rid=${key}`,
      '/ping/docs-job',
      '/ping/%00',
      `/ping/${'x'.repeat(290)}`,
    ])
      for (const method of ['GET', 'HEAD', 'POST']) {
        const { status, body } = await send(tocsin.port, { method, path })
        assert.ok(status === 404 || status === 400, `${method} ${path}: ${status} ${body}`)
        if (path.includes(key)) assert.equal(status, 404, `${method} ${path}: ${body}`)
        assert.doesNotMatch(body, /^OK/)
      }
    const before = residentMb()
    const status = await stream(`/ping/${key}/fail`, 100_000_000, { 'content-type': 'text/plain' })
    assert.ok(status === 404 || status === 0, String(status))
    assert.ok(residentMb() - before < 60)
  })

  test('a ping with 100 MB to a known key counts, and only its beginning is kept', async () => {
    const { pingUrl } = await tocsin.api<{ pingUrl: string }>('GET', '/api/v1/monitors/docs-job')
    const before = residentMb()
    const status = await stream(new URL(pingUrl).pathname, 100_000_000, { 'content-type': 'text/plain' })
    assert.ok(status === 200 || status === 0, String(status))
    await tocsin.until('the ping counts', 10_000, async () => {
      const { state } = await tocsin.api<{ state: string }>('GET', '/api/v1/monitors/docs-job')
      return state === 'up'
    })
    assert.ok(residentMb() - before < 60)
    assert.equal((await fetch(`${tocsin.url}/readyz`)).status, 200)
  })
})
