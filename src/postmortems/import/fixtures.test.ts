import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { toInterchange } from './interchange.ts'
import { readDocument } from './read-document.ts'
import { assertPlaced } from './spans-for-tests.ts'

/**
 * Documents of many layouts, each with what a person reads in it: `<name>.expected.json` holds the interchange form,
 * the format, and the codes of the findings.
 */
const FOLDER = resolve(import.meta.dirname, '../../../test/fixtures/postmortems')
const today = { year: 2026, month: 1, day: 31 }
const documents = readdirSync(FOLDER).filter((name) => !name.endsWith('.expected.json'))

describe('documents of many layouts', () => {
  test('there are some of every format that needs no library', async () => {
    const formats = new Set<string>()
    for (const name of documents)
      formats.add((await readDocument(readFileSync(join(FOLDER, name)), { name, today })).format)
    assert.deepEqual([...formats].sort(), [
      'asciidoc',
      'feed',
      'html',
      'mail',
      'markdown',
      'mediawiki',
      'text',
    ])
  })

  for (const name of documents)
    test(`${name} is read as a person reads it`, async () => {
      const bytes = readFileSync(join(FOLDER, name))
      const expected = JSON.parse(readFileSync(join(FOLDER, `${name}.expected.json`), 'utf8'))
      const reading = await readDocument(bytes, { name, today })
      const { findings, ...read } = {
        format: reading.format,
        ...toInterchange(reading),
        findings: reading.findings.map(({ code }) => code),
      }
      assert.deepEqual(JSON.parse(JSON.stringify(read)), {
        format: expected.format,
        incidents: expected.incidents,
      })
      assert.deepEqual(findings, expected.findings)
      assertPlaced(reading)
      assert.deepEqual(await readDocument(bytes, { name, today }), reading, 'a second reading differs')
    })
})
