/** Every kind of the registry, as somebody types it at a terminal: well and not, the line, the JSON, the exit code. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startKamailio } from '../../test/harness/kamailio.ts'
import { startKnot } from '../../test/harness/knot.ts'
import { needs } from '../../test/harness/needs.ts'
import { signingKey, startOidcProvider } from '../../test/harness/oidc-provider.ts'
import { freePort } from '../../test/harness/ports.ts'
import { needsPostgres, startPostgres } from '../../test/harness/postgres.ts'
import { startXrdp } from '../../test/harness/xrdp.ts'
import { type MonitorKind, monitorKinds } from '../monitors/index.ts'
import { type Minted, mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'
import { Farm, registry } from './targets-for-tests.ts'

const NAME = 'svc.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-every-kind-'))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const farm = new Farm()
const kinds = Object.values(monitorKinds) as unknown as MonitorKind[]
let right: Minted
let wrong: Minted
let trusted: string[] = []

before(async () => {
  const root = await mintRoot()
  right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
  wrong = await mint({ name: 'CN=NODE-7' })
  trusted = ['--name', NAME, '--ca', file('ca.pem', root.cert)]
})
after(async () => {
  await farm.stop()
  rmSync(folder, { recursive: true })
})

interface Typed {
  args: string[]
  code: 0 | 1 | 2 | 3
  reason: string
}
const up = (...args: string[]): Typed => ({ args, code: 0, reason: 'ok' })
const degraded = (reason: string, ...args: string[]): Typed => ({ args, code: 1, reason })
const down = (reason: string, ...args: string[]): Typed => ({ args, code: 2, reason })
const unknown = (reason: string, ...args: string[]): Typed => ({ args, code: 3, reason })

/** What is typed for each kind, and what comes of it; real servers are started when their turn comes. */
const LINES: Record<string, { skip?: string | false; typed: () => Promise<Typed[]> }> = {
  dns: {
    ...needs('knot'),
    async typed() {
      const records = 'mail IN A 192.0.2.25\n@ IN MX 10 mail'
      const { port } = await farm.started(startKnot('lab.example', { serial: 1, records }))
      const at = `dns://127.0.0.1:${port}`
      return [
        up(`${at}/mail.lab.example`),
        up(`${at}/lab.example?type=MX`),
        down('dns.rcode-unexpected', `${at}/nothing.lab.example`),
        up(`${at}/nothing.lab.example`, '--set', 'expect.rcode=NXDOMAIN'),
        down('connect.refused', `dns://127.0.0.1:${await freePort()}/lab.example`, '--timeout', '1s'),
      ]
    },
  },
  grpc: {
    async typed() {
      const port = await farm.grpc(null)
      return [
        up(`grpc://127.0.0.1:${port}`),
        up(`grpcs://127.0.0.1:${await farm.grpc(right)}`, ...trusted),
        down('grpc.not-serving', `grpc://127.0.0.1:${port}/down`),
      ]
    },
  },
  http: {
    async typed() {
      const port = await farm.web(null)
      return [
        up(`http://127.0.0.1:${port}/`),
        up(`https://127.0.0.1:${await farm.web(right)}/`, ...trusted),
        down('http.status-unexpected', `http://127.0.0.1:${port}/nowhere`),
        up(`http://127.0.0.1:${port}/nowhere`, '--set', 'expect.status=404'),
        down('connect.refused', `http://127.0.0.1:${await freePort()}/`),
      ]
    },
  },
  icmp: {
    ...needs('ping'),
    async typed() {
      return [
        up('icmp://127.0.0.1', '--set', 'count=1'),
        up('ping:127.0.0.1', '--set', 'count=1'),
        down('egress.refused', 'icmp://169.254.169.254'),
      ]
    },
  },
  inventory: {
    async typed() {
      const well = file('network.json', JSON.stringify(registry('02:00:5e:10:00:01')))
      return [
        up(`inventory:${well}`),
        up(`inventory:http://127.0.0.1:${await farm.web(null)}/network.json`),
        down(
          'inventory.unbound-address',
          `inventory:${file('unbound.json', JSON.stringify(registry(null)))}`,
        ),
        unknown('inventory.file-unreadable', `inventory:${join(folder, 'absent.json')}`),
      ]
    },
  },
  journey: {
    ...needs('chromium'),
    async typed() {
      const url = `http://127.0.0.1:${await farm.web(null)}/`
      const told = (name: string, text: string) =>
        `journey:${file(name, `url: ${url}\nsteps:\n  - goto: /\n  - expect: { text: ${text} }\n`)}`
      return [
        up(told('well.yaml', 'It is well')),
        down(
          'journey.expectation-failed',
          told('gone.yaml', 'Welcome'),
          '--set',
          'stepTimeout=1s',
          '--timeout',
          '20s',
        ),
      ]
    },
  },
  log: {
    async typed() {
      const at = `log:${file('app.log', 'started\nERROR one | two\nERROR three\nidle\n')}`
      return [
        up(`${at}?match=FATAL`),
        up(`${at}?match=ERROR&moreThan=2`),
        down('log.pattern-matched', `${at}?pattern=^ERROR`),
        degraded('log.pattern-matched', `${at}?match=error&ignoreCase=true&says=degraded`),
        down('log.file-missing', `log:${join(folder, 'absent.log')}?match=x`),
        unknown('log.journal-failed', 'journal:?match=x', '--set', `journal.directory=${folder}/nowhere`),
      ]
    },
  },
  metric: {
    async typed() {
      const at = `http://127.0.0.1:${await farm.web(null)}`
      const prometheus = createServer((_, response) =>
        response.end(
          '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"12"]}]}}',
        ),
      )
      const asked = `prometheus+http://127.0.0.1:${await farm.listen(prometheus)}`
      return [
        up(`metrics+${at}/metrics#queue_depth`),
        down(
          'metric.above-limit',
          `metrics+${at}/metrics#queue_depth`,
          '--set',
          'above={limit: 10, verdict: down}',
        ),
        degraded(
          'metric.above-limit',
          `json+${at}/queue.json#$.queue.depth`,
          '--set',
          'above.limit=10',
          '--set',
          'above.verdict=degraded',
        ),
        up(`json+${at}/queue.json#$.queue.depth`, '--set', 'above.limit=20'),
        down('metric.absent', `json+${at}/queue.json#$.nothing`),
        down('metric.stale', `${asked}#queue_depth`),
        unknown('connect.refused', `prometheus+http://127.0.0.1:${await freePort()}#up`),
      ]
    },
  },
  oidc: {
    async typed() {
      const provider = await farm.started(startOidcProvider({ keys: [await signingKey('first')] }))
      const empty = await farm.started(startOidcProvider({ keys: [await signingKey('first')] }))
      empty.replace('/jwks', (_, response) => void response.end('{"keys":[]}'))
      return [up(`oidc+${provider.issuer}`), down('oidc.keys-empty', `oidc+${empty.issuer}`)]
    },
  },
  pool: {
    async typed() {
      const ports = [await farm.tls(right), await farm.tls(wrong)]
      const members = (...of: (number | undefined)[]) =>
        `members=[${of.map((port, i) => `{name: n${i + 1}, address: "127.0.0.1:${port}"}`).join(', ')}]`
      const at = `pool+tls://${NAME}:${ports[0]}`
      return [
        up(at, ...trusted, '--set', members(ports[0])),
        degraded('pool.members-down', at, ...trusted, '--set', members(...ports), '--set', 'needs.least=1'),
        down('pool.quorum-lost', at, ...trusted, '--set', members(ports[1])),
      ]
    },
  },
  rdp: {
    ...needs('xrdp'),
    async typed() {
      const ports = await Promise.all(
        [right, wrong].map(async (identity) => (await farm.started(startXrdp(identity))).port),
      )
      return [
        up(`rdp://127.0.0.1:${ports[0]}`, ...trusted),
        down('certificate.self-signed', `rdp://127.0.0.1:${ports[1]}`, ...trusted),
      ]
    },
  },
  sip: {
    ...needs('kamailio'),
    async typed() {
      const { port, tlsPort } = await farm.started(
        startKamailio({ domain: NAME, cert: right.cert, key: right.key }),
      )
      const busy = await farm.started(startKamailio({ domain: NAME }))
      await busy.overload(true)
      return [
        up(`sip://127.0.0.1:${port}`),
        up(`sip://127.0.0.1:${port};transport=tcp`),
        up(`sip://127.0.0.1:${tlsPort};transport=tls`, ...trusted),
        down('sip.status-unexpected', `sip://127.0.0.1:${busy.port}`),
      ]
    },
  },
  smtp: {
    async typed() {
      return [
        up(`smtp://127.0.0.1:${await farm.smtp(right)}`, ...trusted),
        up(`smtps://127.0.0.1:${await farm.smtp(right, true)}`, ...trusted),
        down('certificate.self-signed', `smtp://127.0.0.1:${await farm.smtp(wrong)}`, ...trusted),
      ]
    },
  },
  sql: {
    ...needsPostgres(),
    async typed() {
      const { url } = await farm.started(startPostgres())
      return [
        up(url),
        up(`${url}?query=SELECT 40%2B2`),
        down('sql.auth-refused', url.replace(/:[^:@]+@/, ':wrong@')),
        down('sql.query-failed', `${url}?query=SELECT nothing`),
      ]
    },
  },
  starttls: {
    async typed() {
      return [
        up(`starttls+smtp://127.0.0.1:${await farm.smtp(right)}`, ...trusted),
        down('certificate.untrusted', `starttls+smtp://127.0.0.1:${await farm.smtp(right)}`, '--name', NAME),
      ]
    },
  },
  tcp: {
    async typed() {
      return [
        up(`tcp://127.0.0.1:${await farm.web(null)}`),
        down('connect.refused', `tcp://127.0.0.1:${await freePort()}`),
      ]
    },
  },
  tls: {
    async typed() {
      const port = await farm.tls(right)
      return [
        up(`tls://127.0.0.1:${port}`, ...trusted),
        degraded('certificate.expires-soon', `tls://127.0.0.1:${port}`, ...trusted, '--warn', '200d'),
        down('certificate.self-signed', `tls://127.0.0.1:${await farm.tls(wrong)}`, ...trusted),
        unknown('tls.ca-unreadable', `tls://127.0.0.1:${port}`, '--ca', join(folder, 'absent.pem')),
      ]
    },
  },
  websocket: {
    async typed() {
      return [
        up(`ws://127.0.0.1:${await farm.webSocket(null)}/`),
        up(`wss://127.0.0.1:${await farm.webSocket(right)}/`, ...trusted),
        down('websocket.upgrade-refused', `ws://127.0.0.1:${await farm.web(null)}/`),
      ]
    },
  },
}

test('every kind has its lines here, or says why it cannot be checked by hand', () => {
  for (const { kind, check, schemes, typedAs, notByHand } of kinds) {
    assert.ok((schemes === undefined) !== (notByHand === undefined), `${kind}: schemes or notByHand`)
    assert.equal(typedAs === undefined, schemes === undefined, `${kind}: typedAs goes with schemes`)
    if (!check) assert.ok(notByHand, kind)
    for (const text of typedAs ?? []) {
      const scheme = /^([a-z0-9+]+):/.exec(text)?.[1]
      assert.ok(scheme && Object.hasOwn(schemes!, scheme), `${kind}: ${text}`)
    }
  }
  const byHand = kinds.filter(({ schemes }) => schemes).map(({ kind }) => kind)
  assert.deepEqual(Object.keys(LINES).sort(), byHand.sort())
})

const WORDS = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
const VERDICTS = ['up', 'degraded', 'down', 'unknown']
// As the guidelines for plugins want it: 'label'=value[unit];warn;crit;min;max
const FIGURE = /^(?:'(?:[^']|'')+'|[^\s'=]+)=-?\d+(?:\.\d+)?(?:s|ms|%|B)?(?:;[^;\s]*){0,4}$/

for (const [kind, { skip = false, typed }] of Object.entries(LINES))
  describe(kind, { skip }, () => {
    test('each line ends as it should, for Nagios and as JSON', async () => {
      const all = await typed()
      assert.ok(all.some(({ code }) => code === 0) && all.some(({ code }) => code >= 2), 'good and bad')
      for (const { args, code, reason } of all) {
        const timed = args.includes('--timeout') ? args : [...args, '--timeout', '20s']
        const plain = await runForTests(['check', ...timed])
        const where = `${args.join(' ')}\n${plain.out}${plain.err}`
        assert.equal(plain.code, code, where)
        assert.equal(plain.err, '', where)
        const [first = '', ...more] = plain.out.trimEnd().split('\n')
        const parts = /^([A-Z]+) (OK|WARNING|CRITICAL|UNKNOWN) - ([^|]+) \| ([^|]+)$/.exec(first)
        assert.ok(parts, where)
        assert.deepEqual([parts[1], parts[2]], [kind.toUpperCase(), WORDS[code]], where)
        assert.equal(/\(([a-z0-9.-]+)\)$/.exec(parts[3]!)?.[1] ?? 'ok', reason, where)
        const figures = parts[4]!.match(/(?:'[^']*'|[^\s'])+/g)!
        assert.match(figures[0]!, /^time=\d+\.\d{3}s;;;0$/, where)
        for (const figure of figures) assert.match(figure, FIGURE, where)
        for (const line of more) assert.doesNotMatch(line, /\|/, where)

        const json = await runForTests(['check', ...timed, '--json'])
        const answer = JSON.parse(json.out)
        assert.equal(json.code, code, json.out)
        assert.deepEqual(Object.keys(answer), ['target', 'verdict', 'reason', 'observations', 'certificate'])
        assert.deepEqual([answer.verdict, answer.reason], [VERDICTS[code], reason])
        const [observation] = answer.observations
        assert.equal(answer.observations.length, 1)
        for (const member of ['verdict', 'reason', 'summary', 'tookMs', 'values'])
          assert.ok(member in observation, member)
        assert.deepEqual(answer.certificate, observation.certificate ?? null)
      }
    })
  })

describe('kinds that hear', () => {
  for (const { kind, notByHand } of kinds)
    if (notByHand !== undefined)
      test(`${kind} says what to do instead, and is UNKNOWN`, async () => {
        for (const target of [kind, `${kind}:nightly`, `${kind}://nightly`]) {
          const { code, out, err } = await runForTests(['check', target])
          assert.deepEqual([code, err], [3, ''])
          assert.match(
            out,
            new RegExp(`^${kind.toUpperCase()} UNKNOWN - [^|]+ \\(check\\.not-by-hand\\) \\| time=`),
          )
          assert.ok(out.includes(notByHand.replace(/\s+/g, ' ')))
        }
        const answer = JSON.parse((await runForTests(['check', `${kind}:x`, '--json'])).out)
        assert.deepEqual([answer.verdict, answer.reason], ['unknown', 'check.not-by-hand'])
      })
})
