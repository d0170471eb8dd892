import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  answers,
  bindingsOf,
  excerpt,
  header,
  LONGEST_BODY,
  LONGEST_HEAD,
  readMessage,
  type SipResponse,
  splitList,
  writeRequest,
} from './message.rules.ts'
import { createSplitter } from './split-stream.rules.ts'

const ASKED = {
  branch: 'z9hG4bKnashds7',
  callId: '843817637684230@998sdasdh09',
  cseq: 1826,
  method: 'REGISTER',
}

/** As in RFC 3261, 24.1, with what registrars add. */
const REGISTERED = [
  'SIP/2.0 200 OK',
  'Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7;received=192.0.2.4',
  'To: Bob <sip:bob@biloxi.com>;tag=2493k59kd',
  'From: Bob <sip:bob@biloxi.com>;tag=456248',
  'Call-ID: 843817637684230@998sdasdh09',
  'CSeq: 1826 REGISTER',
  'Contact: <sip:bob@192.0.2.4>;expires=7200, "Bob, at <home>" <sip:bob@192.0.2.5;transport=tcp>;q=0.5;expires="60"',
  'Contact: sip:bob@192.0.2.6;expires=30',
  'Content-Length: 0',
  '',
  '',
].join('\r\n')

function read(text: string): SipResponse {
  const message = readMessage(Buffer.from(text))
  assert.equal(message.is, 'response', JSON.stringify(message))
  return (message as { response: SipResponse }).response
}

describe('a response', () => {
  test('is read with status, phrase and headers', () => {
    const response = read(REGISTERED)
    assert.deepEqual([response.status, response.phrase], [200, 'OK'])
    assert.equal(header(response, 'call-id'), ASKED.callId)
    assert.ok(answers(response, ASKED))
    assert.deepEqual(bindingsOf(response), [
      { uri: 'sip:bob@192.0.2.4', expires: 7200 },
      { uri: 'sip:bob@192.0.2.5;transport=tcp', expires: 60 },
      { uri: 'sip:bob@192.0.2.6', expires: 30 },
    ])
  })

  test('may use short names, folded lines and any case', () => {
    const response = read(
      'SIP/2.0 401 \r\nv: SIP/2.0/UDP a;BRANCH = z9hG4bKnashds7\r\ni: 843817637684230@998sdasdh09\r\n' +
        'cseq:   1826   register\r\nWWW-AUTHENTICATE: Digest realm="a",\r\n\tnonce="b"\r\nl: 0\r\n\r\n',
    )
    assert.equal(response.status, 401)
    assert.equal(header(response, 'www-authenticate'), 'Digest realm="a", nonce="b"')
    assert.ok(answers(response, ASKED))
  })

  for (const [what, changed] of [
    ['another branch', { ...ASKED, branch: 'z9hG4bKother' }],
    ['another call', { ...ASKED, callId: 'x' }],
    ['an earlier request', { ...ASKED, cseq: 1827 }],
    ['another method', { ...ASKED, method: 'OPTIONS' }],
  ] as const)
    test(`with ${what} answers something else`, () => {
      assert.equal(answers(read(REGISTERED), changed), false)
    })

  test('from behind a proxy that left its own Via on top is not ours', () => {
    const text = REGISTERED.replace('Via: ', 'Via: SIP/2.0/UDP proxy;branch=z9hG4bKproxy, ')
    assert.equal(answers(read(text), ASKED), false)
  })

  for (const [what, text] of [
    ['nothing', ''],
    ['another protocol', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['another version', 'SIP/3.0 200 OK\r\n\r\n'],
    ['a status that is none', 'SIP/2.0 999 What\r\n\r\n'],
    ['a line without a name', 'SIP/2.0 200 OK\r\n: x\r\n\r\n'],
    ['a line without a colon', 'SIP/2.0 200 OK\r\nVia\r\n\r\n'],
    ['a head that does not end', `SIP/2.0 200 OK\r\nA: ${'a'.repeat(LONGEST_HEAD)}`],
    ['too many headers', `SIP/2.0 200 OK\r\n${'A: b\r\n'.repeat(300)}\r\n`],
  ] as const)
    test(`${what} is nonsense`, () => assert.equal(readMessage(Buffer.from(text)).is, 'nonsense'))

  test('a request to us is told from an answer', () => {
    assert.equal(readMessage(Buffer.from('OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n')).is, 'request')
  })

  test('what it says is fit for one line of ours', () => {
    const response = read(`SIP/2.0 503 ${'x'.repeat(200)}\r\n\r\n`)
    assert.equal(response.phrase.length, 81)
    assert.equal(excerpt('a\x1b[31m\nb\x00', 20), 'a?[31m?b?')
  })
})

describe('lists', () => {
  test('commas in quotes and brackets separate nothing', () => {
    assert.deepEqual(splitList('a, "b, \\", c" <d,e>;f , ,g'), ['a', '"b, \\", c" <d,e>;f', 'g'])
    assert.deepEqual(splitList(''), [])
    assert.deepEqual(splitList('"never closed, a'), ['"never closed, a'])
  })
})

describe('a request', () => {
  test('is what it says, line by line', () => {
    const text = writeRequest('OPTIONS', 'sip:a.example', [['Call-ID', 'x']]).toString()
    assert.equal(text, 'OPTIONS sip:a.example SIP/2.0\r\nCall-ID: x\r\nContent-Length: 0\r\n\r\n')
  })
})

const withBody = (body: string) =>
  `SIP/2.0 200 OK\r\nVia: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

describe('a stream of messages', () => {
  test('is cut by Content-Length, however it comes in pieces', () => {
    const messages = [withBody(''), withBody('a body\r\n\r\nSIP/2.0 not a message'), withBody('ü')]
    const stream = Buffer.from(`\r\n\r\n${messages.join('\r\n')}`)
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 30 }), (cuts) => {
        const splitter = createSplitter()
        const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        const found = at.slice(1).flatMap((end, i) => splitter.feed(stream.subarray(at[i], end)).messages)
        assert.deepEqual(found.map(String), messages)
      }),
      { numRuns: 2_000 },
    )
  })

  for (const [what, text, why] of [
    ['without a length', 'SIP/2.0 200 OK\r\nVia: x\r\n\r\n', /how long its body/],
    ['of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /begins with "SSH-2\.0-OpenSSH_9\.2"/],
    ['with an absurd body', `SIP/2.0 200 OK\r\nl: ${LONGEST_BODY + 1}\r\n\r\n`, /claims a body/],
    ['with a negative length', 'SIP/2.0 200 OK\r\nContent-Length: -1\r\n\r\n', /how long its body/],
    ['without an end', 'a'.repeat(LONGEST_HEAD + 1), /head has more than/],
  ] as const)
    test(`a message ${what} ends it`, () => {
      const splitter = createSplitter()
      assert.match(splitter.feed(Buffer.from(text)).broken!, why)
      // Once broken it takes nothing more.
      assert.deepEqual(splitter.feed(Buffer.from(withBody('x'))).messages, [])
    })

  test('without end holds no more than one message', () => {
    const splitter = createSplitter()
    const head = Buffer.from(`SIP/2.0 200 OK\r\nl: ${LONGEST_BODY}\r\n\r\n`)
    const body = Buffer.alloc(LONGEST_BODY, 0x61)
    let messages = 0
    for (let i = 0; i < 500; i++) {
      messages += splitter.feed(head).messages.length
      for (let at = 0; at < body.length; at += 1_000) {
        messages += splitter.feed(body.subarray(at, at + 1_000)).messages.length
        assert.ok(splitter.held() <= head.length + body.length)
      }
      assert.equal(splitter.held(), 0)
    }
    assert.equal(messages, 500)
    for (let i = 0; i < 500; i++) splitter.feed(Buffer.alloc(1_000, 0x61))
    assert.equal(splitter.held(), 0)
  })
})

describe('whatever bytes come', () => {
  const real = Buffer.from(REGISTERED)
  const mutated = fc
    .array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 })
    .map((changes) => {
      const bytes = Buffer.from(real)
      for (const [at, value] of changes) bytes[at] = value
      return bytes
    })
  const shuffled = fc
    .shuffledSubarray(REGISTERED.split('\r\n'), { minLength: 1 })
    .chain((lines) => fc.constantFrom('\r\n', '\n', '\r', ', ').map((by) => Buffer.from(lines.join(by))))
  const anything = fc.oneof(
    mutated,
    shuffled,
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .string({ unit: 'binary', maxLength: 200 })
      .map((text) => Buffer.from(`SIP/2.0 200 OK\r\n${text}\r\n\r\n`)),
  )

  test('a message is read or refused, its contacts and identity too, and never an exception', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        const message = readMessage(bytes)
        if (message.is === 'nonsense') return assert.doesNotMatch(message.why, /[\x00-\x1f]/)
        if (message.is === 'request') return
        const { response } = message
        assert.ok(response.status >= 100 && response.status < 700)
        assert.equal(typeof answers(response, ASKED), 'boolean')
        assert.ok(bindingsOf(response).every(({ expires }) => expires === null || expires >= 0))
      }),
      { numRuns: 20_000 },
    )
  })

  test('a stream is cut or refused, and what it holds stays small', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 8 }), (chunks) => {
        const splitter = createSplitter()
        for (const chunk of chunks) {
          const { messages, broken } = splitter.feed(chunk)
          for (const message of messages) assert.ok(message.length <= LONGEST_HEAD + 4 + LONGEST_BODY)
          assert.ok(broken === null || broken.length > 0)
        }
      }),
      { numRuns: 5_000 },
    )
  })
})
