import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import {
  AUDIENCE,
  CLIENT,
  type OidcProvider,
  PATHS,
  signingKey,
  startOidcProcess,
  startOidcProvider,
} from '../../../../test/harness/oidc-provider.ts'
import { systemClock } from '../../../kit/clock.ts'
import { HOUR, MINUTE } from '../../../kit/duration.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { oidc } from './index.ts'

let provider: OidcProvider
let first: JWK
let second: JWK

before(async () => {
  first = await signingKey('first')
  second = await signingKey('second')
  provider = await startOidcProvider({ keys: [first] })
})
after(() => provider.stop())

const withClient = { client: { ...CLIENT, scope: 'jobs.submit' } }

interface Look {
  at?: OidcProvider | { issuer: string }
  memory?: unknown
  /** How much later than now it is for the check. */
  later?: number
}

function observe(settings: Record<string, unknown> = {}, { at = provider, memory, later = 0 }: Look = {}) {
  const spec = oidc.schema.parse({ issuer: at.issuer, timeout: '5s', ...settings })
  const clock = { ...systemClock, now: () => systemClock.now() + later }
  return checkOnce(oidc, spec, { clock, deadlineMs: spec.timeout, memory })
}

/** A check, with what must come of it. */
async function expects(verdict: string, reason: string, ...given: Parameters<typeof observe>) {
  const seen = await observe(...given)
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
  assert.ok(oidc.reasons.includes(seen.reason), seen.reason)
  assert.ok(seen.summary.length > 0 && !seen.summary.includes('\n'))
  return seen
}

describe('a real provider, as its consumers see it', () => {
  test('keys alone, and a new token with signature and claims', async () => {
    const keys = await expects('up', 'ok')
    assert.equal(keys.values.keys, 1)
    assert.match(keys.summary, /^1 signing key in /)
    const expect = {
      audience: AUDIENCE,
      scope: 'jobs.submit',
      claims: { client_id: CLIENT.id },
      algorithms: ['RS256'],
    }
    const token = await expects('up', 'ok', { ...withClient, expect })
    assert.match(token.summary, /a new token verified \(RS256\)/)
    assert.equal(typeof token.values.tokenMs, 'number')
  })

  const wrong: [string, Record<string, unknown>, string][] = [
    ['another secret', { client: { ...CLIENT, secret: 'wrong' } }, 'oidc.token-refused'],
    ['a scope that is not granted', { ...withClient, expect: { scope: 'jobs.read' } }, 'oidc.scope-missing'],
    ['another audience', { ...withClient, expect: { audience: 'urn:other' } }, 'oidc.audience-unexpected'],
    ['a claim', { ...withClient, expect: { claims: { tenant: 'atlas' } } }, 'oidc.claim-unexpected'],
    ['an algorithm', { ...withClient, expect: { algorithms: ['ES256'] } }, 'oidc.algorithm-refused'],
  ]
  for (const [what, settings, reason] of wrong)
    test(`${what}: ${reason}`, async () => {
      const seen = await expects('down', reason, settings)
      assert.ok(!JSON.stringify(seen).includes(CLIENT.secret))
    })

  test('tokens for a clock that is wrong are expired or not valid yet', async () => {
    await expects('down', 'oidc.token-expired', withClient, { later: HOUR })
    const token = await tokenBy(first, { nbf: Math.floor(Date.now() / 1_000) + 3_600 })
    provider.replace(PATHS.token, json({ access_token: token }))
    await expects('down', 'oidc.token-not-yet-valid', withClient)
    provider.replace(PATHS.token, null)
  })

  test('over TLS the certificate is judged on the way, and a wrong one is asked for nothing', async () => {
    const root: Minted = await mintRoot()
    const tls = await mint({ name: 'CN=issuer', names: ['localhost'], by: root })
    const secure = await startOidcProvider({ keys: [first], tls, host: 'localhost' })
    let asked = 0
    const counting = (await startOidcProvider({ keys: [first], tls, host: 'localhost' })) as OidcProvider
    counting.replace(PATHS.discovery, () => asked++)
    try {
      const settings = { ...withClient, family: 'ipv4', expect: { ca: root.cert } }
      const seen = await expects('up', 'ok', settings, { at: secure })
      assert.equal(seen.certificate?.subject, 'CN=issuer')
      const strict = { ...settings, expect: { ca: root.cert, issuer: 'Other' } }
      await expects('down', 'certificate.issuer-mismatch', strict, { at: counting })
      assert.equal(asked, 0)
      const soon = { ...settings, expect: { ca: root.cert, warn: '200d' } }
      await expects('degraded', 'certificate.expires-soon', soon, { at: secure })
      const unread = { ...settings, expect: { ca: '/nowhere/ca.pem' } }
      await expects('unknown', 'tls.ca-unreadable', unread, { at: secure })
    } finally {
      await secure.stop()
      await counting.stop()
    }
  })
})

describe('an issuer that lets its consumers wait', () => {
  const steps = [
    ['discovery', 'oidc.discovery-slow', 'oidc.discovery-hang'],
    ['keys', 'oidc.keys-slow', 'oidc.keys-hang'],
    ['token', 'oidc.token-slow', 'oidc.token-hang'],
  ] as const
  for (const [step, slowly, never] of steps) {
    test(`${step} slow, and ${step} never`, async () => {
      provider.delay(PATHS[step], 120)
      const limit = { [`${step}Latency`]: '50ms' }
      const slow = await expects('degraded', slowly, { ...withClient, expect: limit })
      assert.match(slow.summary, /allowed is 50ms/)
      assert.ok(Number(slow.values[`${step}Ms`]) >= 100)
      provider.delay(PATHS[step], Number.POSITIVE_INFINITY)
      const hung = await expects('down', never, { ...withClient, stepTimeout: '150ms' })
      assert.match(hung.summary, /accepts the connection and does not send/)
      provider.delay(PATHS[step], 0)
    })
  }

  test('a frozen process: its kernel accepts, and who kept the discovery document waits for the keys', async () => {
    const frozen = await startOidcProcess()
    try {
      const { memory } = await expects('up', 'ok', {}, { at: frozen })
      frozen.freeze()
      const seen = await expects('down', 'oidc.keys-hang', { stepTimeout: '200ms' }, { at: frozen, memory })
      assert.match(seen.summary, /who verifies tokens with them waits, and stands still/)
      await expects('down', 'oidc.discovery-hang', { stepTimeout: '200ms' }, { at: frozen })
      assert.deepEqual(seen.memory, memory)
      frozen.thaw()
      await expects('up', 'ok', {}, { at: frozen, memory: seen.memory })
    } finally {
      await frozen.stop()
    }
  })

  test('the deadline of the whole check ends a step, too', async () => {
    provider.delay(PATHS.keys, Number.POSITIVE_INFINITY)
    await expects('down', 'oidc.keys-hang', { timeout: '150ms' })
    provider.delay(PATHS.keys, 0)
  })
})

const json =
  (body: unknown, status = 200) =>
  (_: unknown, response: import('node:http').ServerResponse) =>
    void response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))

async function tokenBy(key: JWK, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ iss: provider.issuer, aud: AUDIENCE, ...claims })
    .setProtectedHeader({ alg: key.alg!, kid: key.kid! })
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(await importJWK(key, key.alg))
}
const publicOf = ({ kty, n, e, kid, alg, use }: JWK) => ({ kty, n, e, kid, alg, use })

describe('documents that are wrong', () => {
  const good = () => ({
    issuer: provider.issuer,
    jwks_uri: `${provider.issuer}/jwks`,
    token_endpoint: `${provider.issuer}/token`,
  })
  const cases: [string, keyof typeof PATHS, () => unknown, string][] = [
    [
      'another issuer',
      'discovery',
      () => ({ ...good(), issuer: 'https://evil.example' }),
      'oidc.issuer-mismatch',
    ],
    [
      'a slash too many',
      'discovery',
      () => ({ ...good(), issuer: `${provider.issuer}/` }),
      'oidc.issuer-mismatch',
    ],
    ['no keys', 'discovery', () => ({ issuer: provider.issuer }), 'oidc.discovery-malformed'],
    [
      'keys in a file',
      'discovery',
      () => ({ ...good(), jwks_uri: 'file:///etc/passwd' }),
      'oidc.discovery-malformed',
    ],
    [
      'no token endpoint',
      'discovery',
      () => ({ ...good(), token_endpoint: undefined }),
      'oidc.discovery-malformed',
    ],
    [
      'metadata service',
      'discovery',
      () => ({ ...good(), jwks_uri: 'http://169.254.169.254/' }),
      'egress.refused',
    ],
    ['no JSON', 'discovery', () => '<html>', 'oidc.discovery-malformed'],
    ['a list', 'keys', () => [], 'oidc.keys-malformed'],
    ['keys that are none', 'keys', () => ({ keys: [7] }), 'oidc.keys-malformed'],
    ['a thousand keys', 'keys', () => ({ keys: Array(1_000).fill({ kty: 'RSA' }) }), 'oidc.keys-malformed'],
    ['an empty set', 'keys', () => ({ keys: [] }), 'oidc.keys-empty'],
    [
      'keys for encryption',
      'keys',
      () => ({ keys: [{ ...publicOf(first), use: 'enc' }] }),
      'oidc.keys-empty',
    ],
    ['a private key', 'keys', () => ({ keys: [first] }), 'oidc.key-exposed'],
    ['a secret', 'keys', () => ({ keys: [publicOf(first), { kty: 'oct', k: 'AAAA' }] }), 'oidc.key-exposed'],
    ['no token', 'token', () => ({ token_type: 'Bearer' }), 'oidc.token-malformed'],
    ['an opaque token', 'token', () => ({ access_token: 'abcdef' }), 'oidc.token-malformed'],
    ['a long token', 'token', () => ({ access_token: 'a.'.repeat(60_000) }), 'oidc.token-malformed'],
  ]
  for (const [what, step, body, reason] of cases)
    test(`${step} with ${what}: ${reason}`, async () => {
      provider.replace(PATHS[step], json(body()))
      await expects('down', reason, withClient).finally(() => provider.replace(PATHS[step], null))
    })

  test('an error of the server is told from a malformed document, with its words', async () => {
    for (const [step, failed] of [
      ['discovery', 'oidc.discovery-failed'],
      ['keys', 'oidc.keys-failed'],
      ['token', 'oidc.token-failed'],
    ] as const) {
      provider.replace(
        PATHS[step],
        json({ error: 'server_error', error_description: 'pool\nexhausted' }, 500),
      )
      const seen = await expects('down', failed, withClient)
      assert.match(seen.summary, /status 500, server_error: pool exhausted$/)
      provider.replace(PATHS[step], (request) => request.socket.destroy())
      await expects('down', failed, withClient)
      provider.replace(PATHS[step], null)
    }
  })

  test('an opaque token may be what is wanted', async () => {
    provider.replace(PATHS.token, json({ access_token: 'abcdef' }))
    await expects('up', 'ok', { ...withClient, expect: { jwt: false } })
    provider.replace(PATHS.token, null)
  })
})

describe('signatures that prove nothing', () => {
  const served = async (token: string, reason: string, keys?: unknown[]) => {
    provider.replace(PATHS.token, json({ access_token: token }))
    if (keys) provider.replace(PATHS.keys, json({ keys }))
    await expects('down', reason, withClient).finally(() => {
      provider.replace(PATHS.token, null)
      provider.replace(PATHS.keys, null)
    })
  }
  test('no signature at all', async () =>
    served(new UnsecuredJWT({ iss: provider.issuer }).encode(), 'oidc.algorithm-refused'))
  test('a public key used as a shared secret', async () => {
    const secret = createSecretKey(Buffer.from(first.n!))
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret)
    await served(token, 'oidc.algorithm-refused')
  })
  test('the name of a published key over the signature of another', async () =>
    served(await tokenBy({ ...second, kid: 'first' }), 'oidc.signature-invalid'))
  test('a key that is not published', async () => served(await tokenBy(second), 'oidc.key-unknown'))
  test('a token of another issuer', async () =>
    served(await tokenBy(first, { iss: 'https://evil.example' }), 'oidc.issuer-mismatch'))
  test('a key that is too short: refused where it signs, named where it is only there', async () => {
    const weak = { kty: 'RSA', kid: 'weak', e: 'AQAB', n: Buffer.alloc(128, 0xc3).toString('base64url') }
    await served(await tokenBy({ ...second, kid: 'weak' }), 'oidc.key-weak', [weak])
    provider.replace(PATHS.keys, json({ keys: [publicOf(first), weak] }))
    const seen = await expects('degraded', 'oidc.key-weak', withClient)
    assert.match(seen.summary, /RSA key of 1024 bits/)
    provider.replace(PATHS.keys, null)
  })
})

describe('the rotation of keys', () => {
  test('announced, then used, then removed when its tokens are dead: never a complaint', async () => {
    const rotating = await startOidcProvider({ keys: [first] })
    const expect = { announce: '10m' }
    const look = (memory: unknown, later: number) =>
      expects('up', 'ok', { ...withClient, expect }, { at: rotating, memory, later })
    try {
      const one = await look(null, 0)
      await rotating.rotate([first, second])
      const two = await look(one.memory, 0)
      assert.equal(two.values.announced, 'second')
      await rotating.rotate([second, first])
      // The token is signed by the clock of the provider: what is later for the check is where it began.
      const remembered = structuredClone(two.memory) as { keys: [string, Record<string, number>][] }
      for (const [, key] of remembered.keys)
        for (const at of Object.keys(key)) if (typeof key[at] === 'number') key[at] -= 20 * MINUTE
      const three = await look(remembered, 0)
      await rotating.rotate([second])
      const four = await look(three.memory, 0)
      assert.equal((four.details as { keys: unknown[] }).keys.length, 1)
    } finally {
      await rotating.stop()
    }
  })

  test('replaced at once: the old key vanished, and tokens signed with it may live', async () => {
    const rotating = await startOidcProvider({ keys: [first] })
    try {
      const { memory } = await expects('up', 'ok', withClient, { at: rotating })
      await rotating.rotate([second])
      const seen = await expects('degraded', 'oidc.key-vanished', withClient, { at: rotating, memory })
      assert.match(
        seen.summary,
        /^the key first is gone, and tokens signed with it may live for another (9m|10m)/,
      )
      const announce = { ...withClient, expect: { announce: '1h', tokenLifetime: '1ms' } }
      await expects('degraded', 'oidc.key-unannounced', announce, { at: rotating, memory })
    } finally {
      await rotating.stop()
    }
  })
})

describe('the rotation that reaches its consumers too late', () => {
  test('a cache goes on with the old keys while tokens are signed with the new one', async () => {
    const rotating = await startOidcProvider({ keys: [first] })
    try {
      const { memory } = await expects('up', 'ok', withClient, { at: rotating })
      await rotating.rotate([second])
      rotating.replace(PATHS.keys, json({ keys: [publicOf(first)] }))
      const seen = await expects('down', 'oidc.key-unknown', withClient, { at: rotating, memory })
      assert.match(
        seen.summary,
        /signed with the key second, published are first: no consumer can verify it$/,
      )
      await expects('up', 'ok', {}, { at: rotating, memory: seen.memory })
    } finally {
      await rotating.stop()
    }
  })

  test('one node of a pool is asked under the name of the issuer', async () => {
    const spec = oidc.schema.parse({ issuer: provider.issuer.replace('127.0.0.1', 'login.example.org') })
    const address = { host: '127.0.0.1', port: provider.port }
    const copy = oidc.byAddress!.pointAt(spec, address)
    assert.deepEqual(oidc.byAddress!.endpoint(copy), address)
    const seen = await checkOnce(oidc, copy, { clock: systemClock, deadlineMs: 5_000 })
    // It is reached there, and calls itself by its own name.
    assert.equal(seen.reason, 'oidc.issuer-mismatch')
  })
})

describe('the settings', () => {
  test('what is no issuer is refused, with the reason', () => {
    for (const issuer of ['ftp://x', 'https://a:b@x', 'https://x/?a=1', 'https://x/#a', 'x'])
      assert.equal(oidc.schema.safeParse({ issuer }).success, false, issuer)
    assert.deepEqual(oidc.schemes!['oidc+https']!('oidc+https://login.example.org/realm'), {
      issuer: 'https://login.example.org/realm',
    })
    assert.equal(oidc.speaksTls!('oidc+http://x'), false)
  })
})
