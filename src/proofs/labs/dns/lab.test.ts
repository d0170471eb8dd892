import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

/** What the copy says of the control, before and after, and of each fault that applies. */
async function score(settings: object): Promise<{ control: string[]; seen: Record<string, string> }> {
  const kind = kindNamed('dns')
  const spec = parseSpec(kind, {
    query: 'www.example.org',
    servers: ['ns1.example.org'],
    timeout: '400ms',
    ...settings,
  })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const look = async (fault: (typeof FAULTS)[number]) => {
    const { verdict, reason } = await bench.play(fault)
    return `${verdict} ${reason}`
  }
  const before = await look(CONTROL)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS) if (canBreak(fault, bench.expects)) seen[fault.name] = await look(fault)
  return { control: [before, await look(CONTROL)], seen }
}

const WELL = ['up ok', 'up ok']
const GENERIC = { tarpit: 'down dns.no-answer', 'connection-refused': 'down connect.refused' }

test('a strict monitor names each fault by its own reason', async () => {
  const strict = await score({
    expect: {
      is: ['192.0.2.1', '192.0.2.2'],
      minTtl: '10m',
      validated: true,
      authoritative: true,
      maxLatency: '150ms',
    },
  })
  assert.deepEqual(strict, {
    control: WELL,
    seen: {
      'dns-wrong-answer': 'down dns.answer-wrong',
      'dns-servfail': 'down dns.rcode-unexpected',
      'dns-no-records': 'down dns.answer-wrong',
      'dns-not-authoritative': 'down dns.not-authoritative',
      'dns-not-validated': 'down dns.not-validated',
      'dns-ttl-short': 'degraded dns.ttl-unexpected',
      slow: 'degraded dns.slow',
      ...GENERIC,
    },
  })
})

test('every type that can be written satisfies its monitor and is caught', async () => {
  const records = {
    AAAA: '2001:db8::1',
    MX: '10 mail.example.org',
    TXT: 'v=spf1 -all',
    NS: 'ns1.example.org',
    SRV: '0 5 5060 sip.example.org',
    CAA: '0 issue "letsencrypt.org"',
    CNAME: 'www.example.net',
    SOA: 'ns1.example.org hostmaster.example.org 42 3600 600 86400 60',
  }
  for (const [type, is] of Object.entries(records)) {
    const { control, seen } = await score({ record: type, expect: { is }, timeout: '200ms' })
    assert.deepEqual(control, WELL, type)
    assert.deepEqual(
      Object.keys(seen).filter((name) => seen[name]!.startsWith('up')),
      ['slow'],
      type,
    )
  }
})

test('the server left behind is seen where they must agree, and only there', async () => {
  const zone = { record: 'SOA', servers: ['ns1.example.org', 'ns2.example.org', 'ns3.example.org'] }
  const sharp = await score({ ...zone, expect: { agree: true } })
  assert.deepEqual(sharp.control, WELL)
  assert.equal(sharp.seen['dns-stale-server'], 'degraded dns.servers-disagree')
  const blind = await score(zone)
  assert.equal(blind.seen['dns-stale-server'], 'up ok')
})

test('each demand left out opens the blind spot that belongs to it', async () => {
  const { seen } = await score({})
  assert.deepEqual(
    Object.keys(seen).filter((name) => seen[name]!.startsWith('up')),
    ['dns-wrong-answer', 'slow'],
  )
  const gone = await score({ expect: { rcode: 'NXDOMAIN' } })
  assert.deepEqual([gone.control, gone.seen['dns-wrong-answer']], [WELL, 'down dns.rcode-unexpected'])
})

test('records that cannot be written here are not played', async () => {
  const kind = kindNamed('dns')
  const spec = parseSpec(kind, { query: 'example.org', record: 'DS', expect: { is: '1 2 3 abc' } })
  assert.equal(await openBench({ kind, spec, clock: systemClock }), null)
})

test('over TCP the same is played, with the faults of a connection', async () => {
  const expect = { is: '192.0.2.1', maxLatency: '150ms' }
  const { control, seen } = await score({ transport: 'tcp', expect })
  assert.deepEqual(control, WELL)
  assert.deepEqual(seen, {
    'dns-wrong-answer': 'down dns.answer-wrong',
    'dns-servfail': 'down dns.rcode-unexpected',
    'dns-no-records': 'down dns.answer-wrong',
    slow: 'degraded dns.slow',
    ...GENERIC,
  })
})
