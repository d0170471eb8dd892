import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { shownSpec, withHidden } from '../../shown-spec.ts'
import { sip } from './index.ts'
import {
  closeServers,
  datagrams,
  digest,
  observe,
  register,
  respond,
  stream,
  value,
} from './servers-for-tests.ts'

after(closeServers)

describe('over UDP', () => {
  test('a request that is lost is repeated, the same one', async () => {
    const server = await datagrams((request, count) => (count < 3 ? [] : [respond(request, '200 OK')]))
    const seen = await observe(server.port)
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.equal(seen.values.sends, 3)
    assert.equal(new Set(server.heard).size, 1)
    // After 500 ms, and after another second.
    assert.ok(Number(seen.values.latencyMs) >= 1_400)
  })

  test('a provisional answer is waited upon with patience', async () => {
    const silent = await datagrams((request) => [respond(request, '100 Trying')])
    const seen = await observe(silent.port, { timeout: '1300ms' })
    assert.equal(seen.reason, 'sip.no-answer')
    assert.match(seen.summary, /said 100 and then no more/)
    assert.ok(silent.heard.length <= 2)
  })

  test('answers to others, old ones, requests and noise are passed over', async () => {
    const server = await datagrams((request) => [
      'no SIP at all',
      Buffer.from([0, 255, 1, 2]),
      respond(request, '503 Other').replace(/branch=[^;]+/, 'branch=z9hG4bKother'),
      respond(request, '503 Other').replace(/Call-ID: .*/, 'Call-ID: other'),
      respond(request, '503 Other').replace(/CSeq: 1 /, 'CSeq: 7 '),
      respond(request, '503 Other').replace(/OPTIONS$/m, 'INVITE'),
      `NOTIFY sip:x SIP/2.0\r\nVia: y\r\n\r\n`,
      respond(request, '200 OK'),
    ])
    assert.equal((await observe(server.port)).reason, 'ok')
  })

  test('of nothing but noise it is said that it was no SIP', async () => {
    const server = await datagrams(() => ['\x01\x02binary', 'HTTP/1.1 200 OK\r\n\r\n'])
    const seen = await observe(server.port, { timeout: '200ms' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.malformed'])
  })

  test('a flood of what is no answer ends the check', async () => {
    const server = await datagrams(() => Array.from({ length: 400 }, () => 'flood'))
    const seen = await observe(server.port, { timeout: '5s' })
    assert.equal(seen.reason, 'sip.malformed')
    assert.match(seen.summary, /1000 messages came/)
  })

  test('a closed port is told at once', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    socket.close()
    await once(socket, 'close')
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'connect.refused'])
    assert.ok(seen.tookMs < 1_000)
  })

  test('over IPv6 addresses stand in brackets', async (t) => {
    const server = await datagrams((request) => [register(request)], 0, '::1').catch(() => null)
    if (!server) return t.skip('this machine has no IPv6')
    const seen = await observe(server.port, {
      target: `[::1]:${server.port}`,
      domain: undefined,
      method: 'register',
    })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.match(server.heard[0]!, /^REGISTER sip:\[::1\] SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP \[::1\]:\d+;/)
  })

  test('link-local and metadata addresses are not spoken to', async () => {
    const seen = await observe(0, { target: '169.254.169.254' })
    assert.equal(seen.reason, 'egress.refused')
  })
})

describe('the request', () => {
  test('has what RFC 3261 wants of it', async () => {
    const server = await datagrams((request) => [respond(request, '200 OK')])
    await observe(server.port)
    const [request] = server.heard
    assert.match(request!, /^OPTIONS sip:pbx\.example\.org SIP\/2\.0\r\n/)
    assert.match(
      value(request!, 'Via')!,
      /^SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK[0-9a-f]{16};rport$/,
    )
    assert.match(value(request!, 'From')!, /^<sip:tocsin@pbx\.example\.org>;tag=[0-9a-f]+$/)
    assert.equal(value(request!, 'Max-Forwards'), '70')
    assert.match(request!, /Content-Length: 0\r\n\r\n$/)
  })

  test('of every check is another one', async () => {
    const server = await datagrams((request) => [respond(request, '200 OK')])
    await observe(server.port)
    await observe(server.port)
    for (const name of ['Via', 'From', 'Call-ID', 'Contact'])
      assert.equal(new Set(server.heard.map((request) => value(request, name))).size, 2, name)
  })
})

describe('over TCP', () => {
  test('an answer in single bytes is put together, and nothing is sent twice', async () => {
    const server = await stream(async (socket, request) => {
      for (const byte of Buffer.from(`\r\n\r\n${respond(request, '200 OK')}`)) {
        socket.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    const seen = await observe(server.port, { transport: 'tcp' })
    assert.deepEqual([seen.reason, server.heard.length], ['ok', 1], seen.summary)
    assert.match(value(server.heard[0]!, 'Contact')!, /;transport=tcp>$/)
  })

  for (const [what, talk, reason] of [
    ['another protocol', (socket: Socket) => socket.end('220 mail.example.org ESMTP\r\n'), 'sip.malformed'],
    ['hanging up', (socket: Socket) => socket.end(), 'sip.connection-lost'],
    ['half an answer', (socket: Socket) => socket.end('SIP/2.0 200 OK\r\nVia'), 'sip.connection-lost'],
    ['silence', (socket: Socket) => socket.resume(), 'sip.no-answer'],
  ] as const)
    test(`${what} is ${reason}`, async () => {
      const { port } = await stream(talk)
      const seen = await observe(port, { transport: 'tcp', timeout: '300ms' })
      assert.deepEqual([seen.verdict, seen.reason], ['down', reason], seen.summary)
    })

  test('a stream without end is left, be it one message or many', async () => {
    for (const piece of ['a'.repeat(65_536), `SIP/2.0 200 OK\r\nl: 60000\r\n\r\n${'b'.repeat(60_000)}`]) {
      let sent = 0
      const { port } = await stream((socket) => {
        const more = () => {
          while (!socket.destroyed && sent < 400_000_000) {
            sent += piece.length
            if (!socket.write(piece)) return
          }
        }
        socket.on('drain', more)
        more()
      })
      const seen = await observe(port, { transport: 'tcp' })
      assert.equal(seen.reason, 'sip.malformed', seen.summary)
      assert.ok(sent < 200_000_000, `${sent} bytes were taken`)
    }
  })
})

describe('whatever a server answers', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'SIP/2.0 200 OK',
      'SIP/2.0 401 No',
      'SIP/2.0 100 Wait',
      'VIA',
      'OWN',
      digest('n'),
      '\r\n',
      ';',
      ',',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  const answers = fc.array(fc.array(part, { maxLength: 12 }), { minLength: 1, maxLength: 3 })
  const render = (parts: string[], request: string) =>
    parts
      .map((one) => (one === 'VIA' ? respond(request, '200 OK') : one === 'OWN' ? register(request) : one))
      .join('\r\n')

  for (const transport of ['udp', 'tcp'])
    test(`over ${transport} the check ends with a reason of the kind`, async () => {
      let said: string[][] = []
      const { port } =
        transport === 'udp'
          ? await datagrams((request) => said.map((parts) => render(parts, request)))
          : await stream(
              (socket, request) => void socket.end(said.map((parts) => render(parts, request)).join('')),
            )
      await fc.assert(
        fc.asyncProperty(answers, fc.boolean(), async (given, registers) => {
          said = given
          const method = registers ? 'register' : 'options'
          const seen = await observe(port, { transport, method, timeout: '25ms' })
          assert.ok(sip.reasons.includes(seen.reason), `${seen.reason}: ${seen.summary}`)
          assert.doesNotMatch(seen.summary, /[\x00-\x1f]/)
        }),
        { numRuns: 150 },
      )
    })
})

describe('the settings', () => {
  test('the password is shown to nobody, and goes back to the server that it was for', () => {
    const settings = { target: 'pbx.example.org', user: 'probe', password: 'hunter2', method: 'register' }
    const shown = shownSpec(settings)
    assert.ok(!JSON.stringify(shown).includes('hunter2'))
    assert.equal(shown.user, 'probe')
    assert.equal(withHidden({ ...shown, every: '10s' }, settings).password, 'hunter2')
    assert.notEqual(withHidden({ ...shown, alsoAt: 'evil.example.org:5060' }, settings).password, 'hunter2')
    assert.notEqual(withHidden({ ...shown, target: 'evil.example.org' }, settings).password, 'hunter2')
  })

  const parse = (settings: object) => sip.schema.parse({ target: 'pbx.example.org', ...settings })

  test('the port follows the transport', () => {
    assert.equal(sip.target(parse({})), 'pbx.example.org:5060/udp')
    assert.equal(sip.target(parse({ transport: 'tls' })), 'pbx.example.org:5061/tls')
    assert.equal(sip.target(parse({ target: '[::1]:5080', transport: 'tcp' })), '[::1]:5080/tcp')
  })

  test('addresses as people type them', () => {
    const at = (address: string) => sip.schemes!.sip!(address)
    assert.deepEqual(at('sip://pbx.example.org'), { target: 'pbx.example.org', transport: 'udp' })
    assert.deepEqual(at('sip:ana@[::1]:5062;transport=TCP'), {
      target: '[::1]:5062',
      transport: 'tcp',
      user: 'ana',
    })
    assert.deepEqual(at('sips://pbx.example.org:5061/'), { target: 'pbx.example.org:5061', transport: 'tls' })
    assert.equal(sip.speaksTls!('sip://a;transport=tls'), true)
    assert.equal(sip.speaksTls!('sip://a'), false)
  })

  for (const [what, settings] of [
    ['register without a user', { method: 'register' }],
    ['another node for options', { alsoAt: 'b.example.org' }],
    ['a line break in the user', { user: 'a\r\nb' }],
    ['a line break in the log-in name', { authUser: 'a\r\nVia: b' }],
    ['a header in the domain', { domain: 'a>\r\nVia: b' }],
    ['a provisional status', { expect: { status: 100 } }],
    ['an unknown transport', { transport: 'sctp' }],
    ['a registration for a second less', { expires: '500ms' }],
    ['a target that is none', { target: 'a b' }],
  ] as const)
    test(`${what} is refused`, () => assert.throws(() => parse(settings)))
})
