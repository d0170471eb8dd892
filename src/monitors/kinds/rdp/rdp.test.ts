import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { rdp } from './index.ts'
import { unconfiguredNode } from './name-node.rules.ts'

const NAME = 'ts.example.org'
const servers: Server[] = []
let root: Minted
let right: Minted

before(async () => {
  root = await mintRoot()
  right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
})
after(() => {
  for (const server of servers) server.close()
})

async function serve(talk: (socket: Socket, request: Buffer) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request: Buffer) => talk(socket, request))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function observe(port: number, expect: object = {}, more: object = {}) {
  const spec = rdp.schema.parse({
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: NAME, ...expect },
    timeout: '5s',
    ...more,
  })
  return checkOnce(rdp, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const HEAD = '03 00 00 13 0e d0 00 00 12 34 00'
const TLS = bytes(`${HEAD} 02 00 08 00 01 00 00 00`)
const NLA = bytes(`${HEAD} 02 00 08 00 02 00 00 00`)

/** Goes on in TLS after what was said. */
function secure(socket: Socket) {
  const { key, cert } = right
  const tls = new TLSSocket(socket, { isServer: true, key, cert })
  tls.on('error', () => {})
}

describe('the dialog before TLS', () => {
  test('a confirm in single bytes is put together', async () => {
    const port = await serve(async (socket) => {
      for (const byte of TLS) {
        socket.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
      secure(socket)
    })
    assert.equal((await observe(port)).reason, 'ok')
  })

  test('a server that chooses network level authentication is judged by its certificate all the same', async () => {
    const port = await serve((socket) => {
      socket.write(NLA)
      secure(socket)
    })
    const seen = await observe(port, { nla: true })
    assert.deepEqual([seen.verdict, seen.reason, seen.values.security], ['up', 'ok', 'nla'])
  })

  test('bytes behind the confirm are the first of TLS, and not lost', async () => {
    const alert = bytes('15 03 03 00 02 02 28')
    const port = await serve((socket) => socket.write(Buffer.concat([TLS, alert])))
    const seen = await observe(port)
    assert.equal(seen.reason, 'tls.handshake-failed')
    assert.match(seen.summary, /handshake failure/)
  })

  test('the cookie arrives before the negotiation', async () => {
    const heard = Promise.withResolvers<string>()
    const port = await serve((socket, request) => {
      heard.resolve(request.toString('latin1'))
      socket.end()
    })
    await observe(port, {}, { user: 'watch' })
    assert.match(await heard.promise, /Cookie: mstshash=watch\r\n/)
  })

  for (const [what, user] of [
    ['a line break', 'a\r\nb'],
    ['a blank', 'a b'],
    ['nothing', ''],
  ] as const)
    test(`a user with ${what} is refused`, () =>
      assert.equal(rdp.schema.safeParse({ target: 'a', user }).success, false))

  test('the port is 3389 when none is given', () => {
    assert.equal(rdp.target(rdp.schema.parse({ target: 'ts.example.org' })), 'ts.example.org:3389')
  })
})

describe('each way to be refused has its reason', () => {
  const failure = (code: string) => bytes(`${HEAD} 03 00 08 00 ${code} 00 00 00`)
  const answers: Record<string, Buffer> = {
    'rdp.ssl-required': failure('01'),
    'rdp.ssl-not-allowed': failure('02'),
    'rdp.ssl-cert-not-on-server': failure('03'),
    'rdp.inconsistent-flags': failure('04'),
    'rdp.hybrid-required': failure('05'),
    'rdp.ssl-with-user-auth-required': failure('06'),
    'rdp.negotiation-failed': failure('2a'),
    'rdp.tls-not-offered': bytes('03 00 00 0b 06 d0 00 00 12 34 00'),
    'rdp.malformed': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'rdp.connection-lost': Buffer.alloc(0),
  }
  const talks: Record<string, (socket: Socket) => void> = {
    'rdp.no-answer': (socket) => void socket.resume(),
    'rdp.nla-not-chosen': (socket) => {
      socket.write(TLS)
      secure(socket)
    },
    'tls.handshake-failed': (socket) => void socket.end(TLS),
    'tls.handshake-timeout': (socket) => void socket.write(TLS),
  }
  for (const [reason, answer] of Object.entries(answers)) talks[reason] = (socket) => void socket.end(answer)

  for (const [reason, talk] of Object.entries(talks))
    test(reason, async () => {
      const seen = await observe(await serve(talk), { nla: true }, { timeout: '300ms' })
      assert.deepEqual([seen.verdict, seen.reason], ['down', reason], seen.summary)
      assert.doesNotMatch(seen.summary, /\n/)
    })

  test('no reason of the dialog is left out', () => {
    const own = rdp.reasons.filter((reason) => reason.startsWith('rdp.'))
    assert.deepEqual(
      Object.keys(talks)
        .filter((reason) => reason.startsWith('rdp.'))
        .sort(),
      own.toSorted(),
    )
  })

  test('half a confirm and then silence is no answer, with how far it came', async () => {
    const port = await serve((socket) => socket.write(TLS.subarray(0, 9)))
    const seen = await observe(port, {}, { timeout: '150ms' })
    assert.equal(seen.reason, 'rdp.no-answer')
    assert.match(seen.summary, /after 9 bytes/)
  })
})

describe('a hostile server', () => {
  test('that talks without end is left at the first wrong byte, or at the length it named itself', async () => {
    for (const first of [Buffer.alloc(0), bytes('03 00 04 00')]) {
      let sent = 0
      const port = await serve((socket) => {
        socket.write(first)
        const more = () => {
          while (!socket.destroyed && sent < 200_000_000) {
            sent += 65_536
            if (!socket.write(Buffer.alloc(65_536, 0x41))) return
          }
        }
        socket.on('drain', more)
        more()
      })
      const seen = await observe(port)
      assert.equal(seen.reason, 'rdp.malformed', seen.summary)
      assert.ok(sent < 50_000_000, `${sent} bytes were taken`)
    }
  })

  test('whatever it answers, the check ends with a reason of the kind', async () => {
    let answer: Uint8Array = new Uint8Array()
    const port = await serve((socket) => socket.end(answer))
    const prefixed = fc
      .uint8Array({ maxLength: 40 })
      .map((rest) => Buffer.concat([TLS.subarray(0, 11), rest]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 80 }), prefixed), async (bytes) => {
        answer = bytes
        const seen = await observe(port)
        assert.equal(seen.verdict, 'down')
        assert.ok(rdp.reasons.includes(seen.reason), `${seen.reason}: ${seen.summary}`)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a machine that made up its own certificate', () => {
  const facts = (subject: string, issuer = subject, selfSigned = true) =>
    unconfiguredNode({ subject, issuer, selfSigned } as Parameters<typeof unconfiguredNode>[0])
  test('is named by its common name', () => {
    assert.equal(facts('CN=TS-NODE-7'), 'TS-NODE-7')
    assert.equal(facts('O=Lab, CN=ts-node-7.lab.example'), 'ts-node-7.lab.example')
    assert.equal(facts('CN=a\\, b'), 'a, b')
    assert.equal(facts('O=Nobody'), 'O=Nobody')
    assert.equal(facts(''), 'nameless')
  })
  test('is none where somebody else signed', () => {
    assert.equal(facts('CN=a', 'CN=Authority', false), null)
    assert.equal(facts('CN=a', 'CN=a', false), null)
  })
})
