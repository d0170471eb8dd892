/** Renewals that did not arrive: by the word of the authority, on the disk, and on some of several nodes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { needs } from '../../../../test/harness/needs.ts'
import { startNginx } from '../../../../test/harness/nginx.ts'
import { type Clock, systemClock } from '../../../kit/clock.ts'
import { DAY, HOUR } from '../../../kit/duration.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, type MintOptions, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { http } from '../http/index.ts'
import { tls } from './index.ts'

const NAME = 'docs.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-deployment-'))
const servers: Server[] = []
let root: Minted

before(async () => {
  root = await mintRoot()
})
after(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

async function listen(server: Server, address = '127.0.0.1', port = 0): Promise<number> {
  servers.push(server)
  server.listen(port, address)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
async function serve(served: Minted, address?: string, port?: number): Promise<number> {
  const server = createServer({ key: served.key, cert: served.cert })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', (socket) => socket.on('error', () => {}))
  return listen(server, address, port)
}
const leaf = (options: Partial<MintOptions> = {}) =>
  mint({ name: `CN=${NAME}`, names: [NAME], by: root, ...options })

interface Look {
  clock?: Clock
  memory?: unknown
}
function observe(
  port: number,
  expect: object,
  more: object = {},
  { clock = systemClock, memory }: Look = {},
) {
  const spec = tls.schema.parse({
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: NAME, warn: '1d', ...expect },
    timeout: '8s',
    ...more,
  })
  return checkOnce(tls, spec, { clock, deadlineMs: spec.timeout, memory: memory ?? null })
}
/** The machine's clock, some time ahead. */
const ahead = (ms: number): Clock => ({ ...systemClock, now: () => Date.now() + ms })

/** A small authority that answers as the standard says, and remembers who asked for what. */
async function authority(secure?: Minted) {
  const asked: string[] = []
  const state = {
    window: [50 * DAY, 52 * DAY] as [number, number],
    status: 200,
    retryAfter: '21600',
    why: '',
  }
  const answer = (url: string): object => {
    if (url === '/directory') return { newOrder: 'x', renewalInfo: `${base}/renewal-info/` }
    const [start, end] = state.window.map((at) => new Date(Date.now() + at).toISOString())
    return { suggestedWindow: { start, end }, ...(state.why && { explanationURL: state.why }) }
  }
  const listener: Parameters<typeof createHttpServer>[1] = (request, response) => {
    asked.push(request.url!)
    const status = request.url === '/directory' ? 200 : state.status
    response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': state.retryAfter })
    response.end(JSON.stringify(answer(request.url!)))
  }
  const server = secure
    ? createHttpsServer({ key: secure.key, cert: secure.cert }, listener)
    : createHttpServer(listener)
  const port = await listen(server)
  const base = `${secure ? 'https' : 'http'}://${secure ? 'localhost' : '127.0.0.1'}:${port}`
  return { asked, state, directory: `${base}/directory` }
}

// Key identifier and serial of the example in RFC 9773.
const EXAMPLE = { issuerKeyId: '69885b6b87464041e1b37b847ba0ae2cde01c8d4', serial: '0087654321' }
const EXAMPLE_ADDRESS = '/renewal-info/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE'

describe('the word of the authority', () => {
  test('is asked for by the address of the standard, and again only after the time it names', async () => {
    const ca = await authority()
    const port = await serve(await leaf(EXAMPLE))
    const expect = { renewal: { policy: 'ari', directory: ca.directory } }
    const first = await observe(port, expect)
    assert.equal(first.reason, 'ok', first.summary)
    assert.deepEqual(ca.asked, ['/directory', EXAMPLE_ADDRESS])
    const due = Date.parse(String(first.values.renewalDue))
    assert.ok(Math.abs(due - Date.now() - 52 * DAY) < HOUR, 'the end of its window')
    const { memory } = first
    const early = await observe(port, expect, {}, { memory, clock: ahead(5.9 * HOUR) })
    assert.deepEqual(ca.asked.length, 2)
    assert.deepEqual(early.memory, memory)
    const later = await observe(port, expect, {}, { memory, clock: ahead(6.1 * HOUR) })
    // Where it is has been learned once.
    assert.deepEqual(ca.asked, ['/directory', EXAMPLE_ADDRESS, EXAMPLE_ADDRESS])
    assert.equal(later.reason, 'ok')
  })

  test('when its window has passed and the old certificate is still served, the renewal is overdue', async () => {
    const ca = await authority()
    ca.state.window = [40 * DAY, 41 * DAY]
    const port = await serve(await leaf({ ...EXAMPLE, days: 60 }))
    const expect = { renewal: { policy: 'ari', directory: ca.directory } }
    const { memory } = await observe(port, expect)
    ca.state.status = 500
    const seen = await observe(port, expect, {}, { memory, clock: ahead(42 * DAY) })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.renewal-overdue'], seen.summary)
    assert.match(seen.summary, /due for 1d.*by the word of the authority/)
    assert.match(String(seen.values.renewalInfo), /answered 500/)
  })

  test('a window moved into the past is a demand, with its reason', async () => {
    const ca = await authority()
    const port = await serve(await leaf({ ...EXAMPLE, days: 60 }))
    const expect = { renewal: { policy: 'ari', directory: ca.directory } }
    const { memory } = await observe(port, expect)
    ca.state.window = [-2 * DAY, -DAY]
    ca.state.why = 'https://ca.example/incident'
    const seen = await observe(port, expect, {}, { memory, clock: ahead(7 * HOUR) })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.replacement-demanded'])
    assert.match(seen.summary, /https:\/\/ca\.example\/incident/)
    // It stays a demand while the window stays, also when nobody answers any more.
    ca.state.status = 404
    const still = await observe(port, expect, {}, { memory: seen.memory, clock: ahead(30 * HOUR) })
    assert.equal(still.reason, 'certificate.replacement-demanded')
  })

  test('an authority that is away, or answers nonsense, leaves the check alone', async () => {
    const closed = createHttpServer()
    const port = await listen(closed)
    closed.close()
    const served = await serve(await leaf(EXAMPLE))
    for (const directory of [`http://127.0.0.1:${port}/directory`, 'http://169.254.169.254/directory']) {
      const seen = await observe(served, { renewal: { policy: 'ari', directory } })
      assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
      assert.match(String(seen.values.renewalInfo), /refused|may not connect/)
    }
    const ca = await authority()
    ca.state.window = [2 * DAY, DAY]
    const odd = await observe(served, { renewal: { policy: 'ari', directory: ca.directory } })
    assert.equal(odd.reason, 'ok')
    assert.match(String(odd.values.renewalInfo), /without a window/)
  })

  test('an authority that accepts and never answers costs three seconds, not the check', async () => {
    const silent = createHttpServer(() => {})
    const directory = `http://127.0.0.1:${await listen(silent)}/directory`
    const port = await serve(await leaf(EXAMPLE))
    const seen = await observe(port, { renewal: { policy: 'ari', directory } })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    const again = await observe(port, { renewal: { policy: 'ari', directory } }, {}, { memory: seen.memory })
    assert.ok(again.tookMs < 2_000, 'it is left alone for a minute')
    silent.closeAllConnections()
  })

  test('over TLS its own certificate counts, by the authorities that are given', async () => {
    const ca = await authority(await mint({ name: 'CN=acme', names: ['localhost'], by: root }))
    const port = await serve(await leaf(EXAMPLE))
    const seen = await observe(port, { renewal: { policy: 'ari', directory: ca.directory } })
    assert.equal(seen.values.renewalInfo, undefined)
    const stranger = await mintRoot('CN=Stranger')
    const other = await authority(await mint({ name: 'CN=acme', names: ['localhost'], by: stranger }))
    const refused = await observe(port, { renewal: { policy: 'ari', directory: other.directory } })
    assert.equal(refused.reason, 'ok')
    assert.match(String(refused.values.renewalInfo), /certificate/)
    assert.equal(other.asked.length, 0)
  })

  test('after its end a certificate is not asked about', async () => {
    const ca = await authority()
    const port = await serve(await leaf({ ...EXAMPLE, from: -30, days: -1 }))
    const seen = await observe(port, { renewal: { policy: 'ari', directory: ca.directory } })
    assert.equal(seen.reason, 'certificate.expired')
    assert.deepEqual(ca.asked, [])
  })
})

describe('two thirds of the lifetime', () => {
  test('an old certificate is overdue although it warns of nothing yet', async () => {
    const port = await serve(await leaf({ from: -80, days: 20 }))
    const seen = await observe(port, { renewal: {} })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.renewal-overdue'])
    assert.equal((await observe(port, {})).reason, 'ok')
  })
})

describe('the certificate on the disk', () => {
  test('nginx was renewed and not reloaded, and then it was', needs('nginx'), async () => {
    const [old, renewed] = [await leaf({ from: -80, days: 10 }), await leaf({ days: 90 })]
    const nginx = await startNginx(NAME, { chainPem: old.cert, keyPem: old.key })
    try {
      const file = join(folder, 'nginx.pem')
      writeFileSync(file, old.cert + root.cert)
      assert.equal((await observe(nginx.port, { file })).reason, 'ok')
      writeFileSync(file, renewed.cert + root.cert)
      const stale = await observe(nginx.port, { file })
      assert.deepEqual([stale.verdict, stale.reason], ['degraded', 'certificate.not-reloaded'], stale.summary)
      await nginx.serve({ chainPem: renewed.cert, keyPem: renewed.key })
      let seen = stale
      for (let tries = 0; seen.reason !== 'ok' && tries < 100; tries++) {
        await sleep(30)
        seen = await observe(nginx.port, { file })
      }
      assert.equal(seen.reason, 'ok', seen.summary)
    } finally {
      await nginx.stop()
    }
  })

  test('the way out is told together with what is wrong', async () => {
    const file = join(folder, 'renewed.pem')
    writeFileSync(file, (await leaf()).cert)
    const seen = await observe(await serve(await leaf({ from: -30, days: -1 })), { file })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.expired'])
    assert.match(seen.summary, /expired .* ago; the certificate was renewed in .*not reloaded/)
  })

  test('an older file and a missing one', async () => {
    const port = await serve(await leaf())
    const file = join(folder, 'older.pem')
    writeFileSync(file, (await leaf({ from: -50, days: 5 })).cert)
    assert.equal((await observe(port, { file })).reason, 'certificate.file-outdated')
    const missing = await observe(port, { file: join(folder, 'missing.pem') })
    assert.deepEqual([missing.verdict, missing.reason], ['degraded', 'certificate.file-unreadable'])
  })
})

describe('several nodes', () => {
  const everyAddress = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  async function pool(served: Minted[]): Promise<number> {
    const port = await serve(served[0]!)
    for (const [index, one] of served.entries()) if (index > 0) await serve(one, `127.0.0.${index + 1}`, port)
    return port
  }

  test('all the same is up, and says of how many', async () => {
    const one = await leaf()
    const seen = await observe(await pool([one, one, one]), {}, { everyAddress })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    assert.match(seen.summary, /^all 3 addresses: /)
    assert.equal(seen.values.addresses, 3)
    assert.equal(seen.served?.length, 3)
  })

  test('one was left behind: it is named, with its date', async () => {
    const [renewed, old] = [await leaf(), await leaf({ from: -60, days: 30 })]
    const port = await pool([renewed, old, renewed])
    const seen = await observe(port, {}, { everyAddress })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.nodes-differ'], seen.summary)
    assert.match(
      seen.summary,
      /^1 of 3 addresses serves an older certificate than the rest .*: 127\.0\.0\.2 \(ends /,
    )
    const { nodes } = seen.details as { nodes: { address: string; fingerprint: string }[] }
    assert.deepEqual(
      nodes.map(({ address }) => address),
      everyAddress,
    )
    const own = await observe(port, {}, { everyAddress, ownCertificates: true })
    assert.equal(own.reason, 'ok')
  })

  test('web addresses are compared the same way', async () => {
    const [renewed, old] = [await leaf(), await leaf({ from: -60, days: 30 })]
    const port = await listen(
      createHttpsServer({ key: renewed.key, cert: renewed.cert }, (_, answer) => void answer.end('ok')),
    )
    const other = createHttpsServer({ key: old.key, cert: old.cert }, (_, answer) => void answer.end('ok'))
    await listen(other, '127.0.0.2', port)
    const spec = http.schema.parse({
      url: `https://${NAME}:${port}/`,
      everyAddress: ['127.0.0.1', '127.0.0.2'],
      expect: { ca: root.cert },
      timeout: '5s',
    })
    const seen = await checkOnce(http, spec, { clock: systemClock, deadlineMs: 5_000 })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.nodes-differ'], seen.summary)
    assert.match(seen.summary, /127\.0\.0\.2 \(ends /)
  })

  test('the worst node speaks', async () => {
    const [renewed, old] = [await leaf(), await leaf({ from: -60, days: -1 })]
    const port = await pool([renewed, old])
    const seen = await observe(port, {}, { everyAddress })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.expired'], seen.summary)
    assert.match(seen.summary, /^2 of 3 addresses: 127\.0\.0\.2: the certificate expired/)
    assert.equal(seen.values.badAddresses, 2, 'nobody listens at the third')
  })

  test('every address of a name, and a name without any', async () => {
    const port = await serve(await leaf())
    const expect = { ca: root.cert, name: NAME }
    const all = tls.schema.parse({
      target: `localhost:${port}`,
      expect,
      everyAddress: true,
      family: 'ipv4',
      timeout: '5s',
    })
    const seen = await checkOnce(tls, all, { clock: systemClock, deadlineMs: 5_000 })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.equal(seen.served?.[0]?.address, '127.0.0.1')
    const none = tls.schema.parse({ target: `127.0.0.1:${port}`, everyAddress: true, family: 'ipv6' })
    const failed = await checkOnce(tls, none, { clock: systemClock, deadlineMs: 5_000 })
    assert.equal(failed.reason, 'dns.failed')
  })
})

test('a web monitor keeps the word of the authority beside its latencies', async () => {
  const ca = await authority()
  const served = await leaf(EXAMPLE)
  const port = await listen(
    createHttpsServer({ key: served.key, cert: served.cert }, (_, answer) => void answer.end('ok')),
  )
  const spec = http.schema.parse({
    url: `https://${NAME}/`,
    connectTo: `127.0.0.1:${port}`,
    expect: {
      ca: root.cert,
      renewal: { policy: 'ari', directory: ca.directory },
      latency: { p95: '5s', over: 10 },
    },
    timeout: '5s',
  })
  const seen = await checkOnce(http, spec, { clock: systemClock, deadlineMs: 5_000 })
  assert.equal(seen.reason, 'ok', seen.summary)
  assert.deepEqual(Object.keys(seen.memory as object).sort(), ['latencies', 'renewal'])
})
