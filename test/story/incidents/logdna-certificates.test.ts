/**
 * 30 May 2020: a certificate on the path expired, and clients outside could not connect for two hours before a customer
 * said so, because nothing looked from outside. Here a server and a probe outside, two processes, see the same name
 * through different name servers, as on the two sides of a load balancer.
 */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, type TestContext, test } from 'node:test'
import { createServer, type Server } from 'node:tls'
import { type Minted, mint, mintRoot } from '../../../src/monitors/trust/mint-for-tests.ts'
import { type IncidentLine, tellIncident } from '../../harness/incident-line.ts'
import { freePort } from '../../harness/ports.ts'
import { type RunningProbe, startProbe } from '../../harness/probe.ts'
import { type RunningTocsin, startTocsin } from '../../harness/tocsin.ts'
import { nodeVersion } from '../../harness/versions.ts'

const NAME = 'api.logs.example'
const EVERY = 1

/** A line of the incident, from this software. */
const tell = (t: TestContext, line: Omit<IncidentLine, 'incident' | 'software'>) =>
  tellIncident(t, {
    incident: 'logdna-certificates',
    software: `TLS servers of ${nodeVersion}, a probe as a second process`,
    ...line,
  })

/** A name server that gives every name one address. */
async function nameServer(address: string): Promise<{ at: string; socket: Socket }> {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const type = query.readUInt16BE(query.indexOf(0, 12) + 1)
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(0x8180, 2)
    header.writeUInt16BE(type === 1 ? 1 : 0, 6)
    header.writeUInt32BE(0, 8)
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    socket.send(Buffer.concat([header, question, ...(type === 1 ? [answer] : [])]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { at: `127.0.0.1:${socket.address().port}`, socket }
}

describe('the certificate that broke outside only', () => {
  let good: { key: string; cert: string }
  let expired: { key: string; cert: string }
  const hits = { inside: 0, outside: 0 }
  let inside: Server
  let outside: Server
  let [forUs, forThem]: Awaited<ReturnType<typeof nameServer>>[] = []
  let tocsin: RunningTocsin
  let probe: RunningProbe
  let token = ''
  let config = ''

  before(async () => {
    const root = await mintRoot()
    const served = async (between: Minted) => {
      const leaf = await mint({ name: `CN=${NAME}`, names: [NAME], by: between })
      return { key: leaf.key, cert: leaf.cert + between.cert }
    }
    good = await served(await mint({ name: 'CN=Between', ca: true, by: root }))
    expired = await served(await mint({ name: 'CN=Between', ca: true, by: root, from: -30, days: -1 }))
    const port = await freePort()
    const node = async (address: string, count: () => void) => {
      const server = createServer(good, (socket) => void socket.on('error', () => {}))
      server.on('connection', count)
      server.on('tlsClientError', () => {})
      server.listen(port, address)
      await once(server, 'listening')
      return server
    }
    inside = await node('127.0.0.1', () => hits.inside++)
    outside = await node('127.0.0.2', () => hits.outside++)
    forUs = await nameServer('127.0.0.1')
    forThem = await nameServer('127.0.0.2')
    config = `
services: {api: {name: API}}
monitors:
  api: {service: api, type: tls, target: '${NAME}:${port}', every: ${EVERY}s, timeout: 2s, confirm: 1,
        places: [here, outside], quorum: 1, expect: {name: ${NAME}, ca: ${JSON.stringify(root.cert)}}}
  private: {service: api, type: tls, target: '${NAME}:${port}', every: 60s, expect: {ca: ${JSON.stringify(root.cert)}}}
  outside-probe: {service: api, type: place, place: outside, silence: 4s, every: 1s, confirm: 1}
`
    tocsin = await startTocsin({ config, env: { TOCSIN_NAME_SERVERS: forUs.at } })
    const made = await tocsin.api<{ secret: string }>('POST', '/api/v1/tokens', {
      name: 'outside',
      role: 'viewer',
      scope: 'probe:outside',
    })
    token = made.secret
    probe = await startProbe({
      url: tocsin.url,
      place: 'outside',
      token,
      env: { TOCSIN_NAME_SERVERS: forThem.at },
    })
  })
  after(async () => {
    await probe?.stop()
    await tocsin?.stop()
    for (const one of [inside, outside]) one?.close()
    for (const one of [forUs, forThem]) one?.socket.close()
  })

  interface Seen {
    state: string
    reason: string
    last: { summary: string } | null
  }
  const seen = (id: string) => tocsin.api<Seen>('GET', `/api/v1/monitors/${id}`)
  const becomes = (what: string, ms: number, matches: (seen: Seen) => boolean, id = 'api') =>
    tocsin.until(what, ms, async () => {
      const now = await seen(id)
      return matches(now) && now
    })
  /** What the place saw, in the order in which it was taken. */
  const history = (folder: string) => {
    const db = new DatabaseSync(join(folder, 'data', 'history.db'), { readOnly: true })
    try {
      return db
        .prepare('SELECT at, verdict, reason FROM observations WHERE monitor_id = ? ORDER BY seq')
        .all('api@outside') as { at: number; verdict: string; reason: string }[]
    } finally {
      db.close()
    }
  }

  test('well from both places; the probe is told of its own monitors only', async () => {
    await becomes('it is well from both', 30_000, (now) =>
      /well from 2 of 2 places/.test(now.last?.summary ?? ''),
    )
    const work = readFileSync(join(probe.folder, 'work.json'), 'utf8')
    assert.deepEqual(
      JSON.parse(work).map(({ id }: { id: string }) => id),
      ['api'],
    )
    assert.equal((await seen('outside-probe')).state, 'up')
  })

  test('the token of the place opens nothing else, and no other place', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    assert.equal((await fetch(`${tocsin.url}/api/v1/monitors`, { headers })).status, 401)
    assert.equal((await fetch(`${tocsin.url}/metrics`, { headers })).status, 401)
    const other = { method: 'POST', headers, body: '{"version":"1","lost":0}' }
    assert.equal((await fetch(`${tocsin.url}/probe/cern/work`, other)).status, 401)
    assert.equal((await fetch(`${tocsin.url}/probe/outside/work`, other)).status, 200)
    const admin = { authorization: 'Bearer test-administrator-token-0123456789abcdef' }
    const asAdmin = await fetch(`${tocsin.url}/probe/outside/work`, {
      ...other,
      headers: { ...headers, ...admin },
    })
    assert.equal(asAdmin.status, 401)
  })

  test('the path expires outside: down, from outside only, within seconds', async (t) => {
    const began = Date.now()
    outside.setSecureContext(expired)
    const down = await becomes('it is down', 20_000, (now) => now.state === 'down')
    const seconds = (Date.now() - began) / 1_000
    assert.equal(down.reason, 'place.outside-only')
    tell(t, {
      failure: 'a certificate of the path ends on the side that faces the world',
      verdict: down.state,
      reason: down.reason,
      seconds,
      note: `looked at every ${EVERY} s from two places; well from inside`,
    })
    assert.match(down.last!.summary, /well from here, bad from outside .*"CN=Between"/)
    outside.setSecureContext(good)
    await becomes('it is well again', 20_000, (now) => now.state === 'up')
  })

  test('while the server is away the probe goes on; later all is there, once, and turns nothing back', async (t) => {
    const { folder, port } = tocsin
    await tocsin.kill()
    outside.setSecureContext(expired)
    const before = hits.outside
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    // The probe too dies in between, and goes on with what it knows.
    await probe.kill()
    const again = { url: tocsin.url, place: 'outside', token, folder: probe.folder }
    probe = await startProbe({ ...again, env: { TOCSIN_NAME_SERVERS: forThem!.at } })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    outside.setSecureContext(good)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const meanwhile = hits.outside - before
    assert.ok(meanwhile >= 4, `it checked ${meanwhile} times`)
    tocsin = await startTocsin({ config, folder, port, env: { TOCSIN_NAME_SERVERS: forUs!.at } })
    await tocsin.until('what was seen meanwhile is delivered', 30_000, async () => {
      const newest = history(folder).at(-1)
      return newest !== undefined && Date.now() - newest.at < 2_000
    })
    await becomes('it is well from both', 30_000, (now) => /well from 2 of 2/.test(now.last?.summary ?? ''))
    const counted = history(folder)
    const bad = counted.filter(({ verdict }) => verdict === 'down')
    assert.ok(bad.length >= 4, `${bad.length} of the time away`)
    // Each check of the outside node stands in the history once; one may be on its way, or have died with the probe.
    t.diagnostic(
      `${hits.outside} connections outside, ${counted.length} in the history, ${meanwhile} while away`,
    )
    assert.ok(counted.length <= hits.outside, 'counted twice')
    assert.ok(hits.outside - counted.length <= 3, 'lost')
    assert.equal(new Set(counted.map(({ at }) => at)).size, counted.length)
    assert.deepEqual(
      counted,
      [...counted].sort((a, b) => a.at - b.at),
    )
    // What came late was bad, and yet it is up: it counts at its own time only.
    assert.equal((await seen('api')).state, 'up')
  })

  test('a silent place is an alarm of its own, and its share unknown', async (t) => {
    const began = Date.now()
    await probe.kill()
    await becomes('the place is silent', 20_000, (now) => now.reason === 'place.silent', 'outside-probe')
    tell(t, {
      failure: 'the probe outside is killed: nobody looks from there',
      verdict: 'down',
      reason: 'place.silent',
      seconds: (Date.now() - began) / 1_000,
      note: 'allowed silence is 4 s',
    })
    const unknown = await becomes('its share is unknown', 20_000, (now) => now.state === 'unknown')
    assert.equal(unknown.reason, 'place.silent')
    assert.ok(existsSync(join(probe.folder, 'spool.db')))
    writeFileSync(join(probe.folder, 'work.json'), 'cut sho')
    const again = { url: tocsin.url, place: 'outside', token, folder: probe.folder }
    probe = await startProbe({ ...again, env: { TOCSIN_NAME_SERVERS: forThem!.at } })
    await becomes('it is well again', 30_000, (now) => now.state === 'up')
    await becomes('the place is back', 10_000, (now) => now.state === 'up', 'outside-probe')
  })
})
