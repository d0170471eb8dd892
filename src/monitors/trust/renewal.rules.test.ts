import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE } from '../../kit/duration.ts'
import { certificateExpectationsSchema } from './expectations.ts'
import { mint, mintRoot } from './mint-for-tests.ts'
import { fileProblems, type RenewalInfo, renewalDue, renewalProblems } from './renewal.rules.ts'
import {
  isDemand,
  knownDirectory,
  parseRenewalInfo,
  pauseAfter,
  pauseAfterFailure,
  renewalInfoName,
  renewalInfoUrl,
} from './renewal-info.rules.ts'
import { parsePem } from './roots.ts'

const START = Date.UTC(2026, 0, 1)
const leaf = { fingerprint: 'AA', notBefore: START, notAfter: START + 90 * DAY }
const onDay = (days: number) => START + days * DAY
const expecting = (renewal: unknown) => certificateExpectationsSchema.parse({ renewal }).renewal!
const reasonsOf = (renewal: unknown, now: number, info: RenewalInfo | null = null) =>
  renewalProblems(leaf, expecting(renewal), info, now).map(({ reason }) => reason)

describe('when a renewal is overdue', () => {
  const overdue = ['certificate.renewal-overdue']
  const cases: [string, unknown, number, string[]][] = [
    ['two thirds of the lifetime is what is meant when nothing is said', {}, 60.5, []],
    ['a day of delay is no fault', { policy: 'two-thirds' }, 61, []],
    ['after two thirds and a day', { policy: 'two-thirds' }, 61.1, overdue],
    ['a duration before the end', { policy: '20d' }, 70.9, []],
    ['a duration before the end, passed', { policy: '20d' }, 71.1, overdue],
    ['no grace', { policy: 'two-thirds', grace: '0s' }, 60.1, overdue],
    ['long grace', { policy: 'two-thirds', grace: '10d' }, 69, []],
    ['an authority that could not be asked leaves two thirds', { policy: 'ari' }, 61.1, overdue],
    ['an expired certificate is not late but expired', {}, 91, []],
  ]
  for (const [what, renewal, day, reasons] of cases)
    test(what, () => assert.deepEqual(reasonsOf(renewal, onDay(day)), reasons))

  test('by the word of the authority: after its window, at once', () => {
    const info = { start: onDay(50), end: onDay(52), explanation: null, demanded: false }
    assert.deepEqual(reasonsOf({ policy: 'ari' }, onDay(51.9), info), [])
    assert.deepEqual(reasonsOf({ policy: 'ari' }, onDay(52.1), info), overdue)
    assert.equal(renewalDue(leaf, { when: 'ari' }, info), onDay(52))
    // Who follows a policy of his own does not ask.
    assert.deepEqual(reasonsOf({ policy: '10d' }, onDay(52.1), info), [])
  })

  test('a window that was moved into the past is a demand of its own, with its explanation', () => {
    const info = { start: onDay(3), end: onDay(4), explanation: 'https://ca.example/why', demanded: true }
    const [problem] = renewalProblems(leaf, expecting({ policy: 'ari' }), info, onDay(5))
    assert.equal(problem?.reason, 'certificate.replacement-demanded')
    assert.match(problem!.summary, /replaced at once.*https:\/\/ca\.example\/why/)
  })

  for (const bad of ['thirds', '30', '-1d', ''])
    test(`the policy "${bad}" is refused`, () =>
      assert.throws(() => expecting({ policy: bad }), /two-thirds/))
  test('a directory is a web address', () => {
    assert.throws(() => expecting({ policy: 'ari', directory: 'file:///etc/passwd' }))
    assert.throws(() => expecting({ policy: 'ari', folder: 'x' }))
  })
})

describe('the certificate on the disk', () => {
  const file = (fingerprint: string, from: number) => ({
    path: '/etc/ssl/docs.pem',
    fingerprint,
    notBefore: onDay(from),
    notAfter: onDay(from + 90),
  })
  test('the same one is well', () => assert.deepEqual(fileProblems(leaf, file('AA', 0)), []))
  test('a newer one: the server was not reloaded, with both dates', () => {
    const [problem] = fileProblems(leaf, file('BB', 60))
    assert.equal(problem?.reason, 'certificate.not-reloaded')
    assert.match(problem!.summary, /docs\.pem \(from 2026-03-02 to 2026-05-31\).*ends on 2026-04-01/)
  })
  test('an older one would come back with the next restart', () => {
    const [problem] = fileProblems(leaf, file('BB', -60))
    assert.equal(problem?.reason, 'certificate.file-outdated')
    assert.match(problem!.summary, /next restart/)
  })
  test('one that cannot be read is said', () => {
    const [problem] = fileProblems(leaf, { path: '/x.pem', unreadable: 'ENOENT' })
    assert.equal(problem?.reason, 'certificate.file-unreadable')
  })
})

// The certificate of RFC 9773, appendix A.
const EXAMPLE = `-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----`

describe('the words of ACME renewal information', () => {
  test("the example of the standard's own certificate", () => {
    const name = renewalInfoName(parsePem(EXAMPLE)[0]!.raw)
    assert.equal(name, 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE')
    assert.equal(
      renewalInfoUrl('https://example.com/acme/renewal-info', name!),
      'https://example.com/acme/renewal-info/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
    )
  })

  test('a certificate that does not name the key of its issuer has no name there', async () => {
    const alone = await mint({ name: 'CN=x', by: await mintRoot() })
    assert.equal(renewalInfoName(parsePem(alone.cert)[0]!.raw), null)
    assert.equal(renewalInfoName(new Uint8Array()), null)
  })

  test('a window with its explanation', () => {
    const body =
      '{"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-03T04:00:00Z"},"explanationURL":"https://acme.example.com/docs/ari"}'
    assert.deepEqual(parseRenewalInfo(body), {
      start: Date.UTC(2025, 0, 2, 4),
      end: Date.UTC(2025, 0, 3, 4),
      explanation: 'https://acme.example.com/docs/ari',
    })
  })

  for (const body of [
    '',
    'null',
    '[]',
    '{"suggestedWindow":null}',
    '{"suggestedWindow":{"start":"2025-01-03T04:00:00Z","end":"2025-01-03T04:00:00Z"}}',
    '{"suggestedWindow":{"start":"2025-01-04T04:00:00Z","end":"2025-01-03T04:00:00Z"}}',
    '{"suggestedWindow":{"start":"soon","end":"later"}}',
    '{"suggestedWindow":{"start":1735790400,"end":1735876800}}',
    '{"suggestedWindow":{"start":"2025-01-02","end":"2025-01-03"}}',
  ])
    test(`no window: ${body.slice(0, 60)}`, () => assert.equal(parseRenewalInfo(body), null))

  test('an explanation that is no web address is left out', () => {
    const body = (address: string) =>
      `{"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-03T04:00:00Z"},"explanationURL":${JSON.stringify(address)}}`
    for (const address of ['javascript:alert(1)', 'x', `https://x/${'a'.repeat(300)}`])
      assert.equal(parseRenewalInfo(body(address))?.explanation, null)
  })

  test('any text at all is a window or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const window = parseRenewalInfo(text)
        assert.ok(window === null || window.end > window.start)
      }),
      { numRuns: 3_000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const name = renewalInfoName(bytes)
        assert.ok(name === null || /^[\w-]+\.[\w-]+$/.test(name))
      }),
      { numRuns: 3_000 },
    )
  })

  test('the pause is what is asked for, between a minute and a day', () => {
    const now = Date.UTC(2026, 0, 1)
    assert.equal(pauseAfter('21600', now), 6 * HOUR)
    assert.equal(pauseAfter('1', now), MINUTE)
    assert.equal(pauseAfter('999999', now), DAY)
    assert.equal(pauseAfter('Thu, 01 Jan 2026 02:00:00 GMT', now), 2 * HOUR)
    for (const odd of [undefined, '', 'soon', '-5', '1e9']) assert.equal(pauseAfter(odd, now), 6 * HOUR)
    assert.deepEqual(
      [1, 2, 3, 30].map((failures) => pauseAfterFailure(true, failures)),
      [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 6 * HOUR],
    )
    assert.equal(pauseAfterFailure(false, 1), 6 * HOUR)
  })

  test('a late renewal is told from a demand', () => {
    const usual = { start: onDay(60), end: onDay(62), explanation: null, demanded: false }
    const moved = { start: onDay(9), end: onDay(10) }
    assert.equal(isDemand(usual, null, leaf, onDay(65)), false)
    assert.equal(isDemand(usual, usual, leaf, onDay(65)), false)
    assert.equal(isDemand(moved, usual, leaf, onDay(11)), true)
    assert.equal(isDemand(moved, null, leaf, onDay(11)), true)
    assert.equal(isDemand(moved, { ...usual, ...moved, demanded: true }, leaf, onDay(80)), true)
    assert.equal(isDemand({ start: onDay(70), end: onDay(72) }, usual, leaf, onDay(11)), false)
  })

  test('authorities that are known to answer', () => {
    assert.match(knownDirectory(["Let's Encrypt", 'R3'])!, /letsencrypt\.org\/directory$/)
    assert.match(knownDirectory(['Google Trust Services', 'WE1'])!, /pki\.goog/)
    assert.equal(knownDirectory(['Example', "Not Let's Encrypt"]), null)
  })
})
