/** The page of the seven incidents names every story and every incident; one that is added without it turns this red. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import {
  after as afterText,
  anchorOf,
  type CollectedStory,
  incidentsPage,
  PAGE,
  REPRODUCED,
  STORIES,
  TOLD,
  whyNot,
} from '../../scripts/incidents.ts'
import {
  INCIDENTS,
  type IncidentLine,
  readIncidentLine,
  writeIncidentLine,
} from '../harness/incident-line.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const stories = globSync(join(ROOT, STORIES, '*.test.ts')).map((file) => basename(file, '.test.ts'))

const line: IncidentLine = {
  incident: 'cernts',
  failure: 'says "no" | and\nmore \\',
  software: 'xrdp 0.9',
  verdict: 'down',
  reason: 'certificate.self-signed',
  seconds: 1.26,
}

describe('the page', () => {
  const page = readFileSync(join(ROOT, PAGE), 'utf8')

  test('lists every story of the folder, and no other', () => {
    const listed = [...page.matchAll(/\]\(\.\.\/test\/story\/incidents\/([\w-]+)\.test\.ts\)/g)].map(
      ([, name]) => name!,
    )
    assert.deepEqual([...new Set(listed)].sort(), stories.sort())
    assert.deepEqual(Object.keys(REPRODUCED).sort(), stories.sort())
  })

  test('tells all seven incidents, each with a verdict, its reason and a time', () => {
    assert.equal(INCIDENTS.length, 7)
    for (const name of INCIDENTS) {
      const { title, unnoticed } = TOLD[name]
      const part = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0]
      assert.ok(part, `${title} is not on the page`)
      assert.ok(part.includes(unnoticed), title)
      assert.match(part, /\n\| [^|\n]+ \| [^|\n]+ \| \w+ \| `[a-z]+\.[a-z-]+` \| \d/)
      assert.ok(page.includes(`(#${anchorOf(title)})`))
    }
  })

  test('every story tells its lines by the one helper', () => {
    for (const story of stories) {
      const text = readFileSync(join(ROOT, STORIES, `${story}.test.ts`), 'utf8')
      assert.match(text, /tellIncident\(/, story)
      assert.doesNotMatch(text, /incident=/, story)
    }
  })
})

describe('lines', () => {
  test('are read as they were written, whatever stands in them', () => {
    const noted = { ...line, note: 'a=b c="d"' }
    for (const one of [line, noted]) {
      const text = writeIncidentLine(one)
      assert.doesNotMatch(text, /\n/)
      assert.deepEqual(readIncidentLine(text), { ...one, seconds: 1.3 })
    }
  })

  test('that are other diagnostics are none, and half ones are refused', () => {
    assert.equal(readIncidentLine('12 of 12 users'), null)
    for (const bad of [
      'incident=cernts fault="x" verdict=down',
      writeIncidentLine({ ...line, reason: '' }),
      writeIncidentLine({ ...line, seconds: Number.NaN }),
      writeIncidentLine(line).replace('cernts', 'elsewhere'),
      writeIncidentLine(line).replace(/ seconds=.*/, ''),
    ])
      assert.throws(() => readIncidentLine(bad), /tellIncident/, bad)
  })

  test('times are written for people', () => {
    assert.deepEqual([0.04, 1.26, 119, 3_600, 97_200, 200].map(afterText), [
      '0.0 s',
      '1.3 s',
      '119.0 s',
      '1 h',
      '1 d 3 h',
      '3 min',
    ])
  })
})

describe('a page is refused', () => {
  const all = stories.map((story, i) => ({
    story,
    lines: [{ ...line, incident: INCIDENTS[i % INCIDENTS.length]! }],
  }))
  const where = { machine: 'two cores', day: '2026-01-01' }

  test('and made when all is there; bars in a text break no table', () => {
    assert.equal(whyNot(all), null)
    const page = incidentsPage(all, where)
    assert.match(page, /\| says "no" \\\| and more \\ \|/)
    assert.match(page, /made on 2026-01-01, with two cores/)
  })

  const cases: [string, CollectedStory[], RegExp][] = [
    ['when a story prints nothing', [{ ...all[0]!, lines: [] }, ...all.slice(1)], /printed no line/],
    ['when a story is not there', all.slice(1), /there is no story/],
    ['when a story is new', [...all, { story: 'new-one', lines: [line] }], /what new-one does/],
    ['when an incident is told by none', all.map((one) => ({ ...one, lines: [line] })), /no story tells of/],
  ]
  for (const [what, collected, told] of cases)
    test(what, () => {
      assert.match(whyNot(collected)!, told)
      assert.throws(() => incidentsPage(collected, where), told)
    })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-stories-'))
  after(() => rmSync(folder, { recursive: true }))
  const runner = `import { test } from 'node:test'\n`

  for (const [what, body, told] of [
    ['fails', "test('it', () => { throw new Error('sabotaged') })", /odd: "it" failed: sabotaged/],
    ['prints no line', "test('it', (t) => t.diagnostic('12 of 12'))", /odd printed no line/],
    ['is left out', "test('it', { skip: 'no xrdp' }, () => {})", /odd: "it" was left out: no xrdp/],
    ['prints half a line', "test('it', (t) => t.diagnostic('incident=cernts'))", /not a whole line/],
  ] as const)
    test(`writes nothing when a story ${what}`, () => {
      const to = join(folder, 'page.md')
      writeFileSync(join(folder, 'odd.test.ts'), `${runner}${body}\n`)
      const { NODE_TEST_CONTEXT: _, ...env } = process.env
      const script = join(ROOT, 'scripts/generate-incidents.ts')
      const ran = spawnSync(process.execPath, [script, '--from', folder, '--to', to], {
        env,
        encoding: 'utf8',
      })
      assert.equal(ran.status, 1, ran.stdout)
      assert.match(ran.stderr, told)
      assert.match(ran.stderr, /page\.md was not written/)
      assert.ok(!existsSync(to))
    })
})
