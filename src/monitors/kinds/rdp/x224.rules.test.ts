import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  connectionRequest,
  NEGOTIATION_FAILURES,
  NEGOTIATION_REASONS,
  negotiationProblem,
  packetLength,
  readConnectionConfirm,
} from './x224.rules.ts'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const confirm = (data: string) => bytes(`03 00 00 13 0e d0 00 00 12 34 00 ${data}`)

describe('the connection request', () => {
  test('has the 19 bytes of the specification, offering TLS and network level authentication', () => {
    assert.deepEqual(connectionRequest(), bytes('03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 0b 00 00 00'))
  })

  test('carries a cookie before the negotiation, counted in both lengths', () => {
    const asked = connectionRequest('watch')
    assert.equal(asked.length, 43)
    assert.equal(asked.readUInt16BE(2), 43)
    assert.equal(asked[4], 38)
    assert.equal(asked.subarray(11, 35).toString('latin1'), 'Cookie: mstshash=watch\r\n')
    assert.deepEqual(asked.subarray(35), bytes('01 00 08 00 0b 00 00 00'))
  })

  test('of the longest user still fits its one length byte', () => {
    const asked = connectionRequest('x'.repeat(64))
    assert.equal(asked[4], asked.length - 5)
  })
})

describe('the connection confirm', () => {
  const agreed: [string, string][] = [
    ['02 00 08 00 01 00 00 00', 'tls'],
    ['02 1f 08 00 02 00 00 00', 'nla'],
    ['02 01 08 00 08 00 00 00', 'nla-ex'],
  ]
  for (const [data, protocol] of agreed)
    test(`selects ${protocol}`, () =>
      assert.deepEqual(readConnectionConfirm(confirm(data)), { says: 'agreed', protocol }))

  test('without negotiation data, or with protocol 0, means that no TLS follows', () => {
    const old = bytes('03 00 00 0b 06 d0 00 00 12 34 00')
    for (const packet of [old, confirm('02 00 08 00 00 00 00 00')]) {
      assert.deepEqual(readConnectionConfirm(packet), { says: 'plain' })
      assert.equal(negotiationProblem(readConnectionConfirm(packet))?.reason, 'rdp.tls-not-offered')
    }
  })

  for (const [code, [reason]] of Object.entries(NEGOTIATION_FAILURES))
    test(`failure ${code} is ${reason}`, () => {
      const read = readConnectionConfirm(confirm(`03 00 08 00 0${code} 00 00 00`))
      const problem = negotiationProblem(read)
      assert.equal(problem?.reason, reason)
      assert.match(problem!.summary, new RegExp(`\\(code ${code}\\)$`))
    })

  test('an unknown failure code is told as such', () => {
    const problem = negotiationProblem(readConnectionConfirm(confirm('03 00 08 00 ff ff ff ff')))
    assert.deepEqual(problem?.reason, 'rdp.negotiation-failed')
    assert.match(problem!.summary, /4294967295/)
  })

  const nonsense: [string, string, RegExp][] = [
    ['another code', '03 00 00 0b 06 e0 00 00 12 34 00', /code is 0xe0/],
    [
      'a length indicator that lies',
      '03 00 00 0b 0e d0 00 00 12 34 00',
      /indicator says 14 bytes where 6 are/,
    ],
    ['half the negotiation data', '03 00 00 0f 0a d0 00 00 12 34 00 02 00 08 00', /has 4 bytes/],
    ['a foreign length in the data', '03 00 00 13 0e d0 00 00 12 34 00 02 00 09 00 01 00 00 00', /8 bytes/],
    ['a foreign type', '03 00 00 13 0e d0 00 00 12 34 00 07 00 08 00 01 00 00 00', /type 0x07/],
    ['a protocol that was not offered', '03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 04 00 00 00', /0x04/],
    ['two protocols at once', '03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 03 00 00 00', /0x03/],
  ]
  for (const [what, packet, why] of nonsense)
    test(`${what} is malformed`, () => {
      const problem = negotiationProblem(readConnectionConfirm(bytes(packet)))
      assert.equal(problem?.reason, 'rdp.malformed')
      assert.match(problem!.summary, why)
    })

  test('its length is known from four bytes, and not believed when it is absurd', () => {
    assert.equal(packetLength(bytes('')), null)
    assert.equal(packetLength(bytes('03 00 00')), null)
    assert.equal(packetLength(bytes('03 00 00 13')), 19)
    for (const odd of ['04', '03 00 ff ff', '03 00 00 0a', '16 03 01 00', '48 54 54 50'])
      assert.equal(typeof packetLength(bytes(odd)), 'object', odd)
  })
})

describe('whatever bytes come', () => {
  const right = confirm('02 1f 08 00 02 00 00 00')
  const mutated = fc
    .array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const packet = Buffer.from(right)
      for (const [at, value] of changes) packet[at] = value
      return packet
    })
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)),
    fc.uint8Array({ maxLength: 32 }).map((array) => Buffer.concat([bytes('03 00 00 13'), array])),
    mutated,
  )

  test('the answer is an agreement or a reason of the closed set, and never an exception', () => {
    fc.assert(
      fc.property(anything, (heard) => {
        const length = packetLength(heard)
        if (length === null || typeof length === 'object') return
        assert.ok(length <= 1_024)
        if (heard.length < length) return
        const read = readConnectionConfirm(heard.subarray(0, length))
        const problem = negotiationProblem(read)
        assert.equal(problem === null, read.says === 'agreed')
        if (problem) {
          assert.ok(NEGOTIATION_REASONS.includes(problem.reason))
          assert.doesNotMatch(problem.summary, /[^\x20-\x7e]/)
        }
      }),
      { numRuns: 20_000 },
    )
  })
})
