import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import {
  badNames,
  logicInDoor,
  machinePaths,
  missingPaths,
  type SourceFile,
  shareOfTests,
  tooLong,
} from './files.ts'
import { ROOMS, WITHOUT_DOOR } from './rooms.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TEXT = /\.(ts|tsx|mjs|js|json|md|sh|css|html|ya?ml|txt|svg)$|^(bin|\.ci)\//

/** Paths that belong to the project: what git would track; without git, everything that is not built. */
function projectPaths(): string[] {
  const git = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  const paths =
    git.status === 0
      ? git.stdout.split('\n')
      : globSync('{**/*,.ci/*,.*}', {
          cwd: ROOT,
          exclude: ['node_modules', 'build', 'data', '.git', 'coverage'],
        })
  return [...new Set(paths)]
    .filter((path) => path !== '' && existsSync(join(ROOT, path)) && isFile(path))
    .sort()
}

const isFile = (path: string) => statSync(join(ROOT, path)).isFile()
const paths = projectPaths()
const files: SourceFile[] = paths
  .filter((path) => TEXT.test(path) && path !== 'package-lock.json')
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

describe('the files of the house', () => {
  test('there are files to look at', () => {
    assert.ok(paths.includes('package.json'))
    assert.ok(files.some(({ path }) => path.startsWith('src/')))
  })

  test('no code is longer than 400 lines', () => {
    assert.deepEqual(tooLong(files), [])
  })

  test('names are kebab-case and say what is inside', () => {
    assert.deepEqual(badNames(paths), [])
  })

  test('every room has its page, and a door that only exports', () => {
    const doors = ROOMS.filter((room) => !WITHOUT_DOOR.includes(room) && room !== 'app').map(
      (room) => `src/${room}/index.ts`,
    )
    const wanted = [...ROOMS.map((room) => `src/${room}/README.md`), ...doors]
    assert.deepEqual(
      wanted.filter((path) => !paths.includes(path)),
      [],
    )
    for (const door of doors)
      assert.deepEqual([door, logicInDoor(readFileSync(join(ROOT, door), 'utf8'))], [door, []])
  })

  test('about half of the lines are tests', (t) => {
    const { tests, all, share } = shareOfTests(files)
    t.diagnostic(`${tests} of ${all} lines are tests: ${(share * 100).toFixed(1)} %`)
    assert.ok(
      share >= 0.4,
      `${(share * 100).toFixed(1)} % of the lines are tests; the house wants 40 % at least`,
    )
  })

  test('every path that a page cites exists', () => {
    const pages = files.filter(({ path }) => path.endsWith('.md') && !path.includes('testdata/'))
    const missing = pages.flatMap((page) =>
      missingPaths(page, (path) => existsSync(join(ROOT, path))).map((path) => `${page.path}: ${path}`),
    )
    assert.deepEqual(missing, [])
  })

  test('no file names a place of somebody’s machine', () => {
    const own = 'test/house/files'
    assert.deepEqual(
      files.filter(({ path }) => !path.startsWith(own) && !path.includes('testdata/')).flatMap(machinePaths),
      [],
    )
  })

  test('the lock file says nothing of where packages came from, and has every platform', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    const entries = Object.entries<{ resolved?: string; optionalDependencies?: object; integrity?: string }>(
      lock.packages,
    )
    assert.deepEqual(
      entries.filter(([, entry]) => entry.resolved).map(([path]) => path),
      [],
    )
    // npm ci refuses a lock file that lacks an optional package of another platform.
    const missing = entries.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter(
          (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
        )
        .map((name) => `${path} wants ${name}`),
    )
    assert.deepEqual(missing, [])
  })
})

describe('the judges of files see what is wrong', () => {
  test('a file of 401 lines', () => {
    const lines = (n: number) => 'x\n'.repeat(n)
    assert.deepEqual(tooLong([{ path: 'src/kit/long.ts', text: lines(401) }]), ['src/kit/long.ts: 401 lines'])
    assert.deepEqual(tooLong([{ path: 'src/kit/fits.ts', text: lines(400) }]), [])
    assert.deepEqual(tooLong([{ path: 'docs/long.md', text: lines(900) }]), [])
  })

  test('names', () => {
    const bad = [
      'src/kit/camelCase.ts',
      'src/utils/time.ts',
      'src/kit/helpers.ts',
      'web/Button.tsx',
      'src/common/a.ts',
    ]
    const good = [
      'src/kit/open-log.test.ts',
      'src/alerts/group.rules.ts',
      'README.md',
      '.ci/run',
      'src/postmortems/testdata/A File.txt',
      'docs/decisions/0001-why.md',
      '.dependency-cruiser.mjs',
    ]
    assert.deepEqual(badNames([...bad, ...good]), bad)
  })

  test('a door with logic', () => {
    assert.deepEqual(logicInDoor(`export { a } from './a.ts'\nexport type * from './b.ts'\n`), [])
    assert.deepEqual(logicInDoor(`export const a = 1\nfunction b() {\n}`), [
      'export const a = 1',
      'function b() {',
    ])
  })

  test('the share of tests', () => {
    const counted = shareOfTests([
      { path: 'src/kit/a.ts', text: 'a\n\nb\nc\n' },
      { path: 'src/kit/a.test.ts', text: 'a\n' },
      { path: 'docs/a.md', text: 'a\n'.repeat(50) },
    ])
    assert.deepEqual(counted, { tests: 1, all: 4, share: 0.25 })
  })

  test('a page that cites what is not there', () => {
    const text =
      'See [a](../here.md#part), [b](gone.md), `src/kit/gone.ts`, `src/<room>/index.ts`, [c](https://e.org/x).'
    const exists = (path: string) => path === 'here.md'
    assert.deepEqual(missingPaths({ path: 'docs/page.md', text }, exists), [
      'docs/gone.md',
      'src/kit/gone.ts',
    ])
    assert.deepEqual(missingPaths({ path: 'a.md', text: '```\n[x](gone.md)\n```\n' }, exists), [])
  })

  test('a place of a machine', () => {
    // Put together here, so that this file does not hold what it forbids.
    const [home, other] = [
      ['', 'root', 'notes'],
      ['', 'home', 'ana', 'x'],
    ].map((parts) => parts.join('/'))
    const text = `in ${home} and ${other}, not /tmp/x, /etc/passwd or /network/main`
    assert.deepEqual(machinePaths({ path: 'a.md', text }), [`a.md: ${home}`, 'a.md: /home/ana/'])
  })
})
