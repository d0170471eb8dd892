import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import dnsPacket from 'dns-packet'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce, KEEPER_REASONS } from '../../check-once.ts'
import { monitorEntry } from '../../config.ts'
import { useNameServers } from '../../net/resolve.ts'
import type { MemberSight, PoolDetails } from '../../pools/pool.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { kindNamed, parseSpec } from '../find-kind.ts'
import type { PoolSpec } from './index.ts'
import { judgePool, POOL_REASONS } from './judge-pool.rules.ts'

const NAME = 'ts.example.org'
const servers: Server[] = []
after(() => servers.forEach((server) => void server.close()))

async function listen(server: Server, host: string, port = 0): Promise<number> {
  servers.push(server)
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

let root: Minted
let right: Minted
let wrong: Minted
before(async () => {
  root = await mintRoot()
  right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
  wrong = await mint({ name: 'CN=TS02-NEW' })
})

const node = (served: Minted, host: string, port = 0) => {
  const server = createTlsServer({ key: served.key, cert: served.cert }, (socket) =>
    socket.on('error', () => {}),
  )
  server.on('tlsClientError', () => {})
  return listen(server, host, port)
}

function look(settings: Record<string, unknown>) {
  const kind = kindNamed('pool')
  const spec = parseSpec(kind, { timeout: '3s', ...settings }) as { timeout: number }
  return checkOnce(kind, spec, { clock: systemClock, deadlineMs: spec.timeout })
}
const membersOf = (details: unknown) => (details as PoolDetails).members
const tls = () => ({ type: 'tls', expect: { name: NAME, ca: root.cert }, timeout: '1s' })

describe('a pool over real sockets', () => {
  test('checks each member at its own address, by the name of the service', async () => {
    const port = await node(right, '127.0.0.2')
    await node(wrong, '127.0.0.3', port)
    const members = [
      { name: 'ts01', address: `127.0.0.2:${port}` },
      { name: 'ts02', address: `127.0.0.3:${port}` },
      `127.0.0.4:${port}`,
    ]
    const seen = await look({ check: tls(), members })
    assert.deepEqual(
      membersOf(seen.details).map(({ member, address, verdict, reason }) => [
        member,
        address,
        verdict,
        reason,
      ]),
      [
        ['ts01', `127.0.0.2:${port}`, 'up', 'ok'],
        ['ts02', `127.0.0.3:${port}`, 'down', 'certificate.self-signed'],
        [`127.0.0.4:${port}`, `127.0.0.4:${port}`, 'down', 'connect.refused'],
      ],
    )
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'pool.quorum-lost'])
    assert.match(
      seen.summary,
      /^1 of 3 members are well, 2 are needed; ts02: .+; 127\.0\.0\.4:\d+: .+ refused the connection$/,
    )
    assert.deepEqual(seen.values, { members: 3, good: 1, down: 2, unknown: 0 })
  })

  test('a web service is asked for its own address at every node', async () => {
    const { createServer: createWeb } = await import('node:http')
    const asked: string[] = []
    const web = (host: string, port: number) =>
      listen(
        createWeb((request, response) => {
          asked.push(`${host} ${request.headers.host}${request.url}`)
          response.end('well')
        }),
        host,
        port,
      )
    const port = await web('127.0.0.2', 0)
    await web('127.0.0.3', port)
    const check = {
      type: 'http',
      url: `http://docs.example.org:${port}/health`,
      expect: { contains: 'well' },
    }
    const seen = await look({ check, members: ['127.0.0.2', '127.0.0.3'] })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.deepEqual(asked.sort(), [
      `127.0.0.2 docs.example.org:${port}/health`,
      `127.0.0.3 docs.example.org:${port}/health`,
    ])
  })

  test('what each member’s check remembers is kept apart', async () => {
    const { createServer: createWeb } = await import('node:http')
    const port = await listen(
      createWeb((_request, response) => void response.end()),
      '127.0.0.2',
    )
    const expect = { latency: { p50: '5s', over: 3 } }
    const check = { type: 'http', url: `http://docs.example.org:${port}/`, timeout: '1s', expect }
    const kind = kindNamed('pool')
    const spec = parseSpec(kind, { check, members: ['127.0.0.2', { name: 'b', address: '127.0.0.2' }] })
    const options = { clock: systemClock, deadlineMs: 3_000 }
    const { memory } = await checkOnce(kind, spec, options)
    assert.deepEqual(Object.keys(memory as object).sort(), ['127.0.0.2', 'b'])
    const again = await checkOnce(kind, spec, { ...options, memory })
    assert.ok(JSON.stringify(again.memory).length > JSON.stringify(memory).length, 'it goes on from there')
  })

  test('a member that hangs does not take the time of the others', async () => {
    const port = await node(right, '127.0.0.2')
    await listen(
      createServer((socket) => socket.on('error', () => {}).resume()),
      '127.0.0.3',
      port,
    )
    const seen = await look({
      check: tls(),
      members: [`127.0.0.2:${port}`, `127.0.0.3:${port}`],
      timeout: '700ms',
    })
    assert.deepEqual(
      membersOf(seen.details).map(({ verdict }) => verdict),
      ['up', 'down'],
    )
    assert.equal(seen.reason, 'pool.members-down')
  })

  test('without a list the members are all addresses of the name, as they are now', async () => {
    const usual = getServers()
    const nameServer = createSocket('udp4')
    let addresses: string[] | null = ['127.0.0.2', '127.0.0.3']
    nameServer.on('message', (raw, from) => {
      const query = dnsPacket.decode(raw)
      const { name, type } = query.questions![0]!
      const data = type === 'A' && name === NAME ? addresses : null
      const answers = (data ?? []).map((one) => ({ type: 'A' as const, name, ttl: 0, data: one }))
      const flags = data === null ? 3 : 0
      nameServer.send(
        dnsPacket.encode({ type: 'response', id: query.id, flags, questions: query.questions, answers }),
        from.port,
        from.address,
      )
    })
    nameServer.bind(0, '127.0.0.1')
    await once(nameServer, 'listening')
    useNameServers([`127.0.0.1:${nameServer.address().port}`])
    try {
      const port = await node(right, '127.0.0.2')
      await node(right, '127.0.0.3', port)
      const settings = { check: { ...tls(), target: `${NAME}:${port}` }, size: 3 }
      const small = await look(settings)
      assert.deepEqual([small.verdict, small.reason], ['degraded', 'pool.too-small'])
      assert.deepEqual(
        membersOf(small.details).map(({ member }) => member),
        ['127.0.0.2', '127.0.0.3'],
      )
      addresses = ['127.0.0.3']
      assert.deepEqual(
        membersOf((await look(settings)).details).map(({ member }) => member),
        ['127.0.0.3'],
      )
      // Who cannot even be found is not known to be bad.
      addresses = null
      const gone = await look(settings)
      assert.deepEqual([gone.verdict, gone.reason, gone.details], ['unknown', 'pool.unresolved', undefined])
    } finally {
      useNameServers(usual)
      nameServer.close()
    }
  })
})

describe('the verdict of a pool', () => {
  const VERDICT = { g: 'up', w: 'degraded', r: 'down', '?': 'unknown' } as const
  const judge = (letters: string, least: number, wanted: number, size: number | null = null) => {
    const members = [...letters].map((letter, i): MemberSight => {
      const verdict = VERDICT[letter as keyof typeof VERDICT]
      return { member: `m${i}`, address: 'x', verdict, reason: verdict, summary: `is ${verdict}`, tookMs: 1 }
    })
    const { verdict, reason, summary } = judgePool(members, { least, wanted, size })
    return [verdict, reason, summary].join(' | ')
  }
  const table: [string, number, number, string][] = [
    ['gggg', 2, 4, 'up | ok | all 4 members are well'],
    ['gggr', 2, 4, 'degraded | pool.members-down | 3 of 4 members are well; m3: is down'],
    ['gggr', 2, 3, 'up | ok | 3 of 4 members are well'],
    [
      'grrr',
      2,
      4,
      'down | pool.quorum-lost | 1 of 4 members are well, 2 are needed; m1: is down; m2: is down; m3: is down',
    ],
    [
      'rrrrr',
      1,
      5,
      'down | pool.quorum-lost | 0 of 5 members are well, 1 are needed; m0: is down; m1: is down; m2: is down; and 2 more',
    ],
    ['gwgg', 2, 4, 'degraded | pool.members-degraded | 4 of 4 members are well; m1: is degraded'],
    ['ggg?', 2, 4, 'degraded | pool.members-unknown | 3 of 4 members are well; m3: is unknown'],
    // What decides whether the pool stands is not known.
    [
      'g???',
      2,
      4,
      'unknown | pool.members-unknown | 1 of 4 members are well; m1: is unknown; m2: is unknown; m3: is unknown',
    ],
    [
      '????',
      1,
      4,
      'unknown | pool.members-unknown | 0 of 4 members are well; m0: is unknown; m1: is unknown; m2: is unknown; and 1 more',
    ],
    ['gg?r', 2, 4, 'degraded | pool.members-down | 2 of 4 members are well; m3: is down'],
    [
      'gr??',
      3,
      4,
      'unknown | pool.members-unknown | 1 of 4 members are well; m2: is unknown; m3: is unknown',
    ],
    [
      'rrr?',
      2,
      4,
      'down | pool.quorum-lost | 0 of 4 members are well, 2 are needed; m0: is down; m1: is down; m2: is down',
    ],
  ]
  for (const [letters, least, wanted, said] of table)
    test(`${letters}, ${least} of which are needed and ${wanted} wanted`, () =>
      assert.equal(judge(letters, least, wanted), said))

  test('a pool that is too small says so, unless worse is to be said', () => {
    assert.equal(judge('ggg', 1, 3, 4), 'degraded | pool.too-small | there are 3 members, 4 are expected')
    assert.match(judge('ggr', 1, 3, 4), /pool\.members-down/)
  })

  test('every reason stands above', () => {
    const said = [...table.map(([, , , text]) => text), ' | pool.too-small | ', ' | pool.unresolved | ']
    for (const reason of POOL_REASONS)
      assert.ok(
        said.some((text) => text.includes(` | ${reason} | `)),
        `'${reason}'`,
      )
    for (const reason of KEEPER_REASONS) assert.ok(!(POOL_REASONS as readonly string[]).includes(reason))
  })
})

describe('the settings of a pool', () => {
  const entry = (more: object) =>
    monitorEntry.safeParse({
      type: 'pool',
      service: 'ts',
      check: { type: 'rdp', expect: { name: NAME } },
      members: ['10.0.0.1'],
      ...more,
    })
  const problem = (more: object) =>
    entry(more).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

  test('are told where they are wrong, as those of the check alone would be', () => {
    assert.deepEqual(problem({}), undefined)
    assert.deepEqual(problem({ check: { type: 'heartbeat' } }), [
      'check.type: "heartbeat" cannot check the members of a pool',
    ])
    assert.deepEqual(problem({ check: { type: 'pool' } }), [
      'check.type: "pool" cannot check the members of a pool',
    ])
    assert.match(
      problem({ check: { type: 'rdp', target: 'a', expect: { nam: 1 } } })!.join(),
      /^check\.expect: /,
    )
    assert.match(problem({ check: { type: 'http', url: 'ftp://a/' } })!.join(), /^check\.url: /)
    assert.match(
      problem({ members: ['10.0.0.1', '10.0.0.1'] })!.join(),
      /^members: one of them is named twice/,
    )
    assert.match(problem({ members: [{ name: 'a b', address: '10.0.0.1' }] })!.join(), /^members\.0/)
    assert.match(problem({ drain: { floor: '101%' } })!.join(), /^drain\.floor/)
    assert.match(problem({ drain: { flor: 1 } })!.join(), /^drain: /)
  })

  test('survive being stored as they were parsed', () => {
    const { spec } = entry({
      members: ['10.0.0.1', { name: 'b', address: '[2001:db8::1]:3390' }],
      drain: { floor: 2 },
    }).data!
    const stored = JSON.parse(JSON.stringify(spec)) as PoolSpec
    assert.deepEqual(stored, spec)
    // Whatever the configuration takes away for itself would be missed here.
    assert.deepEqual(
      Object.keys(parseSpec('pool', { check: { type: 'rdp', target: NAME } }) as object).filter(
        (key) => !(key in stored),
      ),
      [],
    )
    assert.deepEqual(stored.members, [
      { name: '10.0.0.1', host: '10.0.0.1', port: null },
      { name: 'b', host: '2001:db8::1', port: 3390 },
    ])
    assert.deepEqual(
      [stored.drain.floor, stored.check.spec.target],
      [{ count: 2 }, { host: NAME, port: 3389 }],
    )
    assert.equal(kindNamed('pool').target(stored), `${NAME}:3389 on 2 members`)
  })
})

describe('kinds that can check members', () => {
  const named: Record<string, object> = {
    dns: { query: 'www.example.org' },
    http: { url: `https://${NAME}/` },
    rdp: { target: NAME },
    sip: { target: NAME },
    smtp: { target: NAME },
    starttls: { target: NAME, protocol: 'imap' },
    tcp: { target: `${NAME}:22` },
    tls: { target: NAME },
  }
  for (const [type, settings] of Object.entries(named))
    test(`${type} goes to the address of the member and asks for the service`, () => {
      const kind = kindNamed(type)
      const spec = parseSpec(kind, settings)
      const pointed = kind.byAddress!.pointAt(spec, { host: '10.0.0.7', port: 4711 })
      assert.deepEqual(kind.byAddress!.endpoint(pointed), { host: '10.0.0.7', port: 4711 })
      // The name is still in it, wherever the kind keeps it; where only a port is asked, there is none to keep.
      if (type !== 'tcp') assert.ok(JSON.stringify(pointed).includes('example.org'), JSON.stringify(pointed))
      assert.ok(
        !('everyAddress' in (pointed as object)) ||
          (pointed as { everyAddress: unknown }).everyAddress === false,
      )
    })
})
