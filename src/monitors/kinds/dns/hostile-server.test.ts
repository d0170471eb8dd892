/** Name servers that lie, forge, stutter and babble: every reason is provoked, and no bytes break the check. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import dnsPacket, { type DecodedPacket } from 'dns-packet'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce, KEEPER_REASONS } from '../../check-once.ts'
import { decodeMessage } from './ask-server.ts'
import { dns } from './index.ts'
import { answersQuestion, readAnswer } from './message.rules.ts'

type Reply = (query: DecodedPacket, raw: Buffer) => Buffer[]
const udp = createSocket('udp4')
let reply: Reply = () => []
let tcpReply: (socket: Socket, query: Buffer) => void = (socket) => socket.destroy()
const tcp = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (bytes: Buffer) => tcpReply(socket, bytes))
})
let port: number

before(async () => {
  udp.on('message', (raw, from) => {
    for (const bytes of reply(dnsPacket.decode(raw), raw)) udp.send(bytes, from.port, from.address)
  })
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  port = (tcp.address() as AddressInfo).port
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
})
after(() => {
  udp.close()
  tcp.close()
})

const FLAGS = { AA: 1 << 10, TC: 1 << 9, AD: 1 << 5 }
function answer(query: DecodedPacket, addresses: string[], flags = 0, more: object = {}): Buffer {
  return dnsPacket.encode({
    type: 'response',
    id: query.id,
    flags,
    questions: query.questions,
    answers: addresses.map((data) => ({ type: 'A', name: query.questions![0]!.name, ttl: 60, data })),
    ...more,
  })
}
const framed = (bytes: Buffer) => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
function look(settings: Record<string, unknown> = {}) {
  const spec = dns.schema.parse({
    query: 'www.example.org',
    servers: [`127.0.0.1:${port}`],
    timeout: '400ms',
    ...settings,
  })
  return checkOnce(dns, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('a name server that lies', () => {
  test('answers to other questions are not taken, the right one after them is', async () => {
    reply = (query) => [
      answer({ ...query, id: (query.id! + 1) & 0xffff }, ['192.0.2.66']),
      answer({ ...query, questions: [{ type: 'A', name: 'evil.example.org', class: 'IN' }] } as never, [
        '192.0.2.66',
      ]),
      answer({ ...query, questions: [{ type: 'MX', name: 'www.example.org', class: 'IN' }] } as never, [
        '192.0.2.66',
      ]),
      Buffer.from('nonsense'),
      dnsPacket.encode({ type: 'query', id: query.id, questions: query.questions }),
      answer(query, ['192.0.2.1']),
    ]
    const seen = await look({ expect: { is: '192.0.2.1' } })
    assert.equal(seen.reason, 'ok', seen.summary)
  })

  test('records of names that were not asked for do not count', async () => {
    reply = (query) => [
      answer(query, [], 0, {
        answers: [{ type: 'A', name: 'evil.example.org', ttl: 1, data: '192.0.2.66' }],
      }),
    ]
    assert.equal((await look()).reason, 'dns.too-few')
  })

  test('who sends only foreign messages is told apart from who is silent', async () => {
    reply = (query) => [answer({ ...query, id: (query.id! + 1) & 0xffff }, ['192.0.2.66'])]
    assert.equal((await look()).reason, 'dns.malformed')
    reply = () => []
    assert.equal((await look()).reason, 'dns.no-answer')
  })

  test('a lost question is asked again', async () => {
    let asked = 0
    reply = (query) => (++asked < 2 ? [] : [answer(query, ['192.0.2.1'])])
    assert.equal((await look({ timeout: '3s' })).reason, 'ok')
    assert.equal(asked, 2)
  })

  test('over TCP: in single bytes, with no end, with another id, and hanging up', async () => {
    reply = (query) => [answer(query, [], FLAGS.TC)]
    const right = (query: Buffer) => framed(answer(dnsPacket.decode(query.subarray(2)), ['192.0.2.1']))
    tcpReply = (socket, query) => {
      const bytes = [...right(query)]
      const next = () => {
        const byte = bytes.shift()
        if (byte === undefined) socket.end()
        else socket.write(Buffer.from([byte]), () => setImmediate(next))
      }
      next()
    }
    assert.equal((await look({ timeout: '3s' })).reason, 'ok')
    tcpReply = (socket, query) =>
      socket.end(framed(answer({ ...dnsPacket.decode(query.subarray(2)), id: 1 }, [])))
    assert.ok(['dns.malformed', 'dns.too-few'].includes((await look()).reason))
    tcpReply = (socket) => socket.write(Buffer.from([0xff, 0xff, 1, 2, 3]))
    assert.equal((await look()).reason, 'dns.no-answer')
    tcpReply = (socket) => socket.destroy()
    assert.equal((await look()).reason, 'dns.no-answer')
  })
})

describe('the reasons of dns', () => {
  const serve = (make: (query: DecodedPacket) => Buffer) => () => {
    reply = (query) => [make(query)]
  }
  const well = serve((query) => answer(query, ['192.0.2.1']))
  const soa = (serial: number, query: DecodedPacket) =>
    answer(query, [], 0, {
      answers: [
        {
          type: 'SOA',
          name: 'www.example.org',
          ttl: 60,
          data: { mname: 'a', rname: 'b', serial, refresh: 1, retry: 1, expire: 1, minimum: 1 },
        },
      ],
    })
  const produced: Record<string, { before?: () => void; with?: Record<string, unknown> }> = {
    ok: { before: well },
    'dns.failed': { with: { servers: ['127.0.0.1:53'], family: 'ipv6' } },
    'egress.refused': { with: { servers: ['169.254.169.254'] } },
    'connect.refused': { with: { servers: ['127.0.0.1:1'] } },
    'dns.no-answer': { before: () => (reply = () => []) },
    'dns.malformed': { before: serve(() => Buffer.from('x')) },
    'dns.rcode-unexpected': { before: serve((query) => answer(query, [], 2)) },
    'dns.too-few': { before: serve((query) => answer(query, [])) },
    'dns.answer-wrong': { before: well, with: { expect: { is: '192.0.2.2' } } },
    'dns.not-authoritative': { before: well, with: { expect: { authoritative: true } } },
    'dns.not-validated': { before: well, with: { expect: { validated: true } } },
    'dns.servers-disagree': {
      before: () => {
        let serial = 1
        reply = (query) => [soa(serial++, query)]
      },
      with: { record: 'SOA', expect: { agree: true } },
    },
    'dns.ttl-unexpected': { before: well, with: { expect: { minTtl: '2m' } } },
    'dns.slow': {
      before: () => {
        reply = (query) => {
          const until = Date.now() + 30
          while (Date.now() < until) {}
          return [answer(query, ['192.0.2.1'])]
        }
      },
      with: { expect: { maxLatency: '10ms' } },
    },
  }
  // Of the machine's own resolver, its route and its clock: the network's own tests provoke them.
  const ELSEWHERE = ['dns.timeout', 'connect.timeout', 'connect.failed', 'dns.no-server']

  for (const [reason, { before: prepare, with: settings = {} }] of Object.entries(produced))
    test(reason, async () => {
      prepare?.()
      const servers =
        reason === 'dns.servers-disagree' ? [`127.0.0.1:${port}`, `localhost:${port}`] : undefined
      const seen = await look({ ...(servers && { servers }), ...settings })
      assert.equal(seen.reason, reason, seen.summary)
      assert.equal(seen.verdict === 'up', reason === 'ok')
    })

  test('are all produced here or by the network’s own tests', () => {
    assert.deepEqual([...Object.keys(produced), ...ELSEWHERE].sort(), [...dns.reasons].sort())
    for (const reason of KEEPER_REASONS) assert.ok(!dns.reasons.includes(reason))
  })

  test('the AD and AA flags are read where they are set', async () => {
    reply = (query) => [answer(query, ['192.0.2.1'], FLAGS.AA | FLAGS.AD)]
    assert.equal((await look({ expect: { validated: true, authoritative: true } })).reason, 'ok')
  })
})

describe('bytes of any kind', () => {
  const question = { id: 7, name: 'www.example.org', type: 'A' as const }
  const sample = answer(
    { id: 7, questions: [{ type: 'A', name: 'www.example.org', class: 'IN' }] } as never,
    ['192.0.2.1', '192.0.2.2'],
  )
  const digest = (bytes: Buffer) => {
    const packet = decodeMessage(bytes)
    if (packet && answersQuestion(packet, question))
      for (const { text } of readAnswer(packet, question).records) assert.equal(typeof text, 'string')
  }

  test('random bytes neither break nor hang the parser', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => digest(Buffer.from(bytes))),
      { numRuns: 10_000 },
    )
  })

  test('nor do answers of every type with bytes changed, cut and doubled', () => {
    const types = [
      'A',
      'AAAA',
      'MX',
      'TXT',
      'SOA',
      'SRV',
      'CAA',
      'NS',
      'DNSKEY',
      'DS',
      'NAPTR',
      'TLSA',
      'SSHFP',
      'OPT',
      'RRSIG',
      'NSEC',
      'NSEC3',
      'HINFO',
      'RP',
    ]
    const change = fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      type: fc.constantFrom(...types),
    })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat({ max: sample.length }),
        (changes, cut) => {
          const bytes = Buffer.concat([sample, sample.subarray(cut)])
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte
          digest(bytes)
          // The type of the first record, whose data follow.
          bytes.writeUInt16BE(
            [1, 28, 15, 16, 6, 33, 257, 2, 48, 43, 35, 52, 44, 41, 46, 47, 50, 13, 17][
              types.indexOf(changes[0]!.type)
            ]!,
            35,
          )
          digest(bytes)
        },
      ),
      { numRuns: 10_000 },
    )
  })

  test('a message full of pointers to the longest name takes no time to speak of', () => {
    const head = Buffer.from('000781800001ffff00000000', 'hex')
    const name = Buffer.concat([
      ...Array(3).fill(Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 97)])),
      Buffer.from([0]),
    ])
    const record = Buffer.from('c00c0005000100000001000200c0', 'hex')
    const bytes = Buffer.concat([head, name, Buffer.from('00010001', 'hex'), ...Array(4_500).fill(record)])
    const started = process.cpuUsage().user
    digest(bytes.subarray(0, 65_535))
    assert.ok(process.cpuUsage().user - started < 1_000_000)
  })

  test('nor do they break the check itself, over UDP and TCP', async () => {
    for (let i = 0; i < 60; i++) {
      const noise = Buffer.from(Array.from({ length: (i * 37) % 300 }, (_, k) => (i * 31 + k * 17) & 0xff))
      reply = (query, raw) => [
        i % 2 ? Buffer.concat([raw.subarray(0, 2), noise]) : noise,
        answer(query, [], FLAGS.TC),
      ]
      tcpReply = (socket) => socket.end(i % 3 ? framed(noise) : noise)
      const seen = await look({ timeout: '300ms' })
      assert.ok(dns.reasons.includes(seen.reason), seen.summary)
    }
  })
})
