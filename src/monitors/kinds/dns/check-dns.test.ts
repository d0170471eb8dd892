import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningKnot, startKnot } from '../../../../test/harness/knot.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { until } from '../../../../test/harness/tocsin.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { parseTarget } from '../../parse-target.ts'
import { dns } from './index.ts'

const MANY = Array.from(
  { length: 60 },
  (_, i) => `many TXT "record number ${i} of a text that fills the message"`,
)
const RECORDS = `
www A 192.0.2.1
www A 192.0.2.2
www AAAA 2001:db8::1
alias CNAME www
@ MX 10 mail
mail A 192.0.2.3
@ TXT "v=spf1 " "-all"
_sip._tcp SRV 0 5 5060 sip
@ CAA 0 issue "letsencrypt.org"
short 5 A 192.0.2.4
${MANY.join('\n')}`

export function look(settings: Record<string, unknown>) {
  const spec = dns.schema.parse({ timeout: '3s', ...settings })
  return checkOnce(dns, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('a real Knot DNS', needs('knot'), () => {
  let primary: RunningKnot
  let secondary: RunningKnot
  before(async () => {
    primary = await startKnot('example.org', { serial: 7, records: RECORDS })
    secondary = await startKnot('example.org', { serial: 7, records: RECORDS })
  })
  after(async () => {
    await primary.stop()
    await secondary.stop()
  })
  const at = () => [`127.0.0.1:${primary.port}`]
  const both = () => [...at(), `127.0.0.1:${secondary.port}`]
  const ask = async (name: string, type: string, expect: object = {}, more: object = {}) => {
    const { verdict, reason, summary } = await look({
      query: name,
      record: type,
      servers: at(),
      expect,
      ...more,
    })
    return { verdict, reason, summary }
  }

  test('answers are compared record by record, in any order and form', async () => {
    const right: [string, string, string[]][] = [
      ['www.example.org', 'A', ['192.0.2.2', '192.0.2.1']],
      ['WWW.example.ORG.', 'AAAA', ['2001:0db8:0000::1']],
      ['alias.example.org', 'A', ['192.0.2.1', '192.0.2.2']],
      ['alias.example.org', 'CNAME', ['www.example.org.']],
      ['example.org', 'MX', ['10 mail.example.org']],
      ['example.org', 'TXT', ['v=spf1 -all']],
      ['example.org', 'NS', ['ns1.example.org']],
      ['_sip._tcp.example.org', 'SRV', ['0 5 5060 sip.example.org']],
      ['example.org', 'CAA', ['0 issue "letsencrypt.org"']],
      ['example.org', 'SOA', ['ns1.example.org hostmaster.example.org 7 3600 600 86400 60']],
    ]
    for (const [name, type, is] of right) {
      const seen = await ask(name, type, { is, authoritative: true })
      assert.equal(seen.reason, 'ok', `${type} ${name}: ${seen.summary}`)
    }
  })

  test('each way of being wrong has its reason and says what was found', async () => {
    assert.deepEqual(await ask('www.example.org', 'A', { is: '192.0.2.1' }), {
      verdict: 'down',
      reason: 'dns.answer-wrong',
      summary: `127.0.0.1:${primary.port} answered A of www.example.org with 192.0.2.1, 192.0.2.2: 192.0.2.2 is not expected`,
    })
    const lacks = await ask('www.example.org', 'A', { contains: '192.0.2.9' })
    assert.match(lacks.summary, /192\.0\.2\.9 is missing$/)
    assert.equal((await ask('gone.example.org', 'A')).reason, 'dns.rcode-unexpected')
    assert.equal((await ask('gone.example.org', 'A', { rcode: 'NXDOMAIN' })).reason, 'ok')
    assert.equal((await ask('elsewhere.example.net', 'A', { rcode: 'REFUSED' })).reason, 'ok')
    assert.equal((await ask('mail.example.org', 'AAAA')).reason, 'dns.too-few')
    assert.equal((await ask('www.example.org', 'A', { atLeast: 3 })).reason, 'dns.too-few')
    assert.equal((await ask('www.example.org', 'A', { validated: true })).reason, 'dns.not-validated')
    assert.equal((await ask('short.example.org', 'A', { minTtl: '1m' })).reason, 'dns.ttl-unexpected')
    assert.equal((await ask('www.example.org', 'A', { maxTtl: '1m' })).reason, 'dns.ttl-unexpected')
    assert.equal((await ask('www.example.org', 'A', { minTtl: '5m', maxTtl: '5m' })).reason, 'ok')
  })

  test('an answer that does not fit into a datagram is fetched over TCP', async () => {
    const seen = await ask('many.example.org', 'TXT', { atLeast: 60 })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.equal((await ask('www.example.org', 'A', {}, { transport: 'tcp' })).reason, 'ok')
  })

  test('servers that should say the same do, until one is left behind', async () => {
    const agree = { query: 'example.org', record: 'SOA', servers: both(), expect: { agree: true } }
    assert.equal((await look(agree)).reason, 'ok')
    primary.serve({ serial: 8, records: RECORDS })
    const stale = await until('the zone is loaded', 5_000, async () => {
      const seen = await look(agree)
      return seen.reason === 'dns.servers-disagree' && seen
    })
    assert.equal(stale.verdict, 'degraded')
    const [one, other] = both()
    assert.equal(stale.summary, `${one} has serial 8; ${other} has serial 7`)
    secondary.serve({ serial: 8, records: RECORDS.replace('192.0.2.1', '192.0.2.99') })
    await until('the zone is loaded', 5_000, async () => (await look(agree)).reason === 'ok')
    const records = await look({ ...agree, query: 'www.example.org', record: 'A' })
    assert.equal(records.reason, 'dns.servers-disagree')
  })

  test('one silent server of two is degraded, silence of all is down', async () => {
    const asked = { query: 'www.example.org', servers: both(), timeout: '600ms' }
    // A stopped process may have taken the question before it stood still: then the next look tells.
    const seenAs = (verdict: string) =>
      until(`it is seen as ${verdict}`, 10_000, async () => {
        const seen = await look(asked)
        return seen.verdict === verdict && seen
      })
    try {
      secondary.freeze()
      const seen = await seenAs('degraded')
      assert.equal(seen.reason, 'dns.no-answer')
      assert.match(seen.summary, /^1 of 2 servers: 127\.0\.0\.1:\d+ did not answer in time$/)
      primary.freeze()
      assert.equal((await seenAs('down')).reason, 'dns.no-answer')
    } finally {
      primary.thaw()
      secondary.thaw()
    }
    await seenAs('up')
  })

  test('is asked as tocsin check types it', async () => {
    const typed = async (target: string) => {
      const { kind, spec } = parseTarget(target, { timeout: '3s' })
      const { reason, summary } = await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 3_000 })
      return `${reason}: ${summary}`
    }
    const { port } = primary
    assert.equal(
      await typed(`dns://127.0.0.1:${port}/www.example.org?type=aaaa`),
      `ok: 127.0.0.1:${port} answered 2001:db8::1`,
    )
    assert.match(
      await typed(`dns://127.0.0.1:${port}/gone.example.org`),
      /^dns\.rcode-unexpected: .* answered NXDOMAIN/,
    )
    assert.deepEqual(
      parseTarget('dns://ns.example.org/example.org?type=MX').kind.target(
        parseTarget('dns://ns.example.org/example.org?type=MX').spec,
      ),
      'MX example.org at ns.example.org',
    )
    assert.equal(
      parseTarget('dns:example.org').kind.target(parseTarget('dns:example.org').spec),
      'A example.org',
    )
    assert.throws(() => parseTarget('dns://127.0.0.1/'), /not valid/)
    assert.throws(() => parseTarget('dns://127.0.0.1/example.org?type=AXFR'), /record/)
  })
})
