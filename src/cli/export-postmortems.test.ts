import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../test/harness/needs.ts'
import { openData } from '../app/open-data.ts'
import { openStore } from '../store/open-store.ts'
import { noProgram, runForTests } from './run-for-tests.ts'

const FIXTURES = resolve(import.meta.dirname, '../../test/fixtures/postmortems')
const folder = mkdtempSync(join(tmpdir(), 'tocsin-export-'))
const [data, other] = [join(folder, 'data'), join(folder, 'other')]
const program = { ...noProgram, openData }
const run = (...args: string[]) => runForTests(['export', ...args, '--data', data], { program })
const at = (...parts: string[]) => join(folder, ...parts)
let id = ''

before(async () => {
  for (const directory of [data, other]) {
    mkdirSync(directory)
    await (await openStore({ directory, now: 0 })).close()
  }
  writeFileSync(join(data, 'tocsin.yaml'), 'publicUrl: https://tocsin.lab.example/\n')
  const files = ['review-template.md', 'report.adoc', 'two-slides.txt'].map((name) => join(FIXTURES, name))
  const { code, out } = await runForTests(['import', ...files, '--data', data], { program })
  assert.equal(code, 0)
  id = / → (\S+)/.exec(out)![1]!
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('tocsin export', () => {
  test('prints Markdown with the public address of the configuration', async () => {
    const { code, out, err } = await run(id)
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^---\nuuid: /)
    assert.ok(out.includes(`url: "https://tocsin.lab.example/post-mortems/${id}"`))
    assert.match(out, /\n## Summary\n/)
  })

  test('writes what the name of the file says', async () => {
    const { code, err } = await run(id, '--out', at('one.html'))
    assert.deepEqual([code, err], [0, `written to ${at('one.html')}\n`])
    assert.match(readFileSync(at('one.html'), 'utf8'), /^<!doctype html>/)
    assert.equal((await run(id, '--out', at('one.json'))).code, 0)
    assert.equal(JSON.parse(readFileSync(at('one.json'), 'utf8')).schema, 'tocsin/postmortem@1')
    mkdirSync(at('into'))
    await run(id, '--format', 'html', '--out', at('into'))
    assert.match(readdirSync(at('into'))[0]!, /^\d{4}-\d\d-\d\d-checkout-queue-stalled-[0-9a-f]{8}\.html$/)
  })

  test('as PDF', needs('chromium'), async () => {
    const { code, err } = await run(id, '--out', at('one.pdf'))
    assert.equal(code, 0, err)
    assert.equal(readFileSync(at('one.pdf')).subarray(0, 5).toString(), '%PDF-')
  })

  test('all of them go into a folder, from which another Tocsin has them whole', async () => {
    const { code, out } = await run('--all', '--format', 'json', '--out', at('all'))
    assert.deepEqual([code, out], [0, `4 post-mortems written to ${at('all')}\n`])
    const files = readdirSync(at('all'))
    assert.ok(files.every((name) => name.endsWith('.tocsin.json')))
    const imported = await runForTests(['import', at('all'), '--data', other], { program })
    assert.match(imported.out, /4 files: 4 imported as 4 post-mortems, 0 known already/)
    const again = await runForTests(
      ['export', '--all', '--format', 'json', '--out', at('again'), '--data', other],
      { program },
    )
    assert.equal(again.code, 0)
    assert.deepEqual(readdirSync(at('again')).sort(), files.sort())
    for (const name of files)
      assert.equal(readFileSync(at('again', name), 'utf8'), readFileSync(at('all', name), 'utf8'), name)
    assert.match(
      (await runForTests(['import', at('again'), '--data', other], { program })).out,
      /4 known already/,
    )
  })

  test('wrong use is told with what to do, and writes nothing', async () => {
    for (const [args, says] of [
      [[], /Which post-mortem\?/],
      [[id, '--all', '--out', at('x')], /and not both/],
      [['--all'], /Where to\?/],
      [['--all', '--out', at('one.json')], /is a file/],
      [[id, '--format', 'word'], /The formats are: markdown, html, pdf, json/],
      [[id, '--format', 'pdf'], /Give --out/],
    ] as [string[], RegExp][]) {
      const { code, err, out } = await run(...args)
      assert.deepEqual([code, out], [2, ''], args.join(' '))
      assert.match(err, says)
    }
    const missing = await run('019b9d3a-5b1c-7a3e-9f00-1f2e3d4c5b6a', '--out', at('missing.md'))
    assert.deepEqual([missing.code, existsSync(at('missing.md'))], [1, false])
    assert.match(missing.err, /There is no post-mortem "019b9d3a/)
    const nowhere = await runForTests(['export', id, '--data', at('nowhere')], { program })
    assert.equal(nowhere.code, 2)
  })

  test('without a browser a PDF says what is missing', async () => {
    const chromium = process.env.TOCSIN_CHROMIUM
    process.env.TOCSIN_CHROMIUM = '/nowhere/chromium'
    try {
      const { code, err } = await run(id, '--out', at('none.pdf'))
      assert.equal(code, 1)
      assert.match(err, /A PDF is printed by Chromium, and .*\/nowhere\/chromium.*HTML needs none/)
      assert.equal(existsSync(at('none.pdf')), false)
    } finally {
      if (chromium === undefined) delete process.env.TOCSIN_CHROMIUM
      else process.env.TOCSIN_CHROMIUM = chromium
    }
  })
})
