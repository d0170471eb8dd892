/** Each way in which a dialog goes wrong, over a real connection. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createSecureContext, TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { kindOfTarget, parseTarget } from '../../parse-target.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { STARTTLS_NAMES } from '../../trust/starttls/protocols.ts'
import { starttls } from './index.ts'

const NAME = 'mail.example.org'
const servers: Server[] = []
let root: Minted
let leaf: Minted

before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
})
after(() => {
  for (const server of servers) server.close()
})

/** An SMTP server that answers each line it hears, and whatever it is made to say at last. */
async function mailServer(
  answers: string[],
  then: (socket: Socket) => void = (socket) => socket.resume(),
  address = '127.0.0.1',
  port = 0,
): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const left = [...answers]
    const next = () => {
      const answer = left.shift()
      if (answer !== undefined) socket.write(answer)
      if (left.length > 0) return
      socket.removeListener('data', next)
      then(socket)
    }
    socket.on('data', next)
    next()
  })
  servers.push(server)
  server.listen(port, address)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const secured = (socket: Socket) => {
  const { key, cert } = leaf
  new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) }).on(
    'error',
    () => {},
  )
}
const hangUp = (socket: Socket) => void socket.end()

function observe(port: number, more: Record<string, unknown> = {}) {
  const { expect = {}, ...rest } = more
  const spec = starttls.schema.parse({
    target: `127.0.0.1:${port}`,
    protocol: 'smtp',
    expect: { ca: root.cert, name: NAME, ...(expect as object) },
    timeout: '5s',
    ...rest,
  })
  return checkOnce(starttls, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

const OFFER = ['220 ready\r\n', '250-mail\r\n250 STARTTLS\r\n']

describe('the reasons of a dialog before TLS', () => {
  const cases: [string, () => Promise<number>, string, RegExp][] = [
    [
      'a good server',
      () => mailServer([...OFFER, '220 go\r\n'], secured),
      'ok',
      /certificate of mail\.example\.org/,
    ],
    ['turned away', () => mailServer(['421 too busy\r\n']), 'starttls.service-refused', /"421 too busy"/],
    ['no offer', () => mailServer([OFFER[0]!, '250 SIZE\r\n']), 'starttls.not-offered', /in the open/],
    ['no key', () => mailServer([...OFFER, '454 no key\r\n']), 'starttls.refused', /"454 no key"/],
    [
      'another protocol',
      () => mailServer(['200 OK\r\n']),
      'starttls.malformed',
      /"200 OK" came instead of the banner/,
    ],
    ['one endless line', () => mailServer(['x'.repeat(9_000)]), 'starttls.too-long', /bytes came/],
    [
      'hanging in the dialog',
      () => mailServer(['220 ready\r\n', '']),
      'starttls.hung',
      /the answer to EHLO did not come/,
    ],
    [
      'hanging up',
      () => mailServer(['220 ready\r\n'], hangUp),
      'starttls.closed',
      /hung up while the answer to EHLO/,
    ],
    [
      'words behind the last answer',
      () => mailServer([...OFFER, '220 go\r\n250 pwned\r\n']),
      'starttls.injection',
      /11 bytes came in the open after TLS was agreed on \("250 pwned"\)/,
    ],
    [
      'no TLS after all',
      () => mailServer([...OFFER, '220 go\r\n'], hangUp),
      'tls.handshake-failed',
      /hung up|TLS/,
    ],
    [
      'silence instead of TLS',
      () => mailServer([...OFFER, '220 go\r\n']),
      'tls.handshake-timeout',
      /did not finish in time/,
    ],
  ]
  for (const [what, start, reason, words] of cases)
    test(`${what}: ${reason}`, async () => {
      const seen = await observe(await start(), { stepTimeout: '150ms', timeout: '700ms' })
      assert.equal(seen.reason, reason, seen.summary)
      assert.equal(seen.verdict, reason === 'ok' ? 'up' : 'down')
      assert.match(seen.summary, words)
      assert.ok(!/[\r\n]/.test(seen.summary))
    })

  test('a server that drips is left at the deadline of the check', async () => {
    const port = await mailServer([], (socket) => {
      const drip = setInterval(() => socket.destroyed || socket.write('220-more\r\n'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    const seen = await observe(port, { timeout: '400ms' })
    assert.equal(seen.reason, 'starttls.hung')
    assert.ok(seen.tookMs < 2_000)
  })

  test('a server that hangs at goodbye is up all the same', async () => {
    const port = await mailServer([...OFFER, '220 go\r\n'], secured)
    assert.equal((await observe(port)).reason, 'ok')
  })

  test('nodes: the one that was left behind is named', async () => {
    const old = await mint({ name: `CN=${NAME}`, names: [NAME], by: root, from: -30, days: 40 })
    const port = await mailServer([...OFFER, '220 go\r\n'], secured)
    const context = createSecureContext({ key: old.key, cert: old.cert })
    const serveOld = (socket: Socket) =>
      void new TLSSocket(socket, { isServer: true, secureContext: context }).on('error', () => {})
    await mailServer([...OFFER, '220 go\r\n'], serveOld, '127.0.0.2', port)
    const seen = await observe(port, { everyAddress: ['127.0.0.1', '127.0.0.2'] })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.nodes-differ'], seen.summary)
    assert.match(seen.summary, /127\.0\.0\.2/)
  })
})

describe('hostile servers at a real socket', () => {
  const KNOWN = new Set<string>(starttls.reasons)
  test('whatever they send, and however they cut it, the check ends by itself with a reason of its own', async () => {
    const sayings = fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            '220 x\r\n',
            '250 STARTTLS\r\n',
            '* OK\r\n',
            '+OK\r\n',
            'a001 OK\r\n',
            'S',
            '<proceed/>',
            '\x16\x03\x01',
          )
          .map((text) => Buffer.from(text, 'latin1')),
      ),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STARTTLS_NAMES),
        sayings,
        fc.boolean(),
        async (protocol, said, ends) => {
          const server = createServer((socket) => {
            socket.on('error', () => {})
            socket.resume()
            for (const bytes of said) socket.write(bytes)
            if (ends) socket.end()
          }).listen(0, '127.0.0.1')
          await once(server, 'listening')
          const { port } = server.address() as AddressInfo
          const seen = await observe(port, { protocol, stepTimeout: '30ms', timeout: '120ms' })
          server.close()
          assert.ok(KNOWN.has(seen.reason), `${seen.reason}: ${seen.summary}`)
          assert.notEqual(seen.verdict, 'up')
          assert.ok(seen.summary.length < 400 && !/[\x00-\x1f]/.test(seen.summary), seen.summary)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('targets as they are typed', () => {
  const specOf = (target: string) =>
    starttls.schema.parse(kindOfTarget(target)!.schemes![target.split(':')[0]!]!(target))
  test('every protocol has its scheme and its port', () => {
    for (const name of STARTTLS_NAMES) {
      const { kind, spec } = parseTarget(`starttls+${name}://mail.example.org`)
      assert.equal(kind.kind, 'starttls')
      assert.match(kind.target(spec), new RegExp(`^${name} at mail\\.example\\.org:\\d+$`))
    }
  })
  test('other names for them, and ports of one', () => {
    assert.equal(
      starttls.target(specOf('starttls+submission://mail.example.org')),
      'smtp at mail.example.org:587',
    )
    assert.equal(
      starttls.target(specOf('starttls+submission://mail.example.org:2525')),
      'smtp at mail.example.org:2525',
    )
    assert.equal(starttls.target(specOf('starttls+postgresql://db')), 'postgres at db:5432')
    assert.equal(starttls.target(specOf('starttls+mariadb://[::1]:3307/')), 'mysql at [::1]:3307')
    assert.equal(starttls.target(specOf('starttls+imap://[::1]')), 'imap at [::1]:143')
  })
  test('what would put words into the dialog is refused', () => {
    for (const hello of ['a b', 'a\r\nQUIT', ''])
      assert.throws(() => starttls.schema.parse({ target: 'x', protocol: 'smtp', hello }))
    assert.throws(() => starttls.schema.parse({ target: 'a b', protocol: 'smtp' }))
    assert.throws(() => starttls.schema.parse({ target: 'x', protocol: 'gopher' }))
  })
})
