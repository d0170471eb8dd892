import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { answerable, answerChallenge, type Challenge, readChallenges } from './answer-challenge.ts'

const parameters = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map((m) => [m[1], m[2] ?? m[3]]),
  )

const challenge = (more: Partial<Challenge> = {}): Challenge => ({
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  algorithm: 'MD5',
  qop: ['auth'],
  stale: false,
  ...more,
})

/** The example of RFC 7616, 3.9.1, which RFC 8760 takes over for SIP. */
const MUFASA = {
  user: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
}

describe('the answer to a challenge', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)
    test(`by ${algorithm} is that of RFC 7616`, () => {
      const answer = answerChallenge(challenge({ algorithm }), MUFASA)
      assert.match(answer, /^Digest username="Mufasa", realm="http-auth@example\.org"/)
      const given = parameters(answer)
      assert.equal(given.response, response)
      assert.deepEqual([given.qop, given.nc, given.cnonce], ['auth', '00000001', MUFASA.cnonce])
      assert.equal(given.opaque, challenge().opaque)
    })

  test('without qop is the old one, without a count', () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const answer = answerChallenge(challenge({ qop: [], opaque: null }), MUFASA)
    const secret = md5('Mufasa:http-auth@example.org:Circle of Life')
    assert.equal(
      parameters(answer).response,
      md5(`${secret}:${challenge().nonce}:${md5('GET:/dir/index.html')}`),
    )
    assert.doesNotMatch(answer, /qop|nc=|cnonce|opaque/)
  })

  test('of a session hashes nonce and cnonce into the secret, and counts', () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    const asked = challenge({ algorithm: 'SHA-256-sess' })
    const given = parameters(answerChallenge(asked, { ...MUFASA, count: 26 }))
    const secret = sha(
      `${sha('Mufasa:http-auth@example.org:Circle of Life')}:${asked.nonce}:${MUFASA.cnonce}`,
    )
    const expected = sha(
      `${secret}:${asked.nonce}:0000001a:${MUFASA.cnonce}:auth:${sha('GET:/dir/index.html')}`,
    )
    assert.equal(given.response, expected)
  })

  test('that covers the body, where nothing else is offered', () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const given = parameters(answerChallenge(challenge({ qop: ['auth-int'] }), MUFASA))
    const secret = md5('Mufasa:http-auth@example.org:Circle of Life')
    const asked = md5(`GET:/dir/index.html:${md5('')}`)
    const expected = md5(`${secret}:${challenge().nonce}:00000001:${MUFASA.cnonce}:auth-int:${asked}`)
    assert.deepEqual([given.qop, given.response], ['auth-int', expected])
  })

  test('a quote in the user does not end the value', () => {
    const answer = answerChallenge(challenge(), { ...MUFASA, user: 'a"b\\c' })
    assert.match(answer, /username="a\\"b\\\\c", realm/)
  })
})

describe('challenges', () => {
  test('are read with their parameters in any order and case', () => {
    const [read] = readChallenges([
      'Digest  NONCE="a,b",realm = "x \\"y\\"" ,algorithm=SHA-256, qop="auth,auth-int", stale=TRUE, opaque=""',
    ])
    assert.deepEqual(read, {
      realm: 'x \\"y\\"',
      nonce: 'a,b',
      opaque: '',
      algorithm: 'SHA-256',
      qop: ['auth', 'auth-int'],
      stale: true,
    })
  })

  test('several in one line or in several are taken in their order, and other schemes left out', () => {
    const read = readChallenges([
      'Bearer realm="t", Digest realm="a", nonce="1", algorithm=KANGAROO, Digest realm="a", nonce="2"',
      'Digest realm="a", nonce="3", algorithm=SHA-256',
      'Digest realm="without a nonce"',
    ])
    assert.deepEqual(
      read.map(({ nonce }) => nonce),
      ['1', '2', '3'],
    )
    assert.equal(answerable(read)?.nonce, '2')
  })

  test('that nobody can answer leave nothing', () => {
    for (const line of [
      '',
      'Digest',
      'Basic realm="x"',
      'Digest realm="a", nonce="b", algorithm=SHA3-256',
      'Digest realm="a", nonce="b", qop="auth-conf"',
    ])
      assert.equal(answerable(readChallenges([line])), null, line)
  })

  test('of any text are read in time, and answers hold no line break', () => {
    const words = fc.constantFrom(
      'Digest ',
      'realm',
      'nonce',
      '=',
      '"',
      '\\',
      ',',
      ' ',
      'qop="auth"',
      'a',
      '\t',
      'MD5',
    )
    const text = fc.oneof(
      fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }).map((one) => one.replace(/[\r\n]/g, '')),
    )
    fc.assert(
      fc.property(text, (line) => {
        const found = answerable(readChallenges([line, `Digest realm="r", nonce="n", ${line}`]))
        if (found) assert.doesNotMatch(answerChallenge(found, MUFASA), /[\r\n]/)
      }),
      { numRuns: 10_000 },
    )
    // Long hostile texts: linear, or this would not come back.
    for (const part of ['"\\', '=', ',', 'a=', '"', 'a ']) readChallenges([`Digest ${part.repeat(8_000)}`])
  })
})
