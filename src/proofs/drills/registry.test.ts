import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { drillKindNamed, drillKinds } from './registry.ts'

test('each kind of drill is one folder and one line', () => {
  const folders = readdirSync(import.meta.dirname).filter((entry) =>
    statSync(join(import.meta.dirname, entry)).isDirectory(),
  )
  assert.deepEqual(Object.keys(drillKinds).sort(), folders.sort())
  for (const [name, kind] of Object.entries(drillKinds)) assert.equal(kind.kind, name)
})

test('a name that is no kind, or only a property of every object, is null', () => {
  assert.equal(drillKindNamed('table-top'), null)
  assert.equal(drillKindNamed('constructor'), null)
})
