import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InventoryEntry } from '../../../src/contract/certificates.ts'
import { breaksOf, endsBefore, endTone, renewalOf } from './standing.ts'

const now = Date.UTC(2026, 10, 21)
const at = (days: number) => new Date(now + days * 86_400_000).toISOString()

type Server = InventoryEntry['servers'][number]
function entry(...servers: Partial<Server>[]): InventoryEntry {
  return {
    servers: servers.map((one) => ({ breaks: [], renewal: null, ...one })),
  } as unknown as InventoryEntry
}
const breaking = (name: string, verdict: 'degraded' | 'down') => ({
  name,
  verdict,
  reason: 'certificate.chain-expired',
  lastDay: null,
  summary: '',
})

test('"ends within" is an instant; an end that nobody offers is no filter', () => {
  assert.equal(endsBefore('30d', now), at(30))
  assert.equal(endsBefore('ended', now), at(0))
  assert.equal(endsBefore('any', now), undefined)
  assert.equal(endsBefore('soon', now), undefined)
})

test('an end is pressing in its last week, and near in its last month', () => {
  assert.deepEqual(
    [-1, 6, 8, 29, 31].map((days) => endTone(at(days), now)),
    ['bad', 'bad', 'warn', 'warn', 'plain'],
  )
})

test('the renewal: what is wrong comes first, whoever serves it says so', () => {
  const overdue = { due: at(-3), reason: 'certificate.renewal-overdue' }
  const stale = { due: null, reason: 'certificate.not-reloaded' }
  const planned = { due: at(20), reason: null }
  assert.deepEqual(renewalOf(entry({ renewal: overdue }, { renewal: stale }), now), {
    state: 'wrong',
    text: 'Renewed, not reloaded',
  })
  assert.deepEqual(renewalOf(entry({ renewal: planned }, { renewal: overdue }), now), {
    state: 'wrong',
    text: 'Overdue',
  })
  assert.deepEqual(renewalOf(entry({ renewal: { due: at(40), reason: null } }, { renewal: planned }), now), {
    state: 'planned',
    at: at(20),
  })
  assert.deepEqual(renewalOf(entry({ renewal: { due: at(-1), reason: null } }), now), {
    state: 'due',
    at: at(-1),
  })
  assert.deepEqual(renewalOf(entry({}), now), { state: 'unknown' })
})

test('clients that break are named once, with the worst that befalls them', () => {
  const found = breaksOf(
    entry(
      { breaks: [breaking('phones', 'degraded'), breaking('agents', 'degraded')] },
      { breaks: [breaking('agents', 'down')] },
    ),
  )
  assert.deepEqual(
    found.map(({ name, verdict }) => [name, verdict]),
    [
      ['agents', 'down'],
      ['phones', 'degraded'],
    ],
  )
})
