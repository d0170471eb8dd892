import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { DAY, HOUR, MINUTE } from '../../../kit/duration.ts'
import { checkOnce } from '../../check-once.ts'
import { oidc } from './index.ts'
import { judgeRotation, type RotationMemory, readMemory } from './judge-rotation.rules.ts'
import { judgeClaims } from './judge-token.rules.ts'
import { readDiscovery, readKeys } from './read-documents.rules.ts'
import { verifyToken } from './verify-token.ts'

const START = Date.UTC(2026, 0, 5, 9)

/** A provider over time: what is published, and by which key the token is signed, at each look. */
function play(
  looks: [after: number, published: string[], signedBy?: string][],
  settings: { tokenLifetime?: number; announce?: number } = {},
) {
  let before: RotationMemory | null = null
  return looks.map(([after, published, signedBy]) => {
    const rotation = judgeRotation({
      now: START + after,
      before,
      keysUrl: 'https://x/keys',
      published,
      token: signedBy === undefined ? null : { id: signedBy, lifetime: HOUR },
      tokenLifetime: settings.tokenLifetime,
      announce: settings.announce,
    })
    // What is kept goes through JSON, as in the store.
    before = readMemory(JSON.parse(JSON.stringify(rotation.memory)))
    return rotation.finding?.reason ?? 'ok'
  })
}

describe('keys over time', () => {
  test('an overlap as long as tokens live is no complaint, with and without a token of one’s own', () => {
    const looks: [number, string[], string?][] = [
      [0, ['a'], 'a'],
      [DAY, ['a', 'b'], 'a'],
      [DAY + HOUR, ['b', 'a'], 'b'],
      [DAY + 2 * HOUR + MINUTE, ['b'], 'b'],
    ]
    assert.deepEqual(play(looks), ['ok', 'ok', 'ok', 'ok'])
    const without = looks.map(([after, keys]) => [after, keys] as [number, string[]])
    assert.deepEqual(play(without), ['ok', 'ok', 'ok', 'ok'])
  })

  test('a key that goes while its tokens live is missed until they are dead, and no longer', () => {
    const looks: [number, string[], string?][] = [
      [0, ['a', 'b'], 'a'],
      [10 * MINUTE, ['b'], 'b'],
      [59 * MINUTE, ['b'], 'b'],
      [61 * MINUTE, ['b'], 'b'],
    ]
    assert.deepEqual(play(looks), ['ok', 'oidc.key-vanished', 'oidc.key-vanished', 'ok'])
    assert.deepEqual(play(looks, { tokenLifetime: MINUTE }), ['ok', 'ok', 'ok', 'ok'])
  })

  test('without a token nobody knows which key signed: a sudden swap is a complaint for the usual hour', () => {
    const looks: [number, string[]][] = [
      [0, ['a']],
      [MINUTE, ['b']],
      [HOUR + 2 * MINUTE, ['b']],
    ]
    assert.deepEqual(play(looks), ['ok', 'oidc.key-vanished', 'ok'])
  })

  test('a key that comes back is no longer missed', () => {
    assert.deepEqual(
      play([
        [0, ['a', 'b'], 'a'],
        [MINUTE, ['b'], 'b'],
        [2 * MINUTE, ['a', 'b'], 'b'],
      ]),
      ['ok', 'oidc.key-vanished', 'ok'],
    )
  })

  test('a key that signs as soon as it appears, where a time between is expected', () => {
    const looks: [number, string[], string?][] = [
      [0, ['a'], 'a'],
      [MINUTE, ['a', 'b'], 'b'],
      [20 * MINUTE, ['a', 'b'], 'b'],
    ]
    assert.deepEqual(play(looks, { announce: 10 * MINUTE }), ['ok', 'oidc.key-unannounced', 'ok'])
    assert.deepEqual(play(looks), ['ok', 'ok', 'ok'])
  })

  test('keys may have any name, and be as many as they like', () => {
    const names = ['__proto__', 'constructor', 'toString', '']
    assert.deepEqual(
      play([
        [0, names],
        [MINUTE, names],
      ]),
      ['ok', 'ok'],
    )
    let before: RotationMemory | null = null
    for (let i = 0; i < 50; i++) {
      const published = Array.from({ length: 100 }, (_, k) => `${i}-${k}-${'x'.repeat(180)}`)
      const input = {
        published,
        keysUrl: 'https://x/',
        token: null,
        tokenLifetime: undefined,
        announce: undefined,
      }
      before = judgeRotation({ ...input, now: START + i * MINUTE, before }).memory
    }
    assert.ok(JSON.stringify(before).length < 64 * 1_024)
  })

  test('a memory that is none is forgotten', () => {
    for (const memory of [null, undefined, 7, 'x', [], {}, { keys: {} }])
      assert.equal(readMemory(memory), null)
  })
})

describe('whatever a provider sends', () => {
  const jsonish = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      {
        issuer: fc.constantFrom('https://x.example', 'https://y.example', 7, null),
        jwks_uri: fc.oneof(fc.webUrl(), fc.string(), fc.constant('https://x.example/keys')),
        token_endpoint: fc.oneof(fc.webUrl(), fc.string(), fc.constant(undefined)),
        keys: fc.array(
          fc.record(
            {
              kty: fc.constantFrom('RSA', 'EC', 'OKP', 'oct', '', 9),
              kid: fc.oneof(fc.string(), fc.constantFrom('__proto__', null, {})),
              n: fc.oneof(fc.base64String(), fc.string(), fc.integer()),
              use: fc.constantFrom('sig', 'enc', undefined, 4),
              key_ops: fc.oneof(fc.array(fc.string()), fc.constant(3)),
              d: fc.string(),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    ),
  )
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)

  test('documents are read or refused, with a reason', () => {
    fc.assert(
      fc.property(jsonish, (document) => {
        if (!isRecord(document)) return
        const discovery = readDiscovery(document, 'https://x.example')
        if ('failed' in discovery) assert.ok(oidc.reasons.includes(discovery.failed))
        else assert.ok(URL.canParse(discovery.keysUrl) && discovery.keysUrl.startsWith('https:'))
        const keys = readKeys(document)
        if ('failed' in keys) assert.ok(oidc.reasons.includes(keys.failed))
        else assert.ok(keys.length <= 200 && keys.every((key) => key.id.length <= 240))
      }),
      { numRuns: 5_000 },
    )
  })

  test('claims are judged, whatever they are', () => {
    const spec = oidc.schema.parse({
      issuer: 'https://x.example',
      expect: { audience: 'a', scope: 'b', claims: { constructor: 'x' } },
    })
    fc.assert(
      fc.property(jsonish, (claims) => {
        if (!isRecord(claims)) return
        const wrong = judgeClaims({ iss: 'https://x.example', exp: START, ...claims }, spec, START)
        assert.ok(wrong && oidc.reasons.includes(wrong.failed))
      }),
      { numRuns: 2_000 },
    )
  })

  test('tokens are verified or refused', async () => {
    const keys = readKeys({
      keys: [
        { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'a' },
        { kty: 'EC', x: '', kid: 'b' },
      ],
    })
    assert.ok(Array.isArray(keys))
    const part = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
      fc
        .record({ alg: fc.constantFrom('RS256', 'ES256', 'none', 1), kid: fc.constantFrom('a', 'b', 'c', 2) })
        .map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
    )
    await fc.assert(
      fc.asyncProperty(part, part, part, async (head, body, signature) => {
        const verified = await verifyToken(`${head}.${body}.${signature}`, keys, ['RS256', 'ES256'])
        assert.ok('failed' in verified && oidc.reasons.includes(verified.failed))
      }),
      { numRuns: 1_000 },
    )
  })

  test('over the wire: mutated documents and noise bring a verdict, and in time', async () => {
    let body: Buffer = Buffer.alloc(0)
    const server = createServer((_, response) => response.end(body))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const spec = oidc.schema.parse({ issuer, timeout: '2s' })
    const good = JSON.stringify({
      issuer,
      jwks_uri: `${issuer}/keys`,
      keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'a', x: 'A'.repeat(43) }],
    })
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(good.length),
          fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(new Uint8Array())),
          fc.nat(20),
          async (at, put, cut) => {
            body = Buffer.concat([Buffer.from(good.slice(0, at)), put, Buffer.from(good.slice(at + cut))])
            const seen = await checkOnce(oidc, spec, { clock: systemClock, deadlineMs: spec.timeout })
            assert.ok(oidc.reasons.includes(seen.reason), `${seen.reason}: ${seen.summary}`)
            assert.ok(!seen.summary.includes('\n'))
          },
        ),
        { numRuns: 500 },
      )
    } finally {
      server.close()
    }
  })
})
