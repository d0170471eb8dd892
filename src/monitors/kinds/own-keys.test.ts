import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { monitorEntry } from '../config.ts'
import { monitorKinds } from './registry.ts'

// What every monitor has; `every` is a parameter of its own for kinds that hear.
const COMMON = ['service', 'name', 'enabled', 'type', 'confirm', 'recover', 'retryEvery', 'places', 'quorum']

test('no kind has a parameter that the configuration takes for every monitor', () => {
  for (const { kind, schema } of Object.values(monitorKinds)) {
    const own = Object.keys((schema as unknown as z.ZodObject).shape)
    assert.ok(own.length > 0)
    assert.deepEqual(
      own.filter((key) => COMMON.includes(key)),
      [],
      kind,
    )
  }
})

test('a DNS monitor and a pool of the configuration keep what they were given', () => {
  const entry = (settings: object) => monitorEntry.parse({ service: 's', name: 'Shown', ...settings })
  const dns = entry({ type: 'dns', query: 'example.org', record: 'MX' })
  assert.deepEqual(
    [dns.kind, dns.name, dns.spec.query, dns.spec.record],
    ['dns', 'Shown', 'example.org', 'MX'],
  )
  const pool = entry({ type: 'pool', check: { type: 'rdp', target: 'ts' }, needs: { least: 2 } })
  assert.deepEqual((pool.spec.needs as { least: unknown }).least, { count: 2 })
})
