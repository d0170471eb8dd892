import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { referenceFiles } from '../../scripts/reference.ts'
import { ERRORS } from '../../src/kit/errors.ts'
import { monitorKinds } from '../../src/monitors/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const files = referenceFiles()

for (const [path, text] of Object.entries(files))
  test(`${path} is what the program says (bin/run scripts/generate-reference.ts)`, () => {
    assert.equal(readFileSync(resolve(ROOT, path), 'utf8'), text)
  })

test('nothing else lies in the reference', () => {
  const found = readdirSync(resolve(ROOT, 'docs/reference')).map((name) => `docs/reference/${name}`)
  assert.deepEqual(found.sort(), Object.keys(files).sort())
})

test('every kind of monitor and every error has its place', () => {
  for (const { kind, reasons } of Object.values(monitorKinds)) {
    assert.ok(files['docs/reference/monitors.md']!.includes(`\`type: ${kind}\``), kind)
    for (const reason of reasons)
      assert.ok(files['docs/reference/monitors.md']!.includes(`\`${reason}\``), reason)
  }
  for (const code of Object.keys(ERRORS))
    assert.ok(files['docs/reference/errors.md']!.includes(`| \`${code}\` |`), code)
})
