/** What the page marks must be what the importer read: shown to every document, without a browser. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import type { ImportedIncident } from '../../src/contract/postmortem-imports.ts'
import { readDocument } from '../../src/postmortems/import/read-document.ts'
import { segmentsOf, unitsOf, within } from '../../web/rooms/postmortems/import/segments.ts'
import { TOPICS } from '../../web/rooms/postmortems/import/topics.ts'
import { valuesOf } from '../../web/rooms/postmortems/import/values.ts'

const FOLDER = resolve(import.meta.dirname, '../fixtures/postmortems')
const today = { year: 2026, month: 1, day: 31 }

describe('every value is marked at its place', () => {
  for (const name of readdirSync(FOLDER).filter((one) => !one.endsWith('.expected.json')))
    test(name, async () => {
      const { source, incidents, findings } = await readDocument(readFileSync(join(FOLDER, name)), {
        name,
        today,
      })
      const { all } = valuesOf(incidents as ImportedIncident[], findings, source)
      assert.ok(all.length > 3)
      const segments = segmentsOf(all)
      const units = unitsOf(source)
      for (const { id, topic, places } of all) {
        assert.ok(TOPICS[topic].word !== '')
        assert.equal(all[id]!.id, id)
        for (const { from, to } of places) {
          if (source.slice(from, to).trim() === '') continue
          const parts = units.filter((unit) => unit.from < to && unit.to > from)
          const marked = parts.flatMap((unit) =>
            within(segments, unit).filter((segment) => segment.ids.includes(id)),
          )
          const shown = marked.map((segment) => source.slice(segment.from, segment.to)).join('')
          const missing = `${topic} at ${from} is not marked as a whole`
          assert.ok(
            shown.replaceAll(/\s/g, '').includes(source.slice(from, to).replaceAll(/\s/g, '')),
            missing,
          )
        }
      }
    })
})
