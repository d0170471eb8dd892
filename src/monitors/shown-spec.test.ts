import assert from 'node:assert/strict'
import { test } from 'node:test'
import { monitorEntry } from './config.ts'
import { shownSpec } from './shown-spec.ts'

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
