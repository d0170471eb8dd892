import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeOrigin, type OriginClaim } from './same-origin.rules.ts'

const nothing: OriginClaim = {
  origin: undefined,
  secFetchSite: undefined,
  host: '127.0.0.1:8080',
  publicUrl: 'https://tocsin.example.org',
}

const CASES: [string, Partial<OriginClaim>, boolean, string][] = [
  ['the public address', { origin: 'https://tocsin.example.org' }, true, 'same-origin'],
  ['the address that was asked', { origin: 'http://127.0.0.1:8080' }, true, 'same-origin'],
  ['another site', { origin: 'https://evil.example' }, false, 'another-site'],
  ['another port of the host', { origin: 'http://127.0.0.1:9090' }, false, 'another-site'],
  [
    'a name that only begins so',
    { origin: 'https://tocsin.example.org.evil.example' },
    false,
    'another-site',
  ],
  ['the null origin of a sandbox', { origin: 'null' }, false, 'another-site'],
  ['a browser that says same-origin', { secFetchSite: 'same-origin' }, true, 'same-origin'],
  ['a person who typed the address', { secFetchSite: 'none' }, true, 'started-by-the-person'],
  ['a browser that says cross-site', { secFetchSite: 'cross-site' }, false, 'another-site'],
  ['a neighbour below the same domain', { secFetchSite: 'same-site' }, false, 'another-site'],
  [
    'a foreign origin with a kind header',
    { origin: 'https://evil.example', secFetchSite: 'same-origin' },
    false,
    'another-site',
  ],
]

for (const [what, claim, allowed, reason] of CASES)
  test(`${what} is ${allowed ? 'let in' : 'refused'}`, () => {
    for (const lenient of [true, false])
      assert.deepEqual(judgeOrigin({ ...nothing, ...claim }, { lenient }), { allowed, reason })
  })

test('without any word of its origin a request with a cookie is refused, one without is a program', () => {
  assert.deepEqual(judgeOrigin(nothing, { lenient: false }), { allowed: false, reason: 'no-origin-given' })
  assert.deepEqual(judgeOrigin(nothing, { lenient: true }), { allowed: true, reason: 'not-from-a-browser' })
})
