import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chooseFiles, testFiles } from './run.files.ts'
import type { TestResult } from './run.node-test.ts'

describe('which files a run is about', () => {
  const files = ['test/house/map.test.ts', 'src/alerts/group.test.ts', 'test/store/facts.test.ts']

  test('all without a pattern; a part of the path, a leading dot, or a glob', () => {
    assert.deepEqual(chooseFiles(files, []), files)
    assert.deepEqual(chooseFiles(files, ['alerts', './test/store/']), files.slice(1))
    assert.deepEqual(chooseFiles(files, ['test/**/*.test.ts']), [files[0], files[2]])
    assert.deepEqual(chooseFiles(files, ['nowhere']), [])
  })

  test('every test file is found once, the house first', () => {
    const found = testFiles(join(import.meta.dirname, '..'))
    assert.equal(new Set(found).size, found.length)
    assert.ok(found[0]?.startsWith('test/house/'))
    for (const file of ['test/run.test.ts', 'test/harness/needs.test.ts'])
      assert.ok(found.includes(file), file)
  })
})

describe('the run itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-run-'))
  after(() => rmSync(folder, { recursive: true }))

  /** Runs test files with these texts in a process of their own: Node refuses a run inside a run. */
  function runTexts(
    texts: Record<string, string>,
    fileTimeout = 60_000,
  ): { result: TestResult; report: string } {
    const files = Object.entries(texts).map(([name, text]) => {
      const file = join(folder, `${name}.test.mjs`)
      writeFileSync(
        file,
        `import { test } from 'node:test'\nimport assert from 'node:assert/strict'\n${text}\n`,
      )
      return file
    })
    const module = pathToFileURL(join(import.meta.dirname, 'run.node-test.ts')).href
    const script = `import { runTestFiles } from '${module}'
      const out = []
      const options = { concurrency: 2, fileTimeout: ${fileTimeout}, write: (text) => out.push(text) }
      const result = await runTestFiles(${JSON.stringify(files)}, options)
      console.log(JSON.stringify({ result, report: out.join('') }))`
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    writeFileSync(join(folder, 'run.mjs'), script)
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.mjs')], {
      encoding: 'utf8',
      env,
      cwd: folder,
    })
    assert.ok(stdout.startsWith('{'), stderr)
    return JSON.parse(stdout)
  }

  test('counts, names what was left out and why, and ends with the summary', () => {
    const { result, report } = runTexts({
      good: `test('one', () => assert.ok(true))\ntest('two', { skip: 'nginx not installed' }, () => {})`,
      later: `test('three', { todo: true }, () => {})`,
    })
    assert.deepEqual({ passed: result.passed, failed: result.failed }, { passed: 1, failed: 0 })
    assert.deepEqual(result.leftOut.sort(), [
      'three (later.test.mjs): no reason given',
      'two (good.test.mjs): nginx not installed',
    ])
    assert.match(report, /Left out:\n {2}[\s\S]*two \(good\.test\.mjs\): nginx not installed[\s\S]*ℹ tests 3/)
    assert.match(report.trimEnd().split('\n').at(-1)!, /^ℹ duration_ms/)
  })

  test('a failed test, a file that throws and a file that does not parse are red', () => {
    const { result } = runTexts({
      failing: `test('no', () => assert.equal(1, 2))\ntest('yes', () => {})`,
      throwing: `throw new Error('at the top')`,
      broken: `this is not JavaScript`,
    })
    assert.deepEqual({ passed: result.passed, failed: result.failed }, { passed: 1, failed: 3 })
  })

  test('a file that hangs, or spins, is ended and red, and the others have their turn', () => {
    const { result, report } = runTexts(
      {
        hanging: `test('waits', async () => { setInterval(() => {}, 1000); await new Promise(() => {}) })`,
        spinning: `test('spins', () => { for (;;); })`,
        well: `test('fine', () => {})`,
      },
      3_000,
    )
    assert.equal(result.passed, 1)
    assert.ok(result.failed >= 2, report)
  })
})
