/** Every broken configuration file of `bad/` is refused with exactly the problems that stand beside it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfiguration } from '../../src/app/configuration.ts'
import { monitorKinds } from '../../src/monitors/index.ts'

const folder = fileURLToPath(new URL('bad', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.yml'))

/** `line:column path: message`, and the remedy below it. */
function told(file: string): string {
  const result = readConfiguration(readFileSync(join(folder, file), 'utf8'), { env: {}, folder })
  assert.ok(!result.ok, `${file} should have been refused`)
  return result.problems
    .map((p) => `${p.line}:${p.column} ${p.path || '(the file)'}: ${p.message}\n    ${p.remedy}\n`)
    .join('')
}

describe('broken configuration files', () => {
  it('are at least thirty, each with its expectation and no expectation without its file', () => {
    assert.ok(files.length >= 30)
    const expectations = readdirSync(folder).filter((file) => file.endsWith('.txt'))
    assert.deepEqual(
      expectations.map((file) => file.replace(/\.txt$/, '.yml')),
      files,
    )
  })

  for (const file of files)
    it(`${file
      .replace(/\.yml$/, '')
      .replace(/^\d+-/, '')
      .replaceAll('-', ' ')}`, () => {
      const expected = readFileSync(join(folder, file.replace(/\.yml$/, '.txt')), 'utf8').replace(
        '{kinds of monitors}',
        Object.keys(monitorKinds)
          .map((kind) => `"${kind}"`)
          .join(', '),
      )
      assert.equal(told(file), expected)
    })

  it('never show a secret', () => {
    const result = readConfiguration(
      'mail: { host: m.example, from: t@m.example, user: t, password: [geheim] }\nchannels: { egress: { allow: geheim } }\n',
      { env: {}, folder },
    )
    assert.ok(!result.ok)
    assert.ok(!JSON.stringify(result.problems.filter((p) => p.path.includes('password'))).includes('geheim'))
  })
})
