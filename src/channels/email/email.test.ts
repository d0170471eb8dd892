import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, type TestContext, test } from 'node:test'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { needs } from '../../../test/harness/needs.ts'
import { travelClock } from '../../kit/clock.ts'
import type { ChannelContext, ChannelMessage, MailSettings } from '../channel.ts'
import { channelSettings, mailConfig } from '../config.ts'
import { channels } from '../registry.ts'
import { sendThrough } from '../send-through.ts'
import { parseSender } from './email.ts'

const NOW = Date.UTC(2026, 0, 5, 9)
const message: ChannelMessage = {
  subject: 'Documentation is down',
  text: 'The certificate expired.\nRenew it.\n\n<b>Since</b> 09:00 & counting',
  link: { label: 'Acknowledge', url: 'https://tocsin.example.org/a/1?x=1&y=2' },
  key: 'alert-1/1/ana/email',
}

interface Received {
  mail: Email
  raw: string
  from: string
  to: string[]
  secure: boolean
  user: string | undefined
}

async function startServer(t: TestContext, options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      text(stream).then(async (raw) => {
        received.push({
          mail: await PostalMime.parse(raw),
          raw,
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map((to) => to.address),
          secure: session.secure,
          user: session.user as string | undefined,
        })
        done()
      }, done)
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>((done) => server.close(() => done())))
  return { received, port: (server.server.address() as AddressInfo).port }
}

const mail = (port: number, more: Partial<MailSettings> = {}): MailSettings => ({
  ...{ host: '127.0.0.1', port, secure: false, startTls: 'never', user: null, password: null, ca: null },
  from: 'Tocsin <tocsin@example.org>',
  ...more,
})

function context(settings: MailSettings | null, signal = new AbortController().signal): ChannelContext {
  return {
    clock: travelClock(NOW),
    signal,
    settings: { mail: settings, egress: { allowPrivate: false, allow: [] } },
  }
}

const send = (settings: MailSettings | null, more: Partial<ChannelMessage> = {}, signal?: AbortSignal) =>
  sendThrough(
    channels,
    'email',
    { email: 'ana@example.org' },
    { ...message, ...more },
    context(settings, signal),
  )

function refusal(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code })
}

test('a mail has a plain and an escaped HTML part, the button and the date of the clock', async (t) => {
  const { received, port } = await startServer(t)
  assert.equal((await send(mail(port))).result, 'sent')
  const [{ mail: parsed, from, to }] = received as [Received]
  assert.equal(from, 'tocsin@example.org')
  assert.deepEqual(to, ['ana@example.org'])
  assert.deepEqual(parsed.from, { address: 'tocsin@example.org', name: 'Tocsin' })
  assert.equal(parsed.subject, message.subject)
  assert.equal(parsed.date, '2026-01-05T09:00:00.000Z')
  assert.equal(parsed.text!.trimEnd(), `${message.text}\n\nAcknowledge:\n${message.link!.url}`)
  assert.match(parsed.html!, /&lt;b&gt;Since&lt;\/b&gt; 09:00 &amp; counting/)
  assert.match(parsed.html!, /The certificate expired\.<br>Renew it\./)
  assert.match(parsed.html!, /href="https:\/\/tocsin\.example\.org\/a\/1\?x=1&amp;y=2"/)
  assert.equal(parsed.headers.find((header) => header.key === 'auto-submitted')?.value, 'auto-generated')
})

test('the same message sent twice can be seen to be one', async (t) => {
  const { received, port } = await startServer(t)
  await send(mail(port))
  await send(mail(port))
  await send(mail(port), { key: 'alert-1/2/ana/email' })
  const ids = received.map(({ mail }) => mail.messageId)
  assert.equal(ids[0], ids[1])
  assert.notEqual(ids[0], ids[2])
  assert.match(ids[0]!, /^<[0-9a-f]{40}@example\.org>$/)
})

test('a subject with line breaks stays one header', async (t) => {
  const { received, port } = await startServer(t)
  await send(mail(port), { subject: 'down\r\nBcc: everybody@example.org\r\n\r\nbody' })
  const [{ mail: parsed, to, raw }] = received as [Received]
  assert.equal(parsed.subject, 'down Bcc: everybody@example.org body')
  assert.equal(parsed.bcc?.length ?? 0, 0)
  assert.deepEqual(to, ['ana@example.org'])
  assert.doesNotMatch(raw, /^Bcc:/m)
})

test('an address or a sender that would be a header of its own is refused, nothing is sent', async (t) => {
  const { received, port } = await startServer(t)
  const bad = [
    'ana@example.org\r\nBcc: x@example.org',
    'ana@example.org, bo@example.org',
    'Ana <ana@example.org>',
    'ana@example.org>\r\nRCPT TO:<x@example.org',
    'ana@exa mple.org',
    'ana',
    '',
  ]
  for (const email of bad) {
    const delivery = await sendThrough(channels, 'email', { email }, message, context(mail(port)))
    assert.equal(delivery.result, 'refused', email)
  }
  for (const from of [
    'Tocsin\r\nBcc: x@example.org <t@example.org>',
    'nobody',
    'A <a@example.org>, B <b@example.org>',
  ])
    assert.equal((await send(mail(port, { from }))).result, 'refused', from)
  // Also where somebody goes past the schema, the channel itself does not let it through.
  for (const email of bad) {
    const delivery = await channels.email!.send({ email }, message, context(mail(port)))
    assert.equal(delivery.result, 'refused', email)
  }
  assert.equal(received.length, 0)
})

test('senders are read with and without a name', () => {
  assert.deepEqual(parseSender('tocsin@example.org'), { name: '', address: 'tocsin@example.org' })
  assert.deepEqual(parseSender('"Tocsin, the bell" <t@example.org>'), {
    name: 'Tocsin, the bell',
    address: 't@example.org',
  })
})

describe('what the server says', () => {
  test('4xx is tried again, 5xx is not, at every stage', async (t) => {
    for (const [code, result] of [
      [450, 'retry'],
      [421, 'retry'],
      [550, 'refused'],
      [554, 'refused'],
    ] as const) {
      const stages: SMTPServerOptions[] = [
        { onConnect: (_, done) => done(refusal(code, 'not now')) },
        { onMailFrom: (_, __, done) => done(refusal(code, 'not from you')) },
        { onRcptTo: (_, __, done) => done(refusal(code, 'mailbox trouble')) },
        {
          onData(stream, _, done) {
            stream.resume()
            stream.on('end', () => done(refusal(code, 'not this')))
          },
        },
      ]
      for (const stage of stages) {
        const { port } = await startServer(t, stage)
        const delivery = await send(mail(port))
        assert.equal(delivery.result, result, `${code} at ${Object.keys(stage)[0]}`)
        assert.match((delivery as { reason: string }).reason, new RegExp(String(code)))
      }
    }
  })

  test('a wrong password is refused and not shown', async (t) => {
    const { port } = await startServer(t, {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_, __, done) => done(refusal(535, 'Authentication failed')),
    })
    const delivery = await send(mail(port, { user: 'tocsin', password: 'hush-hush-hush' }))
    assert.equal(delivery.result, 'refused')
    assert.doesNotMatch(JSON.stringify(delivery), /hush/)
  })

  test('nobody listening, and a connection that breaks off, are tried again', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    assert.equal((await send(mail(port))).result, 'retry')
    await new Promise((done) => server.close(done))
    const nobody = await send(mail(port))
    assert.equal(nobody.result, 'retry')
    assert.match((nobody as { reason: string }).reason, /ECONNREFUSED/)
  })

  test('the signal ends an attempt at a server that never greets', async (t) => {
    const abort = new AbortController()
    const server = createServer(() => setImmediate(() => abort.abort())).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const delivery = await send(mail((server.address() as AddressInfo).port), {}, abort.signal)
    assert.deepEqual(delivery, { result: 'retry', reason: 'no answer in time' })
  })

  test('without a mail server, and with a metadata address as one, nothing goes out', async () => {
    const none = await send(null)
    assert.equal(none.result, 'refused')
    assert.match((none as { reason: string }).reason, /no mail server/)
    const metadata = await send(mail(25, { host: '169.254.169.254' }))
    assert.equal(metadata.result, 'refused')
    assert.match((metadata as { reason: string }).reason, /egress policy/)
  })
})

describe('TLS', needs('openssl'), () => {
  function certificate(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-mail-'))
    t.after(() => rmSync(folder, { recursive: true }))
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
        ],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      ],
      { stdio: 'ignore' },
    )
    return {
      key: readFileSync(join(folder, 'key.pem'), 'utf8'),
      cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
    }
  }
  const auth: SMTPServerOptions = {
    authOptional: false,
    onAuth: ({ username, password }, _, done) =>
      password === 'right' ? done(null, { user: username }) : done(refusal(535, 'no')),
  }

  test('from the first byte, and by STARTTLS, with a password', async (t) => {
    const pair = certificate(t)
    for (const secure of [true, false]) {
      const { received, port } = await startServer(t, { ...pair, ...auth, secure, disabledCommands: [] })
      const login = { user: 'tocsin', password: 'right', ca: pair.cert, host: 'localhost' }
      const delivery = await send(mail(port, { ...login, secure, startTls: 'required' }))
      assert.deepEqual(delivery.result, 'sent', JSON.stringify(delivery))
      assert.equal(received[0]!.secure, true)
      assert.equal(received[0]!.user, 'tocsin')
    }
  })

  test('a certificate that nobody vouches for, or of another name, stops the mail', async (t) => {
    const pair = certificate(t)
    const { received, port } = await startServer(t, { ...pair, secure: true, disabledCommands: [] })
    const untrusted = await send(mail(port, { secure: true, host: 'localhost' }))
    assert.equal(untrusted.result, 'retry')
    assert.match((untrusted as { reason: string }).reason, /certificate/i)
    const otherName = await send(mail(port, { secure: true, host: '127.0.0.1', ca: pair.cert }))
    assert.equal(otherName.result, 'retry')
    assert.equal(received.length, 0)
  })

  test('a server without STARTTLS gets neither mail nor password where it is required', async (t) => {
    let asked = 0
    const { received, port } = await startServer(t, {
      allowInsecureAuth: true,
      onAuth: (_, __, done) => {
        asked++
        done(null, { user: 'x' })
      },
    })
    const delivery = await send(mail(port, { startTls: 'required', user: 'tocsin', password: 'right' }))
    assert.notEqual(delivery.result, 'sent')
    assert.equal(asked, 0)
    assert.equal(received.length, 0)
  })
})

test('the section `mail`: a password asks for TLS unless told otherwise', () => {
  const parse = (section: object) =>
    channelSettings(mailConfig.parse({ host: 'mail.example.org', from: 't@example.org', ...section })).mail
  assert.deepEqual([parse({})?.port, parse({})?.startTls], [587, 'whenOffered'])
  assert.equal(parse({ secure: true })?.port, 465)
  assert.equal(parse({ user: 'u', password: 'p' })?.startTls, 'required')
  assert.equal(parse({ user: 'u', password: 'p', startTls: 'never' })?.startTls, 'never')
  for (const bad of [
    { from: 'nobody' },
    { user: 'u' },
    { host: 'a b' },
    { port: 0 },
    { passwd: 'x' },
    { from: 'a@b.example\r\nX: y' },
  ])
    assert.equal(
      mailConfig.safeParse({ host: 'mail.example.org', from: 't@example.org', ...bad }).success,
      false,
      JSON.stringify(bad),
    )
})
