import assert from 'node:assert/strict'
import { test } from 'node:test'
import { monitorEntry } from './config.ts'
import { shownSpec, withHidden } from './shown-spec.ts'

test('of a web check the secrets are hidden and the rest is shown', () => {
  const { spec } = monitorEntry.parse({
    service: 'docs',
    type: 'http',
    url: 'https://docs.example.org/health?token=hunter2&deep=1',
    method: 'POST',
    headers: { 'X-Auth': 'hunter2', Authorization: 'Bearer hunter2', Accept: 'text/html' },
    body: '{"password":"hunter2"}',
  })
  const shown = shownSpec(spec)
  assert.equal(JSON.stringify(shown).includes('hunter2'), false)
  assert.deepEqual(shown.headers, {
    'X-Auth': '[redacted]',
    Authorization: '[redacted]',
    Accept: 'text/html',
  })
  assert.match(String(shown.url), /deep=1/)
  assert.equal(shown.method, 'POST')
  // What is stored is not touched.
  assert.equal((spec.headers as Record<string, string>)['X-Auth'], 'hunter2')
})

test('an address without secrets stays as it was written', () => {
  assert.equal(
    shownSpec({ url: 'https://docs.example.org/a?b=%20c' }).url,
    'https://docs.example.org/a?b=%20c',
  )
  assert.equal(shownSpec({ pingKey: 'abc' }).pingKey, '[redacted]')
})

test('secrets in the check of a pool are hidden too, and go back to the same members only', () => {
  const check = { type: 'http', url: 'https://docs.example.org/', headers: { Authorization: 'Bearer x' } }
  const settings = { members: ['10.0.0.1'], check }
  const shown = shownSpec(settings)
  assert.ok(!JSON.stringify(shown).includes('Bearer'))
  const { type, ...spec } = check
  assert.ok(!JSON.stringify(shownSpec({ check: { type, spec } })).includes('Bearer'))
  assert.deepEqual(withHidden(shown, settings), settings)
  const elsewhere = withHidden({ ...shown, members: ['192.0.2.1'] }, settings)
  assert.ok(!JSON.stringify(elsewhere).includes('Bearer'))
})

test('credentials in groups of their own are hidden, and go back to the same server only', () => {
  const web = { url: 'https://a.example/', auth: { user: 'ana', password: 'hunter2' } }
  const issuer = { issuer: 'https://a.example', client: { id: 'tocsin', secret: 'hunter2' } }
  for (const settings of [web, { ...web, auth: { token: 'hunter2' } }, issuer]) {
    const shown = shownSpec(settings)
    assert.equal(JSON.stringify(shown).includes('hunter2'), false)
    assert.deepEqual(withHidden(shown, settings), settings)
  }
  assert.equal(shownSpec(issuer).issuer, issuer.issuer)
  const moved = { ...shownSpec(issuer), issuer: 'https://evil.example' }
  assert.equal(JSON.stringify(withHidden(moved, issuer)).includes('hunter2'), false)
})
