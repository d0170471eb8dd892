/** The dialogs, fed with what good, odd and hostile servers say. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { Conversation } from './conversation.ts'
import { DIALOG_FAULTS, type Dialog } from './dialog.ts'
import { STARTTLS_NAMES, STARTTLS_PROTOCOLS, type StartTlsProtocolName } from './protocols.ts'

const NAMES = { hello: '[127.0.0.1]', domain: 'example.org' }

const mysqlGreeting = (capabilities = 0xffff) => {
  const body = Buffer.concat([
    Buffer.from('\x0a10.11.6-MariaDB\0', 'latin1'),
    Buffer.from([7, 0, 0, 0]),
    Buffer.from('scramble\0', 'latin1'),
    Buffer.from([capabilities & 0xff, capabilities >> 8, 0x21, 2, 0, 0xff, 0x81]),
    Buffer.alloc(30),
  ])
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]).toString('latin1')
}
const ldapAnswer = (code: number, text = '') => {
  const rest = Buffer.concat([
    Buffer.from([0x02, 1, 1, 0x78, 7 + text.length, 0x0a, 1, code, 0x04, 0, 0x04, text.length]),
    Buffer.from(text),
  ])
  return Buffer.concat([Buffer.from([0x30, rest.length]), rest]).toString('latin1')
}
const STREAM = "<?xml version='1.0'?><stream:stream id='1' xmlns:stream='http://etherx.jabber.org/streams'>"
const OFFER = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/** What a good server says, step by step. */
const GOOD: Record<StartTlsProtocolName, string[]> = {
  smtp: ['220-mail\r\n220 ready\r\n', '250-mail\r\n250-SIZE 1000\r\n250 STARTTLS\r\n', '220 go\r\n'],
  lmtp: ['220 ready\r\n', '250-mail\r\n250-STARTTLS\r\n250 PIPELINING\r\n', '220 go\r\n'],
  imap: ['* OK ready\r\n', '* CAPABILITY IMAP4rev1 STARTTLS\r\na001 OK done\r\n', 'a002 OK go\r\n'],
  pop3: ['+OK ready\r\n', '+OK\r\nUIDL\r\nSTLS\r\n.\r\n', '+OK go\r\n'],
  sieve: ['"IMPLEMENTATION" "x"\r\n"STARTTLS"\r\nOK "ready"\r\n', 'OK "go"\r\n'],
  ftp: ['220-Welcome\r\nto this server\r\n220 ready\r\n', '234 go\r\n'],
  nntp: ['201 no posting\r\n', '101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n', '382 go\r\n'],
  ldap: [ldapAnswer(0)],
  postgres: ['S'],
  mysql: [mysqlGreeting()],
  xmpp: [STREAM + OFFER, PROCEED],
  'xmpp-server': [`${STREAM}${OFFER.replace('/></', '><required/></starttls></')}`, PROCEED],
}

type Outcome = string

/** Runs a dialog without any connection: each answer is all that is there, as far as the dialog takes it. */
function feed(
  dialog: Dialog<object>,
  answers: (string | Buffer)[],
): { outcome: Outcome; left: number; taken: number } {
  let heard: Buffer = Buffer.alloc(0)
  let taken = 0
  const waiting = answers.map((one) => (typeof one === 'string' ? Buffer.from(one, 'latin1') : one))
  for (let step = dialog.next(), steps = 0; ; steps++) {
    assert.ok(steps < 1_000, 'a dialog without end')
    if (step.done) {
      const left = heard.length + waiting.reduce((sum, one) => sum + one.length, 0)
      return { outcome: 'failed' in step.value ? step.value.failed : 'ok', left, taken }
    }
    const { take, most = 4_096 } = step.value
    if (!take) {
      step = dialog.next(Buffer.alloc(0))
      continue
    }
    for (;;) {
      const bytes: number = take(heard)
      assert.ok(Number.isInteger(bytes) && bytes >= 0)
      if (bytes > 0) {
        const answer = heard.subarray(0, bytes)
        heard = heard.subarray(bytes)
        taken += answer.length
        step = dialog.next(answer)
        break
      }
      if (heard.length >= most) return { outcome: 'too-long', left: 0, taken }
      const more = waiting.shift()
      if (!more) return { outcome: 'hung', left: 0, taken }
      heard = Buffer.concat([heard, more])
    }
  }
}
const hear = (protocol: StartTlsProtocolName, ...answers: string[]) =>
  feed(STARTTLS_PROTOCOLS[protocol].dialog(NAMES), answers).outcome

describe('what a server says before TLS', () => {
  for (const protocol of STARTTLS_NAMES) {
    test(`${protocol}: a good server, its answers whole and byte by byte`, () => {
      const fed = feed(STARTTLS_PROTOCOLS[protocol].dialog(NAMES), GOOD[protocol])
      assert.deepEqual([fed.outcome, fed.left], ['ok', 0])
      assert.equal(hear(protocol, ...GOOD[protocol].join('').split('')), 'ok')
    })
    test(`${protocol}: a server that stops in the middle of any answer`, () => {
      const whole = GOOD[protocol].join('')
      for (let length = 0; length < whole.length; length++)
        assert.match(hear(protocol, whole.slice(0, length)), /^(hung|malformed)$/, whole.slice(0, length))
    })
  }

  const cases: [StartTlsProtocolName, string[], string][] = [
    ['smtp', ['554 no\r\n'], 'service-refused'],
    ['smtp', ['421 too busy\r\n'], 'service-refused'],
    ['smtp', ['220 ready\r\n', '250-mail\r\n250 SIZE 1\r\n'], 'not-offered'],
    ['smtp', ['220 ready\r\n', '550 who are you\r\n'], 'service-refused'],
    ['smtp', ['220 ready\r\n', '250-mail\r\n250 STARTTLS\r\n', '454 no key\r\n'], 'refused'],
    ['smtp', ['200 ready\r\n'], 'malformed'],
    ['smtp', ['220-again\r\n'.repeat(200)], 'too-long'],
    ['smtp', ['HTTP/1.1 400 Bad Request\r\n'], 'malformed'],
    ['imap', ['* BYE full\r\n'], 'service-refused'],
    ['imap', ['* PREAUTH welcome\r\n'], 'refused'],
    ['imap', ['hello\r\n'], 'malformed'],
    ['imap', ['* OK ready\r\n', '* CAPABILITY IMAP4rev1\r\na001 OK\r\n'], 'not-offered'],
    ['imap', [GOOD.imap[0]!, GOOD.imap[1]!, 'a002 BAD no\r\n'], 'refused'],
    ['imap', [GOOD.imap[0]!, GOOD.imap[1]!, '* BYE now\r\n'], 'refused'],
    ['pop3', ['-ERR busy\r\n'], 'service-refused'],
    ['pop3', ['+OK\r\n', '+OK\r\nUIDL\r\n.\r\n'], 'not-offered'],
    ['pop3', ['+OK\r\n', '-ERR what\r\n', '+OK go\r\n'], 'ok'],
    ['pop3', ['+OK\r\n', '-ERR what\r\n', '-ERR no\r\n'], 'refused'],
    ['sieve', ['"SIEVE" "x"\r\nOK\r\n'], 'not-offered'],
    ['sieve', ['BYE "later"\r\n'], 'service-refused'],
    ['sieve', [GOOD.sieve[0]!, 'NO\r\n'], 'refused'],
    ['ftp', ['220 x\r\n', '530 Please login with USER and PASS.\r\n'], 'not-offered'],
    ['ftp', ['220 x\r\n', '431 no key\r\n'], 'refused'],
    ['ftp', ['421 busy\r\n'], 'service-refused'],
    ['nntp', ['200 x\r\n', '101 list\r\nREADER\r\n.\r\n'], 'not-offered'],
    ['nntp', ['200 x\r\n', '500 what\r\n', '580 no\r\n'], 'refused'],
    ['nntp', ['502 gone\r\n'], 'service-refused'],
    ['ldap', [ldapAnswer(2, 'unsupported extended operation')], 'not-offered'],
    ['ldap', [ldapAnswer(52, 'TLS already started')], 'refused'],
    ['ldap', ['\x30\x84\x7f\xff\xff\xff'], 'too-long'],
    ['ldap', ['HTTP/1.1 400\r\n'], 'malformed'],
    ['ldap', ['\x30\x03\x02\x01\x01'], 'malformed'],
    ['postgres', ['N'], 'not-offered'],
    ['postgres', ['E'], 'service-refused'],
    ['postgres', ['H'], 'malformed'],
    ['mysql', [mysqlGreeting(0xf7ff)], 'not-offered'],
    ['mysql', ['\x10\0\0\0\xff\x69\x04Host is blocke'], 'service-refused'],
    ['mysql', ['220 mail ready\r\n'], 'malformed'],
    ['mysql', ['\xff\xff\xff\0'], 'too-long'],
    ['xmpp', [`${STREAM}<stream:features/>`], 'not-offered'],
    ['xmpp', [`${STREAM}<stream:error><host-unknown/></stream:error>`], 'service-refused'],
    [
      'xmpp',
      [STREAM + OFFER, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"],
      'refused',
    ],
    ['xmpp', ['<'.repeat(20_000)], 'too-long'],
  ]
  for (const [protocol, answers, outcome] of cases)
    test(`${protocol}: ${JSON.stringify(answers.at(-1)!.slice(0, 40))} is ${outcome}`, () =>
      assert.equal(hear(protocol, ...answers), outcome))

  test('what is asked of an XMPP server cannot leave its attribute', () => {
    const dialog = STARTTLS_PROTOCOLS.xmpp.dialog({ ...NAMES, domain: "x' evil='<&" })
    const { value } = dialog.next()
    assert.match(String((value as { say: string }).say), /to='x&apos; evil=&apos;&lt;&amp;'/)
  })
})

describe('what a hostile server says', () => {
  const ENDS = new Set(['ok', ...DIALOG_FAULTS])
  const anyProtocol = fc.constantFrom(...STARTTLS_NAMES)
  const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 })

  test('random bytes end in an outcome, and never in more than the limits', () => {
    fc.assert(
      fc.property(anyProtocol, chunks, (protocol, bytes) => {
        const fed = feed(
          STARTTLS_PROTOCOLS[protocol].dialog(NAMES),
          bytes.map((one) => Buffer.from(one)),
        )
        assert.ok(ENDS.has(fed.outcome), fed.outcome)
      }),
      { numRuns: 6_000 },
    )
  })

  test('good answers with bytes changed, doubled and left out', () => {
    const mutations = fc.array(
      fc.record({ at: fc.nat(400), how: fc.constantFrom('change', 'double', 'cut'), byte: fc.nat(255) }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(anyProtocol, mutations, fc.integer({ min: 1, max: 50 }), (protocol, changes, piece) => {
        let bytes = Buffer.from(GOOD[protocol].join(''), 'latin1')
        for (const { at, how, byte } of changes) {
          const place = at % Math.max(1, bytes.length)
          const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)]
          if (how === 'cut') bytes = Buffer.concat([head, tail.subarray(1)])
          else if (how === 'double') bytes = Buffer.concat([head, tail, tail])
          else bytes = Buffer.concat([head, Buffer.from([byte]), tail.subarray(1)])
        }
        const pieces: Buffer[] = []
        for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece))
        const fed = feed(STARTTLS_PROTOCOLS[protocol].dialog(NAMES), pieces)
        assert.ok(ENDS.has(fed.outcome), fed.outcome)
      }),
      { numRuns: 6_000 },
    )
  })

  test('the farewell of MySQL hears anything', () => {
    fc.assert(
      fc.property(chunks, (bytes) => {
        const fed = feed(
          STARTTLS_PROTOCOLS.mysql.farewell!(),
          bytes.map((one) => Buffer.from(one)),
        )
        assert.ok(ENDS.has(fed.outcome))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a conversation over a connection', () => {
  const never = new AbortController().signal
  function connected(stepMs = 2_000, signal = never): { talk: Conversation; server: Duplex } {
    const [ours, server] = duplexPair()
    ours.on('error', () => {})
    server.on('error', () => {})
    return {
      talk: new Conversation(ours as unknown as Socket, { clock: systemClock, signal, stepMs }),
      server,
    }
  }
  const failedWith = (outcome: object) => ('failed' in outcome ? outcome.failed : 'ok')

  test('a good server, whose answers come in pieces', async () => {
    const { talk, server } = connected()
    server.write('220 rea')
    setImmediate(() => server.write('dy\r\n'))
    server.on('data', (heard) => {
      if (`${heard}`.startsWith('EHLO')) server.write('250-mail\r\n250 STARTTLS\r\n')
      if (`${heard}`.startsWith('STARTTLS')) server.write('220 go\r\n')
    })
    assert.equal(failedWith(await talk.lead(STARTTLS_PROTOCOLS.smtp.dialog(NAMES))), 'ok')
    assert.equal(failedWith(await talk.release()), 'ok')
  })

  test('bytes behind the last answer are told, since nobody vouches for them', async () => {
    const { talk, server } = connected()
    server.write('S\x16\x03\x01')
    assert.equal(failedWith(await talk.lead(STARTTLS_PROTOCOLS.postgres.dialog(NAMES))), 'ok')
    const released = await talk.release()
    assert.equal(failedWith(released), 'injection')
    assert.match((released as { summary: string }).summary, /^3 bytes came in the open/)
  })

  test('each answer has a deadline of its own, and the whole check one besides', async () => {
    const slow = connected(30)
    slow.server.write('220 ready\r\n25')
    const outcome = await slow.talk.lead(STARTTLS_PROTOCOLS.smtp.dialog(NAMES))
    assert.equal(failedWith(outcome), 'hung')
    assert.match((outcome as { summary: string }).summary, /the answer to EHLO began with "25".* within 30ms/)
    const deadline = new AbortController()
    const late = connected(60_000, deadline.signal)
    const waiting = late.talk.lead(STARTTLS_PROTOCOLS.imap.dialog(NAMES))
    deadline.abort()
    assert.match(((await waiting) as { summary: string }).summary, /the greeting did not come in time/)
  })

  test('hanging up says where', async () => {
    const { talk, server } = connected()
    server.end('220 ready\r\n')
    const outcome = await talk.lead(STARTTLS_PROTOCOLS.smtp.dialog(NAMES))
    assert.deepEqual(outcome, {
      failed: 'closed',
      summary: 'the other side hung up while the answer to EHLO was waited for',
    })
  })

  for (const flood of ['a'.repeat(60_000), '220-more\r\n'.repeat(6_000), '\n'.repeat(60_000)])
    test(`endless ${JSON.stringify(flood.slice(0, 8))} is given up after some kilobytes, by every protocol`, async () => {
      for (const protocol of STARTTLS_NAMES) {
        const { talk, server } = connected()
        let sent = 0
        const more = () => {
          while (!server.destroyed && sent < 50_000_000) {
            sent += flood.length
            if (!server.write(flood)) return
          }
        }
        server.on('drain', more)
        more()
        const outcome = await talk.lead(STARTTLS_PROTOCOLS[protocol].dialog(NAMES))
        assert.notEqual(failedWith(outcome), 'ok', protocol)
        assert.ok(sent < 2_000_000, `${protocol} swallowed ${sent} bytes`)
        server.destroy()
      }
    })
})
