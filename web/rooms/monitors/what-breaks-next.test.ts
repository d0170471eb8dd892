import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Certificate, MonitorDetail, Observation, Run } from '../../../src/contract/monitors.ts'
import { BAD, member, poolOf } from './pools-for-tests.ts'
import { type Beside, whatBreaksNext } from './what-breaks-next.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-05-01T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()

type Given = Partial<MonitorDetail> & { seen?: Partial<Observation> }
function monitor({ seen, ...own }: Given = {}): MonitorDetail {
  return {
    id: 'docs',
    name: 'Documentation',
    serviceId: 'docs',
    kind: 'http',
    target: 'https://docs.example.org/',
    state: 'up',
    reason: 'ok',
    summary: '200 in 40 ms',
    since: at(-DAY),
    everyMs: 60_000,
    enabled: true,
    inMaintenance: false,
    managedBy: 'api',
    lastCheckedAt: at(-5_000),
    nextCheckAt: at(55_000),
    tookMs: 40,
    spec: {},
    last: seen
      ? { verdict: 'up', reason: 'ok', summary: 'fine', tookMs: 40, values: {}, ...seen }
      : { verdict: 'up', reason: 'ok', summary: 'fine', tookMs: 40, values: {} },
    faults: null,
    cannotSee: [],
    unseen: [],
    pingUrl: null,
    logUrl: null,
    related: [],
    ...own,
  }
}

const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  subject: 'CN=docs.example.org',
  issuer: 'CN=Example CA',
  names: ['docs.example.org'],
  serial: '01',
  fingerprint: 'AB',
  notBefore: at(-30 * DAY),
  notAfter: at(60 * DAY),
  selfSigned: false,
  chain: [],
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  ...more,
})

const told = (given: Given, beside?: Beside) =>
  whatBreaksNext(monitor(given), NOW, beside).map(
    ({ what, says, urgent }) => `${what}${urgent ? '!' : ''}: ${says}`,
  )
const first = (given: Given, beside?: Beside) => told(given, beside)[0] ?? ''

describe('what would break next', () => {
  test('nothing, where nothing is heading for a limit', () => {
    assert.deepEqual(told({}), [])
    assert.deepEqual(told({ last: null }), [])
  })

  test('a verdict that waits for its confirmation comes first', () => {
    const lines = told({ seen: { verdict: 'down', summary: 'refused', certificate: certificate() } })
    assert.match(lines[0]!, /^verdict-turns!: The newest check says down: refused\./)
    assert.match(lines[1]!, /^certificate-ends: /)
    assert.deepEqual(told({ state: 'down', seen: { verdict: 'up' } }), [], 'getting well breaks nothing')
    assert.deepEqual(told({ enabled: false, seen: { verdict: 'down' } }), [], 'nobody looks')
  })

  test('a certificate by its own end, urgent in its last two weeks', () => {
    assert.match(
      first({ seen: { certificate: certificate() } }),
      /^certificate-ends: .*in 60 d, on Tue 30 Jun 2026/,
    )
    assert.match(
      first({ seen: { certificate: certificate({ notAfter: at(3 * DAY) }) } }),
      /^certificate-ends!: The certificate of docs\.example\.org ends in 3 d/,
    )
    assert.match(
      first({ seen: { certificate: certificate({ notAfter: at(-3 * DAY) }) } }),
      /has ended, 3 d ago/,
    )
  })

  test('a certificate above it that ends first, and only one that is on a path of today', () => {
    const node = (id: string, days: number) => ({
      id,
      subject: `C=SE\nO=AddTrust AB\nCN=${id}`,
      issuer: '',
      notBefore: at(-DAY),
      notAfter: at(days * DAY),
      origin: 'sent' as const,
      selfSigned: false,
    })
    const path = (members: string[], from: string | null, until: string | null, reason = 'ok') => ({
      client: 'modern',
      from,
      until,
      reason,
      through: null,
      members,
    })
    const graph = {
      nodes: [node('leaf', 60), node('Cross', 29), node('Old', 2), node('Gone', 1)],
      edges: [],
      paths: [
        path(['leaf', 'Cross'], at(-DAY), at(29 * DAY)),
        path(['leaf', 'Old'], at(29 * DAY), null),
        path(['leaf', 'Gone'], at(-DAY), null, 'certificate.chain-expired'),
      ],
    }
    assert.match(
      first({ seen: { certificate: certificate({ graph }) } }),
      /^path-ends: Cross, which is on the path to the certificate, ends in 29 d, on Sat 30 May 2026/,
    )
    assert.match(
      first({ seen: { certificate: certificate(), values: { chainEnds: at(5 * DAY) } } }),
      /^path-ends!: The last path .* in 5 d/,
    )
  })

  test('the population of clients that breaks first, with its remedy', () => {
    const client = (
      name: string,
      lastDay: string | null,
      verdict: 'up' | 'degraded' | 'down' = 'degraded',
    ) => ({
      name,
      verdict,
      reason: 'certificate.chain-expires-soon',
      lastDay,
      through: 'CN=AddTrust External CA Root',
      advice: 'do not send the cross-signed certificate',
      summary: '',
    })
    const clients = [
      client('gnutls', '2026-06-20'),
      client('openssl-1.0', '2026-05-30'),
      client('modern', '2026-06-30', 'up'),
    ]
    const lines = told({ seen: { certificate: certificate({ clients }) } })
    assert.match(
      lines[0]!,
      /^client-breaks!: Clients like openssl-1\.0 connect until Sat 30 May 2026, in 29 d, and then no more, because of AddTrust External CA Root\. Do not send the cross-signed certificate\.$/,
    )
    assert.match(lines[1]!, /gnutls/)
    assert.equal(lines.length, 3, 'those that connect to the end of the certificate are not listed')
    assert.match(
      first({ seen: { certificate: certificate({ clients: [client('node-8', null, 'down')] }) } }),
      /^client-breaks!: Clients like node-8 cannot connect now/,
    )
  })

  test('a renewal that comes, and one that is overdue', () => {
    const due = (days: number) =>
      told({ seen: { certificate: certificate(), values: { renewalDue: at(days * DAY) } } })[0]
    assert.match(due(5)!, /^renewal-due: The certificate is to be renewed by Wed 6 May 2026, in 5 d/)
    assert.match(
      due(-2)!,
      /^renewal-due!: The renewal has been due for 2 d, and the old certificate is still served/,
    )
  })

  test('a limit by its forecast, with its interval, and data that will be lost', () => {
    const forecast = (more: object) => ({
      unit: 'bytes',
      forecast: {
        outcome: 'reaches',
        limit: 5e8,
        at: NOW + 6 * HOUR,
        earliest: NOW + 5 * HOUR,
        latest: NOW + 8 * HOUR,
        ...more,
      },
    })
    assert.equal(
      first({ kind: 'metric', seen: { details: forecast({}) } }),
      'limit-reached!: If it goes on as it does, the limit of 500 MB is reached in 6 h, at the earliest in 5 h, at the latest in 8 h.',
    )
    assert.match(
      first({ kind: 'metric', seen: { details: forecast({ outcome: 'reached' }) } }),
      /is reached\.$/,
    )
    assert.deepEqual(
      told({ kind: 'metric', seen: { details: forecast({ outcome: 'no-trend', at: null }) } }),
      [],
    )
    assert.match(
      first({ kind: 'metric', seen: { values: { lostIn: 7_200 } } }),
      /^data-lost!: Data will be lost in 1 h 59 min/,
    )
  })

  test('a run that is due, overdue, or going on for long', () => {
    const job = (dueIn: number) => ({ kind: 'heartbeat', seen: { values: { dueAt: NOW + dueIn } } })
    assert.match(first(job(2 * HOUR)), /^run-due: The next sign of life must come in 2 h/)
    assert.match(first(job(-2 * HOUR)), /^run-due!: A run is overdue: it was to be heard of 2 h ago/)
    const run = (minutes: number): Run => ({
      id: '1',
      rid: null,
      startedAt: at(-minutes * 60_000),
      endedAt: null,
      outcome: 'running',
      exitStatus: null,
      durationMs: null,
      log: null,
    })
    const beside = (minutes: number) => ({ openRuns: [run(minutes)] })
    assert.match(
      first({ ...job(9 * HOUR), spec: { maxRun: '1h' } }, beside(50)),
      /^run-overran!: A run has been going for 50 min; it counts as hung in 10 min, after 1 h/,
    )
    assert.match(first({ ...job(9 * HOUR), spec: { maxRun: HOUR } }, beside(10)), /^run-overran: /)
    assert.match(first({ spec: { maxRun: '1h' } }, beside(90)), /was to end after 1 h/)
  })

  test('a job and what it renews are one story, from both sides', () => {
    const related = {
      id: 'x',
      name: 'docs',
      state: 'down' as const,
      reason: 'r',
      summary: 'hung',
      since: at(0),
      certificateEnds: at(4 * DAY),
    }
    assert.match(
      first({ kind: 'heartbeat', state: 'down', related: [{ ...related, relation: 'renews' }] }),
      /^renewal-job!: The certificate that this job renews \(docs\) ends in 4 d.*the job does not run/,
    )
    assert.match(
      first({ related: [{ ...related, relation: 'renewed-by' }] }),
      /^renewal-job!: The job that renews it \(docs\) is down: hung/,
    )
  })

  test('places that disagree, and not those that agree', () => {
    const seen = (...verdicts: string[]) => ({
      seen: {
        details: {
          places: verdicts.map((verdict, n) => ({
            place: `p${n}`,
            at: NOW,
            verdict,
            reason: 'connect.refused',
          })),
        },
      },
    })
    assert.equal(
      first(seen('up', 'down', 'up')),
      'places-disagree!: The places disagree: it is bad from p1 (connect refused), and well from p0, p2.',
    )
    assert.deepEqual(told(seen('down', 'down')), [])
    assert.deepEqual(told(seen('up', 'unknown')), [], 'who does not know does not disagree')
  })

  test('latency near its budget, as it is written and as it is stored', () => {
    assert.match(
      first({ spec: { expect: { maxLatency: '1s' } }, seen: { tookMs: 800 } }),
      /^latency!: The last check took 800 ms of the 1 s allowed/,
    )
    assert.match(first({ spec: { expect: { maxLatency: 1_000 } }, seen: { tookMs: 700 } }), /^latency!/)
    assert.match(first({ spec: { timeout: '10s' }, seen: { tookMs: 9_000 } }), /given up/)
    assert.deepEqual(told({ spec: { timeout: '10s' }, seen: { tookMs: 400 } }), [])
  })

  test('one node that lags behind, a log near its silence, a key that is gone, an exception that ends', () => {
    const nodes = [
      { address: '192.0.2.1', verdict: 'up', reason: 'ok', fingerprint: 'a', notAfter: at(60 * DAY) },
      { address: '192.0.2.2', verdict: 'up', reason: 'ok', fingerprint: 'b', notAfter: at(9 * DAY) },
    ]
    assert.match(
      first({ seen: { certificate: certificate(), details: { nodes } } }),
      /^node-certificate-ends!: At 192\.0\.2\.2 .* in 9 d/,
    )
    assert.match(
      first({ kind: 'log', spec: { silentAfter: '10m' }, seen: { values: { silentMs: 500_000 } } }),
      /^log-silent!: No wanted line came for 8 min 20 s; after 10 min/,
    )
    const keys = [{ id: 'k1', since: null, signed: null, neededUntil: at(DAY) }]
    assert.match(
      first({ kind: 'oidc', seen: { details: { keys } } }),
      /^key-gone!: The signing key k1 is gone/,
    )
    const accept = [{ rule: 'duplicate-address', device: 'pbx', because: 'x', until: '2026-05-03' }]
    assert.match(
      first({ kind: 'inventory', spec: { accept } }),
      /^exception-ends!: The exception from "duplicate-address" for pbx ends in 2 d 12 h/,
    )
  })

  test('details of another shape break nothing', () => {
    for (const details of [
      null,
      7,
      'x',
      [],
      { places: 3 },
      { nodes: [{}] },
      { forecast: { outcome: 1 } },
      { keys: null },
    ])
      assert.deepEqual(told({ kind: 'metric', seen: { details } }), [])
    for (const spec of [{ expect: 3 }, { maxRun: {} }, { timeout: 'soon' }, { accept: [null, 3, {}] }])
      assert.deepEqual(told({ kind: 'inventory', spec }), [])
  })

  test('a pool at its quorum and at its floor it says what comes', () => {
    const given = { kind: 'pool', spec: {} }
    const atFloor = poolOf(
      member('a'),
      member('b'),
      member('c', { ...BAD, state: 'drained' }),
      member('d', { ...BAD, held: 'floor' }),
    )
    const lines = told(given, { pool: atFloor })
    assert.match(lines[0]!, /^pool-quorum!: 2 of 4 members are well, which is the least/)
    assert.match(lines[1]!, /^pool-floor!: The floor holds: d is bad and still takes users/)
    const drained = poolOf(member('a'), member('b'), member('c', { ...BAD, state: 'drained' }))
    assert.match(
      told(given, { pool: drained }).at(-1)!,
      /^pool-floor!: The pool is at its floor: 2 members take users/,
    )
    assert.deepEqual(told(given, { pool: poolOf(member('a'), member('b'), member('c')) }), [])
  })
})
