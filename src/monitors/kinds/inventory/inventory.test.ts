import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { inventory } from './index.ts'
import { guessFormat } from './parse-inventory.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-inventory-'))
const servers: Server[] = []
after(() => {
  rmSync(folder, { recursive: true })
  for (const server of servers) server.close()
})

let files = 0
async function judge(content: unknown, settings: Record<string, unknown> = {}, ending = 'json') {
  const file = join(folder, `${files++}.${ending}`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return look({ file, ...settings })
}

async function look(settings: Record<string, unknown>) {
  const spec = inventory.schema.parse(settings)
  const seen = await checkOnce(inventory, spec, { clock: systemClock, deadlineMs: spec.timeout })
  assert.ok(inventory.reasons.includes(seen.reason), seen.reason)
  assert.ok(!seen.summary.includes('\n'))
  return seen
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const MAC = ['02:00:5e:10:00:01', '02:00:5e:10:00:02']
const face = (ip: string, more: object = {}) => ({
  name: '',
  ip,
  service: 'PHONE',
  role: 'primary',
  fixed: true,
  hardware_address: null,
  ...more,
})
const device = (name: string, interfaces: object[], cards = MAC) => ({
  name,
  responsible: 'voice team',
  interfaces,
  cards: cards.map((hardware_address) => ({ hardware_address })),
})

describe('addresses that are not bound', () => {
  test('one of two fixed ones in one service: the fault of the incident', async () => {
    const seen = await judge({
      devices: [
        device('front-1', [
          face('10.1.0.11'),
          face('10.1.0.10', { role: 'floating', hardware_address: MAC[0] }),
        ]),
      ],
    })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'inventory.unbound-address'])
    assert.match(seen.summary, /^front-1: 10\.1\.0\.11 \(primary in PHONE\): of several fixed addresses/)
    const { violations } = seen.details as { violations: { rows: { ip: string }[]; responsible: string[] }[] }
    assert.deepEqual(
      violations[0]!.rows.map(({ ip }) => ip),
      ['10.1.0.11', '10.1.0.10'],
    )
    assert.deepEqual(violations[0]!.responsible, ['voice team'])
  })
  const well: [string, object[]][] = [
    [
      'both bound',
      [face('10.1.0.11', { hardware_address: MAC[0] }), face('10.1.0.10', { hardware_address: MAC[1] })],
    ],
    ['an interface without an address beside it', [face('10.1.0.11'), face('')]],
    ['a single unbound one', [face('10.1.0.11')]],
    ['one in each of two services', [face('10.1.0.11'), face('10.2.0.11', { service: 'OTHER' })]],
    ['one fixed and one that is not', [face('10.1.0.11'), face('10.1.0.12', { fixed: false })]],
    [
      'bound, and floating beside it that nobody calls fixed',
      [
        face('10.1.0.11', { hardware_address: MAC[0] }),
        face('10.1.0.10', { role: 'floating', fixed: undefined }),
      ],
    ],
  ]
  for (const [what, interfaces] of well)
    test(`${what} is no fault`, async () => {
      const seen = await judge({ devices: [device('front-1', interfaces)] })
      assert.equal(seen.reason, 'ok', seen.summary)
      assert.match(seen.summary, /addresses of 1 device, no violation$/)
    })
  test('bound to the card of another host is not bound', async () => {
    const seen = await judge({
      devices: [
        device('front-1', [
          face('10.1.0.11', { hardware_address: 'aa:aa:aa:aa:aa:aa' }),
          face('10.1.0.12', { hardware_address: MAC[0] }),
        ]),
      ],
    })
    assert.equal(seen.reason, 'inventory.unbound-address')
  })
})

test('an address declared twice, in whatever form', async () => {
  const seen = await judge({
    devices: [device('a', [face('2001:db8::1')], []), device('b', [face('2001:0DB8:0:0::0001/64')], [])],
  })
  assert.equal(seen.reason, 'inventory.duplicate-address')
  assert.equal(seen.summary, '2001:db8::1 (a, b): the address is declared more than once')
})

test('a floating address belongs to two hosts and is bound at one at most', async () => {
  const pair = (first: string | null, second: string | null) => ({
    devices: [
      device('a', [face('10.1.0.10', { role: 'floating', hardware_address: first })], []),
      device('b', [face('10.1.0.10', { role: 'floating', hardware_address: second })], []),
    ],
  })
  assert.equal((await judge(pair(null, null))).reason, 'ok')
  assert.equal((await judge(pair(MAC[0]!, null))).reason, 'ok')
  const seen = await judge(pair(MAC[0]!, MAC[1]!))
  assert.equal(seen.reason, 'inventory.floating-bound-twice')
  assert.match(seen.summary, /^10\.1\.0\.10 \(a, b\)/)
})

test('several violations are counted, and accepted ones are not', async () => {
  const devices = ['a', 'b', 'c'].map((name, index) =>
    device(name, [face(`10.1.0.${index + 1}`), face(`10.1.1.${index + 1}`, { hardware_address: MAC[0] })]),
  )
  const all = await judge({ devices })
  assert.match(all.summary, /\(and 2 more violations\)$/)
  assert.equal(all.values.violations, 3)
  const because = 'is being moved'
  const accept = [
    { rule: 'unbound-address', device: 'A', because },
    { rule: 'unbound-address', ip: '10.1.0.2', because },
    { rule: 'unbound-address', device: 'c', because, until: '2020-01-01' },
  ]
  const some = await judge({ devices }, { accept })
  assert.deepEqual([some.values.violations, some.values.accepted], [1, 2])
  assert.match(some.summary, /^c: /)
  const none = await judge({ devices }, { skip: ['unbound-address'] })
  assert.equal(none.reason, 'ok')
  const mild = await judge({ devices }, { verdict: 'degraded' })
  assert.equal(mild.verdict, 'degraded')
})

test('a rule of one’s own is data', async () => {
  const rules = {
    responsible: { title: 'nobody is responsible', by: ['device'], wrong: { responsible: '' } },
  }
  const seen = await judge({ devices: [{ ...device('a', [face('10.0.0.1')]), responsible: '' }] }, { rules })
  assert.deepEqual(
    [seen.reason, seen.summary],
    ['inventory.rule-broken', 'a: 10.0.0.1 (primary in PHONE): nobody is responsible'],
  )
})

describe('formats', () => {
  const yaml = `devices:
  - name: front-1
    responsible: voice
    interfaces:
      - {ip: 10.1.0.11, service: PHONE, role: primary, fixed: true}
      - {ip: 10.1.0.10, service: PHONE, role: floating, fixed: true, hardware_address: 02-00-5E-10-00-01}
`
  const csv = `device;responsible;interface;ip;service;role;fixed;hardware_address
front-1;voice;;10.1.0.11;PHONE;primary;yes;
front-1;voice;"float;ing";10.1.0.10;PHONE;floating;yes;0200.5e10.0001
`
  test('YAML and CSV are the same as JSON, by their names or by their beginning', async () => {
    for (const [text, ending] of [
      [yaml, 'yml'],
      [yaml, 'txt'],
      [csv, 'csv'],
      [csv, 'txt'],
    ] as const) {
      const seen = await judge(text, {}, ending)
      assert.equal(seen.reason, 'inventory.unbound-address', `${ending}: ${seen.summary}`)
      assert.equal(seen.values.addresses, 2)
    }
    assert.deepEqual(
      [guessFormat('  [1]'), guessFormat('a,b\n'), guessFormat('devices: []')],
      ['json', 'csv', 'yaml'],
    )
  })
  test('another shape is read through its mapping', async () => {
    const content = {
      hosts: [
        {
          fqdn: 'a',
          contact: { mail: 'x@example.org' },
          nics: [
            { address: '10.0.0.1', net: 'N' },
            { address: '10.0.0.2', net: 'N', mac: MAC[0] },
          ],
        },
      ],
    }
    const mapping = {
      devices: '$.hosts[*]',
      name: 'fqdn',
      responsible: '$.contact.mail',
      interfaces: 'nics',
      ip: 'address',
      service: 'net',
      hardwareAddress: 'mac',
    }
    const seen = await judge(content, { mapping })
    assert.equal(seen.reason, 'inventory.unbound-address')
    assert.match(seen.summary, /^a: 10\.0\.0\.1/)
    const columns = await judge(
      'box,addr\na,10.0.0.1\nb,10.0.0.1\n',
      { mapping: { name: 'box', ip: 'addr' } },
      'csv',
    )
    assert.equal(columns.reason, 'inventory.duplicate-address')
  })
  test('what is no inventory is unknown, and is not quoted', async () => {
    const secret = 'root:$6$salt'
    for (const [text, ending, reason] of [
      [secret, 'json', 'inventory.unreadable'],
      [`${secret}\n`, 'csv', 'inventory.unreadable'],
      ['{"things":[]}', 'json', 'inventory.unreadable'],
      ['a: [', 'yaml', 'inventory.unreadable'],
    ] as const) {
      const seen = await judge(text, {}, ending)
      assert.deepEqual([seen.verdict, seen.reason], ['unknown', reason], text)
      assert.ok(!JSON.stringify(seen).includes('salt'))
    }
    const empty = await judge({ devices: [] })
    assert.deepEqual([empty.verdict, empty.reason], ['down', 'inventory.empty'])
    const missing = await look({ file: join(folder, 'none.json') })
    assert.deepEqual([missing.verdict, missing.reason], ['unknown', 'inventory.file-unreadable'])
    assert.equal((await look({ file: folder })).reason, 'inventory.file-unreadable')
    assert.equal((await look({ file: '/dev/zero' })).reason, 'inventory.file-unreadable')
  })
  test('an address that is none is told', async () => {
    const seen = await judge({ devices: [device('a', [face('10.0.0.300')])] })
    assert.deepEqual(
      [seen.reason, seen.summary],
      ['inventory.invalid-address', '10.0.0.300 (a): this is no IP address'],
    )
  })
  test('over HTTP', async () => {
    const url = await serve((_, response) => void response.end(yaml))
    assert.equal((await look({ url: `${url}/registry.yaml` })).reason, 'inventory.unbound-address')
    const gone = await serve((_, response) => void response.writeHead(404).end())
    assert.equal((await look({ url: gone })).reason, 'http.status-unexpected')
  })
})

describe('reality', () => {
  const registry = { devices: [device('a', [face('10.0.0.1')]), device('b', [face('10.0.0.2')])] }
  const hosts = (told: Record<string, string[]>) =>
    serve((request, response) => {
      const known = told[request.url!.slice(1)]
      response.writeHead(known ? 200 : 500).end(JSON.stringify({ addresses: known }))
    })
  const ask = async (told: Record<string, string[]>) =>
    judge(registry, { hosts: { url: `${await hosts(told)}/{device}`, path: '$.addresses' } })
  test('agrees, or differs, or is told by two hosts at once', async () => {
    assert.equal((await ask({ a: ['10.0.0.1', '127.0.0.1'], b: ['10.0.0.2'] })).reason, 'ok')
    const other = await ask({ a: ['10.0.0.9'], b: ['10.0.0.2'] })
    assert.equal(other.reason, 'inventory.host-differs')
    assert.equal(
      other.summary,
      'a: it does not have 10.0.0.1 (primary in PHONE), and it has 10.0.0.9, which the registry does not know',
    )
    const conflict = await ask({ a: ['10.0.0.1'], b: ['10.0.0.2', '10.0.0.1'] })
    assert.equal(conflict.reason, 'inventory.address-conflict')
    const { violations } = conflict.details as { violations: { summary: string }[] }
    assert.ok(violations.some(({ summary }) => summary === '10.0.0.1 is held by a and b at the same time'))
    const silent = await ask({ a: ['10.0.0.1'] })
    assert.deepEqual([silent.verdict, silent.reason], ['degraded', 'inventory.host-silent'])
  })
  test('DNS says otherwise', async () => {
    const seen = await judge({ devices: [device('localhost', [face('10.9.9.9')])] }, { dns: {} })
    assert.equal(seen.reason, 'inventory.dns-differs')
    assert.match(seen.summary, /^localhost: the registry says 10\.9\.9\.9, DNS says 127\.0\.0\.1/)
    assert.equal(
      (await judge({ devices: [device('localhost', [face('127.0.0.1')])] }, { dns: {} })).reason,
      'ok',
    )
  })
})
