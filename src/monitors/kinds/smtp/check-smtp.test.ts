import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { startExim } from '../../../../test/harness/mail-servers.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { parseTarget } from '../../parse-target.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { smtp } from './index.ts'

const NAME = 'mail.example.org'
let root: Minted
let good: Minted
const servers: { close(): unknown }[] = []
const stops: (() => Promise<void>)[] = []

before(async () => {
  root = await mintRoot()
  good = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
})
after(async () => {
  for (const server of servers) server.close()
  for (const stop of stops) await stop()
})

async function exim(options: Parameters<typeof startExim>[0]): Promise<number> {
  const server = await startExim(options)
  stops.push(() => server.stop())
  return server.port
}
async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function observe(port: number, more: Record<string, unknown> = {}) {
  const { expect = {}, ...rest } = more
  const spec = smtp.schema.parse({
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: NAME, ...(expect as object) },
    timeout: '8s',
    ...rest,
  })
  return checkOnce(smtp, spec, { clock: systemClock, deadlineMs: spec.timeout })
}
const reasonOf = async (port: number, more?: Record<string, unknown>) => {
  const seen = await observe(port, more)
  assert.ok(smtp.reasons.includes(seen.reason), seen.reason)
  return `${seen.verdict} ${seen.reason}`
}

describe('a real exim', needs('exim'), () => {
  let port: number
  before(async () => {
    port = await exim({ identity: good })
  })

  test('greets, goes over to TLS and takes mail for its people', async () => {
    const seen = await observe(port, {
      envelope: { from: 'probe@example.net', to: 'ana@example.org' },
      expect: { banner: 'mail.example.org ESMTP Exim', extensions: ['size', 'PIPELINING'] },
    })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    assert.equal(seen.summary, 'mail for <ana@example.org> would be taken')
    assert.deepEqual(seen.certificate?.names, [NAME])
    for (const name of ['bannerMs', 'helloMs', 'envelopeMs', 'daysLeft'])
      assert.equal(typeof seen.values[name], 'number', name)
  })

  test('an unknown person is refused', async () => {
    const envelope = { to: 'nobody@example.org' }
    assert.equal(await reasonOf(port, { envelope }), 'down smtp.recipient-refused')
  })

  test('it relays for nobody; one that does is called an open relay', async () => {
    const envelope = { to: 'ana@example.com', recipient: 'refused' }
    assert.equal(await reasonOf(port, { envelope }), 'up ok')
    const open = await exim({ identity: good, openRelay: true })
    assert.equal(await reasonOf(open, { envelope }), 'down smtp.open-relay')
  })

  test('a refused sender', async () => {
    const picky = await exim({ identity: good, more: 'acl_smtp_mail = deny' })
    const lines = { envelope: { from: 'x@example.net', to: 'ana@example.org' } }
    assert.match(await reasonOf(picky, lines), /^down smtp\.(sender-refused|service-refused)$/)
  })

  test('without a certificate TLS is not offered, and nothing is wrong where none is wanted', async () => {
    const open = await exim({})
    assert.equal(await reasonOf(open), 'down starttls.not-offered')
    assert.equal(await reasonOf(open, { security: 'none' }), 'up ok')
  })

  test('the wrong certificate ends the talk before any address is named', async () => {
    assert.equal(
      await reasonOf(port, { expect: { name: 'other.example.org' }, envelope: { to: 'nobody@example.org' } }),
      'down certificate.name-mismatch',
    )
  })

  test('what is missing is said', async () => {
    assert.equal(await reasonOf(port, { expect: { banner: 'Postfix' } }), 'down smtp.banner-unexpected')
    const seen = await observe(port, { expect: { extensions: ['CHUNKING-NOT', 'SIZE'] } })
    assert.equal(seen.reason, 'smtp.extension-missing')
    assert.match(seen.summary, /does not offer CHUNKING-NOT; it offers SIZE/)
  })
})

test('a server that begins with TLS, and one that is slow', async () => {
  const server = new SMTPServer({
    secure: true,
    key: good.key,
    cert: good.cert,
    authOptional: true,
    logger: false,
  })
  server.on('error', () => {})
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  assert.equal(await reasonOf(port, { security: 'tls', envelope: { to: 'a@example.org' } }), 'up ok')
  assert.equal(await reasonOf(port, { security: 'tls', expect: { maxLatency: '0ms' } }), 'degraded slow')
})

/** A server that answers line by line with what it is given, and is silent afterwards. */
function scripted(answers: (string | ((socket: Socket) => void))[]): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => {})
      const left = [...answers]
      const next = () => {
        const answer = left.shift()
        if (typeof answer === 'string') socket.write(answer)
        else answer?.(socket)
      }
      socket.on('data', next)
      next()
    }),
  )
}
const BEGIN = ['220 mail ready\r\n', '250-mail\r\n250 STARTTLS\r\n']
const OPEN = { security: 'none', stepTimeout: '120ms' }
const LETTER = { ...OPEN, envelope: { to: 'ana@example.org' } }

describe('what a mail server can do wrong', () => {
  const cases: [string, Parameters<typeof scripted>[0], Record<string, unknown>, string][] = [
    ['too busy', ['421 later\r\n'], OPEN, 'down smtp.service-refused'],
    ['no mail server', ['SSH-2.0-OpenSSH_9.2\r\n'], OPEN, 'down smtp.malformed'],
    ['another protocol', ['200 hello\r\n'], OPEN, 'down smtp.malformed'],
    ['a line without end', ['2'.repeat(20_000)], OPEN, 'down smtp.too-long'],
    ['frozen', [], OPEN, 'down smtp.hung'],
    ['frozen after the banner', ['220 x\r\n'], OPEN, 'down smtp.hung'],
    ['hanging up', ['220 x\r\n', (socket) => socket.end()], OPEN, 'down smtp.closed'],
    ['TLS refused', [...BEGIN, '454 no\r\n'], { stepTimeout: '120ms' }, 'down starttls.refused'],
    [
      'words before TLS',
      [...BEGIN, '220 go\r\n250 x\r\n'],
      { stepTimeout: '120ms' },
      'down starttls.injection',
    ],
    ['no TLS', [...BEGIN, '220 go\r\n', (s) => s.end('x')], { timeout: '1s' }, 'down tls.handshake-failed'],
    ['the sender', [...BEGIN, '550 no\r\n'], LETTER, 'down smtp.sender-refused'],
    [
      'greylisting',
      [...BEGIN, '250 ok\r\n', '451 later\r\n', '250 ok\r\n'],
      LETTER,
      'degraded smtp.recipient-deferred',
    ],
    ['gone meanwhile', [...BEGIN, '250 ok\r\n', '421 bye\r\n'], LETTER, 'down smtp.service-refused'],
  ]
  for (const [what, answers, more, outcome] of cases)
    test(`${what}: ${outcome}`, async () =>
      assert.equal(await reasonOf(await scripted(answers), more), outcome))

  test('addresses cannot carry commands', () => {
    for (const to of ['a@b>\r\nDATA', 'a b@c', '<x>', ''])
      assert.throws(() => smtp.schema.parse({ target: 'x', envelope: { to } }))
  })

  test('smtp:// and smtps:// with their ports', () => {
    const at = (target: string) => {
      const { kind, spec } = parseTarget(target)
      return `${kind.kind} ${kind.target(spec)}`
    }
    assert.equal(at('smtp://mail.example.org'), 'smtp mail.example.org:25')
    assert.equal(at('smtps://mail.example.org'), 'smtp mail.example.org:465')
    assert.equal(at('smtps://mail.example.org:4650/'), 'smtp mail.example.org:4650')
  })

  test('a TLS server that speaks no SMTP', async () => {
    const server = createTlsServer({ key: good.key, cert: good.cert }, (socket) =>
      socket.on('error', () => {}),
    )
    server.on('tlsClientError', () => {})
    const port = await listen(server)
    assert.equal(await reasonOf(port, { security: 'tls', stepTimeout: '100ms' }), 'down smtp.hung')
  })
})
