/** How much of a post-mortem is left when it was exported as Markdown and read again, by the scorer of the importer. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { person, responseWorld } from '../../../test/harness/response.ts'
import { needsShared, sharedPath } from '../../../test/harness/shared.ts'
import { toName } from '../../contract/route.ts'
import { openStore } from '../../store/open-store.ts'
import { documentForTests } from '../export/documents-for-tests.ts'
import { exportMarkdown } from '../export/export-postmortem.ts'
import { shown, writeMarkdown } from '../export/write-markdown.ts'
import { importPostmortem } from './import-postmortem.ts'
import { importedBody } from './imported-body.rules.ts'
import { type Interchange, toInterchange } from './interchange.ts'
import { readText } from './read-document.ts'
import type { Found, ReadIncident, ReadStatus } from './reading.ts'

const FLOOR = 0.98
const HOW_MANY = 150
const today = { year: 2026, month: 1, day: 31 }
const work = mkdtempSync(join(tmpdir(), 'tocsin-round-trip-'))
type Told = Interchange['incidents'][number]

/** An incident in the form of the gold readings. */
function gold(doc: string, told: Told): object {
  return {
    doc,
    title: told.title,
    summary: told.summary,
    impact: told.impact ? { text: told.impact } : null,
    rootCauses: told.rootCause ? [told.rootCause] : [],
    trigger: told.trigger,
    detection: told.detection ? { text: told.detection } : null,
    resolution: told.resolution ? { text: told.resolution } : null,
    timeline: told.timeline,
    went_well: told.wentWell,
    went_wrong: told.wentWrong,
    lucky: told.lucky,
    references: told.references,
    // Where a text is made up, its tickets are told within it only.
    referencesOptional: ['#42'],
    actions: told.actions.map(({ text, status }) => ({
      text,
      // What a document says nothing of is open once it is ours.
      status: status === 'unknown' ? 'open' : status,
    })),
  }
}

function score(
  kind: string,
  pairs: readonly [Told, { incidents: Told[] }][],
): { overall: number; said: string } {
  const [golds, preds] = [join(work, `${kind}-gold`), join(work, `${kind}-read`)]
  for (const folder of [golds, preds]) mkdirSync(folder, { recursive: true })
  for (const [i, [told, read]] of pairs.entries()) {
    const doc = `${kind}-${i}`
    writeFileSync(join(golds, `${doc}.json`), JSON.stringify(gold(doc, told)))
    writeFileSync(join(preds, `${doc}.json`), JSON.stringify(read))
  }
  const scored = spawnSync(
    process.execPath,
    [sharedPath('importer-eval', 'score.mjs'), golds, preds, '--verbose'],
    { encoding: 'utf8', maxBuffer: 100_000_000 },
  )
  const overall = /overall F1 = ([\d.]+)/.exec(scored.stdout)?.[1]
  assert.ok(overall, scored.stdout + scored.stderr)
  return { overall: Number(overall), said: scored.stdout }
}

const found = <T>(value: T): Found<T> => ({ value, span: { from: 0, to: 0 }, confidence: 1 })

// What people write in such documents, and what Markdown, YAML and HTML make something else of.
const WORDS = fc.constantFrom(
  ...'the queue stood still because a disk was full and nobody had looked at node-7 before Tuesday; restarted twice'.split(
    ' ',
  ),
  ...['naïve', 'Überlast', 'données', 'שרת', 'сервер', '障害', '🔥', 'e\u0301tat'],
  ...[
    '**bold**',
    '_under_',
    '`code`',
    '<b>',
    '</script>',
    '&amp;',
    '[x](y)',
    '![i](j)',
    '|',
    '\\',
    '~~gone~~',
  ],
  ...[
    '#42',
    '---',
    '```',
    '> quote',
    '{{x}}',
    '${y}',
    'a: b',
    "it's",
    '"quoted"',
    '%TAG',
    '!!python',
    '*alias',
  ],
  ...[
    '\u202eturned\u202c',
    'C:\\temp',
    'https://example.org/a_(b)?c=1&d=2',
    '10:45',
    '3/4',
    '50%',
    '1.',
    '-',
    '+',
  ],
)
const PLAIN = fc.constantFrom(
  ...'requests deployment certificate mailbox partition failover throttle'.split(' '),
)
const sentence = (least = 3, most = 14) =>
  fc
    .tuple(PLAIN, fc.array(WORDS, { minLength: least, maxLength: most }), PLAIN)
    .map(([first, words, last]) => [first, ...words, last].join(' '))
const paragraph = fc.array(sentence(), { minLength: 1, maxLength: 3 }).map((all) => all.join('. '))
const text = fc.array(paragraph, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n\n'))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 })
const START = Date.UTC(2024, 2, 3, 4, 5)
const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 0, maxLength: 15 })

const incident: fc.Arbitrary<ReadIncident> = fc
  .record({
    title: sentence(1, 6),
    sections: fc.record({
      summary: maybe(text),
      impact: maybe(text),
      trigger: maybe(paragraph),
      rootCause: maybe(text),
      detection: maybe(paragraph),
      resolution: maybe(text),
    }),
    at: minutes,
    entries: fc.array(sentence(), { minLength: 15, maxLength: 15 }),
    wentWell: fc.array(sentence(), { maxLength: 4 }),
    wentWrong: fc.array(sentence(), { maxLength: 4 }),
    lucky: fc.array(sentence(), { maxLength: 2 }),
    actions: fc.array(
      fc.record({
        text: sentence(),
        status: fc.constantFrom<ReadStatus>('open', 'in_progress', 'done'),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ title, sections, at, entries, wentWell, wentWrong, lucky, actions }) => ({
    title: found(toName(title)),
    sections: Object.fromEntries(
      Object.entries(sections).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, found(value)]],
      ),
    ),
    timeline: at
      .sort((a, b) => a - b)
      .map((minute, i) => ({
        at: found(`${new Date(START + minute * 60_000).toISOString().slice(0, 16)}Z`),
        end: null,
        approx: false,
        dateFrom: null,
        text: found(entries[i]!),
        moment: null,
      })),
    wentWell: wentWell.map(found),
    wentWrong: wentWrong.map(found),
    lucky: lucky.map(found),
    actions: actions.map((action) => ({
      text: found(action.text),
      status: found(action.status),
      owner: null,
      due: null,
      tickets: [],
    })),
    references: [],
    severity: null,
    span: { from: 0, to: 0 },
  }))

/** As an import drafts it: the text, and beside it the actions, open whatever the document said of them. */
function exported(one: ReadIncident): string {
  const base = documentForTests().actions[2]!
  const document = documentForTests({
    title: one.title!.value,
    body: importedBody(one),
    incident: null,
    actions: one.actions.map((action, i) => ({
      ...base,
      id: `action-${i}`,
      title: toName(action.text.value),
    })),
  })
  return writeMarkdown(shown(document, 'https://tocsin.example.org/post-mortems/x', null))
}

describe(
  'what is left of a post-mortem that was exported as Markdown and read again',
  needsShared('importer-eval', 'score.mjs'),
  () => {
    after(() => rmSync(work, { recursive: true, force: true }))

    test(`made up with awkward text: F1 is ${FLOOR} or more over ${HOW_MANY}`, (t) => {
      const pairs = fc
        .sample(incident, { seed: 20_260_131, numRuns: HOW_MANY })
        .map((one): [Told, { incidents: Told[] }] => {
          const [told] = toInterchange({ incidents: [one] }).incidents
          const read = toInterchange(readText(exported(one), { name: 'export.md', today }))
          assert.equal(read.incidents[0]?.title, told!.title.replaceAll(/\s+/g, ' '))
          return [told!, read]
        })
      const { overall, said } = score('made-up', pairs)
      t.diagnostic(`made up: overall F1 = ${overall} over ${pairs.length} post-mortems`)
      assert.ok(overall >= FLOOR, said)
    })

    test(`imported from documents of others: F1 is ${FLOOR} or more`, async (t) => {
      const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
      const ana = person('ana')
      const pairs: [Told, { incidents: Told[] }][] = []
      for (const folder of [sharedPath('postmortems'), sharedPath('importer-eval', 'documents')])
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
          if (!entry.isFile() || /^readme\b|\.json$/i.test(entry.name)) continue
          const content = readFileSync(join(folder, entry.name))
          const { reading, postmortemIds } = await importPostmortem(it.world, ana, {
            name: entry.name,
            content,
          })
          const { incidents } = toInterchange(reading)
          for (const [i, postmortemId] of postmortemIds.entries()) {
            const markdown = await exportMarkdown(it.world, ana, { postmortemId })
            pairs.push([incidents[i]!, toInterchange(readText(markdown, { name: 'export.md', today }))])
          }
        }
      await it.close()
      assert.ok(pairs.length >= 17)
      const { overall, said } = score('imported', pairs)
      t.diagnostic(`imported: overall F1 = ${overall} over ${pairs.length} post-mortems`)
      assert.ok(overall >= FLOOR, said)
    })
  },
)
