import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { DrillRun } from '../contract/proofs.ts'
import { TocsinError } from '../kit/errors.ts'
import type { ConfigurationReading, OpenData, Program, RunningServer } from './program.ts'
import { noProgram, runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-'))
after(() => rmSync(folder, { recursive: true }))

const data = join(folder, 'data')
mkdirSync(data)
writeFileSync(join(data, 'core.db'), '')

const run = (id: string, state: DrillRun['state'], more: Partial<DrillRun> = {}): DrillRun => ({
  id: `run-${id}`,
  drillId: id,
  state,
  reason: `it ${state}`,
  since: '2026-01-05T09:00:00.000Z',
  finishedAt: '2026-01-05T09:00:00.000Z',
  trigger: 'person',
  caught: [],
  missed: [],
  evidence: {},
  ...more,
})

function dataOf(more: Partial<OpenData>): { program: Program; closed: () => number } {
  let closed = 0
  const open: OpenData = {
    listDrills: async () => [
      { id: 'good', name: 'A good one' },
      { id: 'bad', name: 'A <bad> one' },
    ],
    runDrill: async (id) =>
      id === 'good'
        ? run(id, 'passed', { caught: ['certificate-expired'] })
        : run(id, 'failed', { missed: ['slow & "odd"'] }),
    importPostmortem: async () => {
      throw new Error('not in this test')
    },
    listPostmortemIds: async () => [],
    exportPostmortem: async () => {
      throw new Error('not in this test')
    },
    verifyAudit: async () => ({ facts: 7, head: 'abc', brokenAt: null }),
    createToken: async () => ({ token: { id: 't' }, secret: 'tocsin_secret' }),
    backup: async () => {},
    close: async () => void closed++,
    ...more,
  }
  return { program: { ...noProgram, openData: async () => open }, closed: () => closed }
}

describe('wrong usage is exit code 2 and says what to do', () => {
  for (const [what, args, told] of [
    ['an unknown command', ['srve'], /unknown command 'srve'[\s\S]*Did you mean serve/],
    ['a port that is none', ['serve', '--port', '99999'], /whole number from 0 to 65535/],
    [
      'a file that is not there',
      ['validate', join(folder, 'none.yaml')],
      /cannot be read[\s\S]*Name a configuration file/,
    ],
    [
      'a directory without data',
      ['audit', 'verify', '--data', folder],
      /holds no data of Tocsin[\s\S]*--data/,
    ],
    [
      'a role that is none',
      ['token', 'create', '--name', 'x', '--role', 'king'],
      /Allowed choices are viewer/,
    ],
    ['no role', ['token', 'create', '--name', 'x'], /required option '--role/],
    ['a drill that is none', ['drill', 'run', 'ugly', '--data', data], /no drill "ugly"[\s\S]*good, bad/],
    ['no server', ['alert', 'ack', 'x'], /Which Tocsin\?[\s\S]*TOCSIN_URL/],
    ['an address that is none', ['alert', 'ack', 'x', '--url', 'here'], /"here" is not an address/],
    [
      'no token',
      ['alert', 'ack', 'x', '--url', 'http://127.0.0.1:9'],
      /A token is needed[\s\S]*TOCSIN_TOKEN/,
    ],
    ['a backup over something', ['backup', join(data, 'core.db'), '--data', data], /exists already/],
    [
      'a restore of nothing',
      ['restore', join(folder, 'none'), '--data', join(folder, 'new')],
      /There is no file/,
    ],
    ['a restore over something', ['restore', join(data, 'core.db'), '--data', data], /is not empty/],
  ] as const)
    test(what, async () => {
      const { code, out, err } = await runForTests([...args], { program: dataOf({}).program })
      assert.equal(code, 2, err)
      assert.match(err, told)
      assert.equal(out, '')
      assert.doesNotMatch(err, /\n\s+at /)
    })
})

test('help and version are good', async () => {
  const help = await runForTests(['--help'])
  assert.equal(help.code, 0)
  for (const command of [
    'serve',
    'check',
    'validate',
    'schema',
    'drill',
    'audit',
    'backup',
    'restore',
    'token',
    'alert',
  ])
    assert.match(help.out, new RegExp(`^ {2}${command}\\b`, 'm'))
  assert.deepEqual(await runForTests(['--version']), { code: 0, out: '0.0.0-test\n', err: '' })
})

describe('validate', () => {
  const file = join(folder, 'tocsin.yaml')
  writeFileSync(file, 'monitors: {}\n')
  const reading = (answer: ConfigurationReading): Program => ({
    ...noProgram,
    readConfiguration: async () => answer,
  })

  test('says in one line that a file is good', async () => {
    const program = reading({ ok: true, summary: '2 monitors', warnings: ['mail: there is none'] })
    const { code, out } = await runForTests(['validate', file], { program })
    assert.equal(code, 0)
    assert.equal(out, `${file}: OK, 2 monitors\n${file}: note: mail: there is none\n`)
  })

  test('says every problem with line, column, path and remedy', async () => {
    const problem = {
      line: 3,
      column: 5,
      path: 'monitors.a.every',
      message: 'is not a duration',
      remedy: 'Write 60s.',
    }
    const program = reading({
      ok: false,
      problems: [problem, { line: 9, column: 1, path: '', message: 'is not YAML' }],
    })
    const { code, out } = await runForTests(['validate', file], { program })
    assert.equal(code, 1)
    assert.equal(
      out,
      `${file}:3:5: monitors.a.every: is not a duration\n    Write 60s.\n${file}:9:1: is not YAML\n${file}: 2 problems\n`,
    )
    const json = await runForTests(['validate', file, '--json'], { program })
    assert.equal(json.code, 1)
    assert.deepEqual(JSON.parse(json.out).problems[0], problem)
  })
})

describe('drill run', () => {
  test('runs all, says what was caught and missed, and is bad when one fails', async () => {
    const { program, closed } = dataOf({})
    const junit = join(folder, 'junit.xml')
    const { code, out, err } = await runForTests(['drill', 'run', '--data', data, '--junit', junit], {
      program,
    })
    assert.equal(code, 1)
    assert.match(
      out,
      /^PASSED {2}A good one: it passed\n {4}caught: certificate-expired\nFAILED {2}A <bad> one: it failed\n/,
    )
    assert.match(out, /\n1 of 2 drills passed\n$/)
    assert.equal(err, '', 'quiet where nobody looks on')
    assert.equal(closed(), 1)
    const xml = readFileSync(junit, 'utf8')
    assert.match(xml, /<testsuite name="tocsin drills" tests="2" failures="1" errors="0">/)
    assert.match(
      xml,
      /name="A &#60;bad&#62; one">\n {6}<failure message="it failed">missed: slow &#38; &#34;odd&#34;<\/failure>/,
    )
  })

  test('runs the named one only, and is good when it passes', async () => {
    const { code, out } = await runForTests(['drill', 'run', 'good', '--data', data, '--json'], {
      program: dataOf({}).program,
    })
    assert.equal(code, 0)
    const { passed, failed, runs } = JSON.parse(out)
    assert.deepEqual([passed, failed, runs[0].drillId], [1, 0, 'good'])
  })

  test('shows its progress to a person', async () => {
    const { err } = await runForTests(['drill', 'run', '--data', data], {
      program: dataOf({}).program,
      terminal: { interactive: true },
    })
    assert.match(err, /\[1\/2\] A good one/)
  })

  test('closes the data also when a drill breaks, and says why without a stack', async () => {
    const { program, closed } = dataOf({
      runDrill: async () => {
        throw new TocsinError('store-full', 'The disk is full.')
      },
    })
    const { code, err } = await runForTests(['drill', 'run', '--data', data], { program })
    assert.deepEqual([code, err, closed()], [1, 'tocsin: The disk is full.\n', 1])
  })
})

describe('audit verify', () => {
  test('tells a log that holds from one that does not', async () => {
    const good = await runForTests(['audit', 'verify', '--data', data], { program: dataOf({}).program })
    assert.deepEqual([good.code, good.out], [0, 'the fact log holds: 7 facts, head abc\n'])
    const brokenAt = { seq: 5, reason: 'changed' }
    const { program } = dataOf({ verifyAudit: async () => ({ facts: 4, head: 'x', brokenAt }) })
    const bad = await runForTests(['audit', 'verify', '--data', data], { program })
    assert.equal(bad.code, 1)
    assert.match(bad.out, /breaks at fact 5 \(changed\)/)
  })
})

test('token create prints the secret alone, so that a script can take it', async () => {
  const { code, out, err } = await runForTests(
    ['token', 'create', '--name', 'ci', '--role', 'viewer', '--data', data],
    { program: dataOf({}).program },
  )
  assert.deepEqual([code, out], [0, 'tocsin_secret\n'])
  assert.match(err, /shown this once/)
})

describe('serve', () => {
  function serving(more: Partial<RunningServer> = {}) {
    const hears = new Map<string, () => void>()
    let [out, err] = ['', '']
    let stops = 0
    const server: RunningServer = {
      url: 'http://127.0.0.1:8080',
      setupLink: 'http://127.0.0.1:8080/setup#abc',
      notices: ['note: no mail'],
      reload: async () => ({ ok: true, summary: '3 monitors' }),
      stop: async () => void stops++,
      ...more,
    }
    const ran = runForTests(['serve', '--data', data], {
      program: { ...noProgram, start: async () => server },
      terminal: {
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
        onSignal(signal, hear) {
          hears.set(signal, hear)
          return () => void hears.delete(signal)
        },
      },
    })
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    return {
      ran,
      hears,
      stops: () => stops,
      out: () => out,
      err: () => err,
      async until(seen: () => boolean) {
        for (let i = 0; !seen() && i < 1_000; i++) await turn()
        assert.ok(seen())
      },
    }
  }

  test('says where it listens and gives the one-time link, reloads on SIGHUP, and stops in order', async () => {
    const it = serving()
    await it.until(() => it.hears.has('SIGTERM'))
    assert.match(it.out(), /^listening on http:\/\/127\.0\.0\.1:8080\n/)
    assert.match(it.out(), /\n {2}http:\/\/127\.0\.0\.1:8080\/setup#abc\n/)
    assert.match(it.err(), /^note: no mail\n/)
    it.hears.get('SIGHUP')!()
    await it.until(() => /configuration reloaded: 3 monitors/.test(it.err()))
    it.hears.get('SIGTERM')!()
    it.hears.get('SIGINT')!()
    assert.equal((await it.ran).code, 0)
    assert.equal(it.stops(), 1, 'a second signal does not stop twice')
    assert.equal(it.hears.size, 0)
  })

  test('keeps the configuration in force when the new one is bad, and says every problem', async () => {
    const problems = [{ line: 2, column: 3, path: 'people.ana', message: 'has no email', remedy: 'Add one.' }]
    const it = serving({ reload: async () => ({ ok: false, problems }) })
    await it.until(() => it.hears.has('SIGHUP'))
    it.hears.get('SIGHUP')!()
    await it.until(() => /one before stays in force/.test(it.err()))
    assert.match(it.err(), /2:3: people\.ana: has no email\n {4}Add one\./)
    it.hears.get('SIGTERM')!()
    assert.equal((await it.ran).code, 0)
  })

  test('a stop that fails is not called good', async () => {
    const it = serving({ stop: () => Promise.reject(new Error('the store is stuck')) })
    await it.until(() => it.hears.has('SIGTERM'))
    it.hears.get('SIGTERM')!()
    assert.equal((await it.ran).code, 1)
    assert.match(it.err(), /the store is stuck/)
  })

  test('refuses a short administrator token before anything starts', async () => {
    const { code, err } = await runForTests(['serve'], {
      terminal: { env: { TOCSIN_ADMIN_TOKEN: 'too-short' } },
    })
    assert.equal(code, 2)
    assert.match(err, /has 9 characters; at least 32[\s\S]*openssl rand/)
  })
})

test('commands that make nothing leave nothing behind', () => {
  assert.equal(existsSync(join(folder, 'new')), false)
})
