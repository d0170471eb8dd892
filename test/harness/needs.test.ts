import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BASE_TOOLS, debianPackageOf, needs, programOf, toolsNamedIn } from './needs.ts'

test('the tools a test file asks for are read from its text', () => {
  const source = "test('a', needs('nginx', 'openssl'), f)\ntest('b', needs( 'nginx' ), f)\nneedsNot('git')"
  assert.deepEqual(toolsNamedIn(source), ['nginx', 'openssl'])
})

test('a name that is not in the table is not taken for a tool', () => {
  assert.deepEqual(toolsNamedIn("needs('toString', 'no-such-thing')"), [])
})

test('a test is left out, by name, only when a tool is missing', () => {
  const present = BASE_TOOLS.filter((tool) => programOf(tool) !== null)
  assert.deepEqual(needs(...present), { skip: false })
  for (const tool of ['haproxy', 'xrdp', 'kamailio'] as const) {
    const expected = programOf(tool) === null ? `${tool} not installed` : false
    assert.equal(needs(...present, tool).skip, expected)
  }
})

test('old clients come from npm, at the versions of a lock file', () => {
  assert.equal(debianPackageOf('node-8'), null)
  const folder = join(import.meta.dirname, '../oracles')
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
  for (const [name, wanted] of Object.entries(dependencies as Record<string, string>))
    assert.equal(packages[`node_modules/${name}`].version, wanted.split('@')[1])
})

test('every base tool has a Debian package', () => {
  for (const tool of BASE_TOOLS) assert.match(debianPackageOf(tool) ?? '', /^[a-z0-9][a-z0-9.+-]+$/)
})
