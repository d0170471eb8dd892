import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { needsShared, sharedPath } from '../../../test/harness/shared.ts'
import { toInterchange } from './interchange.ts'
import { readDocument } from './read-document.ts'
import type { Reading } from './reading.ts'
import { misplaced } from './spans-for-tests.ts'

/**
 * How well documents are read that others wrote and others read by hand. They lie beside the clone; where they do not,
 * these tests are left out by name. Documents are only known by the listing of their folders.
 */
const needed = needsShared('importer-eval', 'score.mjs')
const FOLDERS = { ours: ['postmortems'], published: ['importer-eval', 'documents'] } as const
const FLOORS = { ours: 0.9, published: 0.85 } as const
const today = { year: 2026, month: 1, day: 31 }
const work = mkdtempSync(join(tmpdir(), 'tocsin-importer-'))

const stem = (name: string) => name.replace(/\.[^.]+$/, '')
const documentsIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^readme\b|\.json$/i.test(entry.name))
    .map(({ name }) => name)

async function readAll(folder: string): Promise<Map<string, Reading>> {
  const readings = new Map<string, Reading>()
  for (const name of documentsIn(folder))
    readings.set(name, await readDocument(readFileSync(join(folder, name)), { name, today }))
  return readings
}

/** The gold of the documents of one folder, apart from the rest. */
function goldOf(kind: string, names: readonly string[]): { folder: string; documents: number } {
  const folder = join(work, `gold-${kind}`)
  mkdirSync(folder, { recursive: true })
  const stems = new Set(names.map(stem))
  const found = new Set<string>()
  for (const file of readdirSync(sharedPath('importer-eval', 'gold')).filter((name) =>
    name.endsWith('.json'),
  )) {
    const text = readFileSync(sharedPath('importer-eval', 'gold', file), 'utf8')
    const { doc } = JSON.parse(text) as { doc?: string }
    if (!doc || !stems.has(doc)) continue
    found.add(doc)
    writeFileSync(join(folder, file), text)
  }
  return { folder, documents: found.size }
}

describe('documents of others', needed, () => {
  after(() => rmSync(work, { recursive: true, force: true }))

  for (const kind of ['ours', 'published'] as const)
    test(`${kind}: F1 is ${FLOORS[kind]} or more, and every value stands at its place`, async (t) => {
      const readings = await readAll(sharedPath(...FOLDERS[kind]))
      assert.ok(readings.size > 0)
      const answers = join(work, kind)
      mkdirSync(answers, { recursive: true })
      let values = 0
      for (const [name, reading] of readings) {
        assert.deepEqual([name, misplaced(reading)], [name, []])
        values += reading.incidents.reduce((sum, one) => sum + one.timeline.length + one.actions.length, 0)
        writeFileSync(join(answers, `${stem(name)}.json`), JSON.stringify(toInterchange(reading)))
      }
      assert.ok(values > readings.size)
      const gold = goldOf(kind, [...readings.keys()])
      assert.equal(gold.documents, readings.size, 'a document has no gold')
      const scorer = sharedPath('importer-eval', 'score.mjs')
      assert.ok(existsSync(scorer))
      const scored = spawnSync(process.execPath, [scorer, gold.folder, answers], { encoding: 'utf8' })
      const overall = /overall F1 = ([\d.]+)/.exec(scored.stdout)?.[1]
      assert.ok(overall, `the scorer said: ${scored.stdout}${scored.stderr}`)
      t.diagnostic(`${kind}: overall F1 = ${overall} over ${readings.size} documents`)
      assert.ok(Number(overall) >= FLOORS[kind], `${scored.stdout}`)
    })
})

test('the importer holds no name of the documents that it is measured on', needed, () => {
  // Words with a capital that stand in these documents and nowhere else in what people write are names: the longest
  // of them must not stand in the source of the importer.
  const sources = sourceFiles(import.meta.dirname).map((path) => readFileSync(path, 'utf8'))
  const code = sources.join('\n').toLowerCase()
  const found: string[] = []
  for (const parts of Object.values(FOLDERS))
    for (const name of documentsIn(sharedPath(...parts))) {
      const text = readFileSync(sharedPath(...parts, name), 'utf8')
      const names =
        text.match(
          /\b(?:[A-Z]{2,}[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w+|OTG\d+|INC\d+|@[a-z]\w{5,}|(?:[a-z0-9-]+\.){1,3}(?:org|com|ch|io|net))\b/g,
        ) ?? []
      for (const one of new Set(names))
        if (one.length > 6 && code.includes(one.toLowerCase()) && !ALLOWED.has(one.toLowerCase()))
          found.push(one)
    }
  assert.deepEqual([...new Set(found)], [])
})

/** Names that mean something of themselves. */
const ALLOWED = new Set(['pagerduty', 'opsgenie', 'mediawiki', 'markdown'])

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return entry.name.endsWith('.ts') && !/test/.test(entry.name) ? [path] : []
  })
}
