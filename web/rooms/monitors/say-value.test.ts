import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayMeasured, sayName, sayValue } from './say-value.ts'

test('values are said with their unit', () => {
  assert.equal(sayValue(3_200_000_000, 'bytes'), '3.2 GB')
  assert.equal(sayValue(-1_500, 'bytes'), '−1.5 KB')
  assert.equal(sayValue(85.04, 'percent'), '85 %')
  assert.equal(sayValue(12_345, ''), '12,345')
  assert.equal(sayValue(0, 'bytes'), '0 B')
  assert.equal(sayValue(Number.NaN, 'bytes'), 'NaN')
})

test('a certificate is called by its common name', () => {
  assert.equal(sayName('C=SE\nO=AddTrust AB\nCN=AddTrust External CA Root'), 'AddTrust External CA Root')
  assert.equal(sayName('CN=docs.example.org'), 'docs.example.org')
  assert.equal(sayName('O=Somebody'), 'O=Somebody')
})

test('what was measured is said by what its name tells', () => {
  assert.deepEqual(sayMeasured('firstByteMs', 12.4), { label: 'first byte', text: '12 ms' })
  assert.deepEqual(sayMeasured('dueAt', 1_795_331_602_663), { label: 'due', at: '2026-11-22T07:13:22.663Z' })
  assert.deepEqual(sayMeasured('chainEnds', '2027-01-20T07:08:17.000Z'), {
    label: 'chain ends',
    at: '2027-01-20T07:08:17.000Z',
  })
  assert.deepEqual(sayMeasured('openRuns', 1), { label: 'open runs', text: '1' })
  assert.deepEqual(sayMeasured('problems', 'certificate.name-mismatch certificate.untrusted'), {
    label: 'problems',
    text: 'certificate name mismatch, certificate untrusted',
  })
  assert.deepEqual(sayMeasured('secure', true), { label: 'secure', text: 'yes' })
  assert.deepEqual(sayMeasured('alertsOpen', null), { label: 'alerts open', text: '–' })
})
