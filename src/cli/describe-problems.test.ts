import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readConfiguration } from '../app/configuration.ts'
import { TocsinError } from '../kit/errors.ts'
import { BadConfiguration, type Program } from './program.ts'
import { noProgram, runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-problems-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'tocsin.yaml')

const WRONG = `services:
  docs: { name: Documentation, onwer: web }
monitors:
  docs-port: { service: docs, type: tcp, target: "a:1", every: soon }
`

/** The program with the true reader of configurations, which starts nothing. */
function reader(): Program {
  const read = (text: string) => readConfiguration(text, { env: {}, folder })
  return {
    ...noProgram,
    async readConfiguration(text) {
      const result = read(text)
      return result.ok ? { ok: true, summary: 'good' } : result
    },
    async start() {
      const result = read(WRONG)
      assert.ok(!result.ok)
      throw new BadConfiguration(file, result.problems)
    },
  }
}

describe('problems of a configuration', () => {
  writeFileSync(file, WRONG)

  test('are told by `serve` in the very lines that `validate` tells', async () => {
    const validated = await runForTests(['validate', file], { program: reader() })
    const served = await runForTests(['serve', '--config', file], { program: reader() })
    assert.deepEqual([validated.code, served.code], [1, 1])
    const lines = validated.out.trimEnd().split('\n').slice(0, -1)
    assert.equal(served.err, `tocsin: the configuration ${file} is not valid\n${lines.join('\n')}\n`)
    assert.equal(served.out, '')
  })

  test('begin with the place, and the remedy stands alone on an indented line below', async () => {
    const { out } = await runForTests(['validate', file], { program: reader() })
    const lines = out.trimEnd().split('\n')
    assert.equal(lines.pop(), `${file}: 2 problems`)
    assert.equal(lines.length, 4, out)
    assert.match(
      lines[0]!,
      new RegExp(`^${file}:2:32: services\\.docs\\.onwer: the key "onwer" is not known here$`),
    )
    assert.equal(lines[1], '    Did you mean "owner"?')
    assert.match(lines[2]!, new RegExp(`^${file}:4:\\d+: monitors\\.docs-port\\.every: \\S`))
    assert.match(lines[3]!, /^ {4}\S/)
  })
})

test('a refusal names each place on a line, and what to do about it on the next', async () => {
  const program: Program = {
    ...noProgram,
    start: () =>
      Promise.reject(
        new TocsinError('configuration-invalid', 'The people do not fit together.', [
          {
            path: 'people.ana.email',
            message: 'bo has this address too',
            remedy: 'Give each one their own.',
          },
          { path: '', message: 'and something of the whole' },
        ]),
      ),
  }
  const { code, err } = await runForTests(['serve'], { program })
  assert.equal(code, 1)
  assert.equal(
    err,
    'tocsin: The people do not fit together.\n' +
      '  people.ana.email: bo has this address too\n    Give each one their own.\n' +
      '  and something of the whole\n',
  )
})

describe('a configuration read again that the store refuses', () => {
  test('stays out of force, and every problem is told', async () => {
    let err = ''
    const hears = new Map<string, () => void>()
    const ran = runForTests(['serve'], {
      program: {
        ...noProgram,
        start: async () => ({
          url: 'http://127.0.0.1:8080',
          setupLink: null,
          notices: [],
          stop: async () => {},
          reload: () =>
            Promise.reject(
              new TocsinError('configuration-invalid', 'It does not fit.', [
                { path: 'teams.web.policy', message: 'there is no policy "usual"', remedy: 'Add it.' },
              ]),
            ),
        }),
      },
      terminal: {
        err: (text) => {
          err += text
        },
        onSignal(signal, hear) {
          hears.set(signal, hear)
          return () => {}
        },
      },
    })
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    while (!hears.has('SIGHUP')) await turn()
    hears.get('SIGHUP')!()
    for (let i = 0; !err.includes('Add it') && i < 1_000; i++) await turn()
    assert.match(
      err,
      /one before stays in force: It does not fit\.\n {2}teams\.web\.policy: there is no policy "usual"\n {4}Add it\.\n/,
    )
    hears.get('SIGTERM')!()
    assert.equal((await ran).code, 0)
  })
})

describe('a check that was called wrongly', () => {
  for (const [what, args, told] of [
    ['no target', ['check'], /^CHECK UNKNOWN - missing required argument 'target'\n$/],
    ['a scheme that is none', ['check', 'ftp://x'], /^CHECK UNKNOWN - "ftp:\/\/x" is not a target/],
    [
      'an option of another kind',
      ['check', 'tcp://127.0.0.1:1', '--warn', '3d'],
      /^CHECK UNKNOWN - .*"warn"\n$/,
    ],
    ['a bar, which would begin performance data', ['check', 'a|b'], /^CHECK UNKNOWN - [^|]+\n$/],
  ] as const)
    test(`says so in the one line that a monitoring system shows: ${what}`, async () => {
      const { code, out, err } = await runForTests([...args])
      assert.equal(code, 3)
      assert.match(out, told)
      assert.equal(out.split('\n').length, 2)
      assert.notEqual(err, '', 'and the whole of it to a person')
    })

  test('tells a person each thing once', async () => {
    const { err } = await runForTests(['check', 'tcp://127.0.0.1:1', '--warn', '3d'])
    assert.equal(err.match(/"warn"/g)?.length, 1, err)
  })
})
