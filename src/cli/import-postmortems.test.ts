import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openData } from '../app/open-data.ts'
import { openStore } from '../store/open-store.ts'
import { noProgram, runForTests } from './run-for-tests.ts'

const FIXTURES = resolve(import.meta.dirname, '../../test/fixtures/postmortems')
const folder = mkdtempSync(join(tmpdir(), 'tocsin-import-'))
const data = join(folder, 'data')
const checkout = join(folder, 'checkout')
const program = { ...noProgram, openData }
const run = (...args: string[]) => runForTests(['import', ...args], { program })

before(async () => {
  mkdirSync(data)
  await (await openStore({ directory: data, now: 0 })).close()
  for (const inner of ['reports/2021', '.git', 'node_modules/some'])
    mkdirSync(join(checkout, inner), { recursive: true })
  cpSync(join(FIXTURES, 'review-template.md'), join(checkout, 'reports/2021/queue.md'))
  cpSync(join(FIXTURES, 'report.adoc'), join(checkout, 'reports/cooling.adoc'))
  writeFileSync(join(checkout, 'reports/shopping.md'), 'milk and bread\n')
  writeFileSync(join(checkout, 'main.c'), '/* Summary: none */\n')
  for (const hidden of ['.git/description.md', 'node_modules/some/README.md'])
    cpSync(join(FIXTURES, 'narrative.md'), join(checkout, hidden))
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('tocsin import', () => {
  test('--json prints what would be read, and needs no data', async () => {
    const { code, out } = await runForTests(['import', '--json', join(FIXTURES, 'two-slides.txt')])
    assert.equal(code, 0)
    const { incidents } = JSON.parse(out)
    assert.equal(incidents.length, 2)
    assert.deepEqual(Object.keys(incidents[0]).slice(0, 3), ['title', 'summary', 'impact'])
    assert.deepEqual(incidents[0].timeline[2], {
      at: '2023-10-13T11:00',
      approx: true,
      text: 'Rebuild paused',
    })
    const several = JSON.parse((await runForTests(['import', '--json', checkout])).out)
    assert.deepEqual(
      several.documents.map(({ incidents }: { incidents: object[] }) => incidents.length),
      [1, 1, 0],
    )
  })

  test('a checkout is walked: documents are imported, the rest is left alone, twice makes no doubles', async () => {
    const first = await run(checkout, '--data', data)
    assert.equal(first.code, 0)
    assert.match(first.out, /queue\.md: markdown, one incident\n {2}"Checkout queue stalled" → /)
    assert.match(first.out, /shopping\.md: nothing in it looks like a post-mortem/)
    assert.doesNotMatch(first.out, /main\.c|description|README/)
    assert.match(
      first.out,
      /3 files: 2 imported as 2 post-mortems, 0 known already, 1 without a post-mortem\n$/,
    )
    const again = await run(checkout, '--data', data)
    assert.match(again.out, /0 imported as 0 post-mortems, 2 known already/)
  })

  test('findings are told with their line', async () => {
    const { out } = await run(join(FIXTURES, 'doubled.txt'), '--data', data)
    assert.match(out, /line \d+, "06:40": 2018-01-12T06:40 stands after 2018-01-12T06:48\./)
    assert.match(out, /lines stand twice, one after the other/)
  })

  test('many findings of one kind are one line', async () => {
    const file = join(folder, 'many.md')
    const entries = Array.from(
      { length: 6 },
      (_, i) => `- 10:${50 - i * 3} UTC this\n- 11:${50 - i * 3} UTC that`,
    ).join('\n')
    writeFileSync(file, `# Many, 2020-01-01\n\n## Timeline\n\n${entries}\n`)
    const { out } = await run(file, '--data', data)
    assert.match(out, /- \d+ times, in the lines 7, /)
  })

  test('wrong use is told with what to do', async () => {
    assert.equal((await run(join(folder, 'none'), '--data', data)).code, 2)
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const nothing = await run(empty, '--data', data)
    assert.deepEqual([nothing.code, /no document/.test(nothing.err)], [2, true])
    const picture = join(folder, 'picture.txt')
    writeFileSync(picture, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2]))
    const unread = await run(picture, '--data', data)
    assert.equal(unread.code, 1)
    assert.match(unread.out, /picture\.txt: not read\. .*not text/)
    assert.equal((await run(join(FIXTURES, 'blog.md'), '--data', join(folder, 'nowhere'))).code, 2)
  })
})
