import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readConfiguration } from '../../app/configuration.ts'

const env = new Proxy({}, { get: () => 'a-secret-that-is-long-enough-0123456789' })
const read = (text: string) => readConfiguration(text, { env, folder: '.' })
const tracker = (entry: string) => read(`postmortems: { trackers: { work: ${entry} } }`)
const problemsOf = (entry: string) => {
  const result = tracker(entry)
  assert.ok(!result.ok, 'it should have been refused')
  return result.problems.map(({ path, message, remedy }) => `${path}: ${message} | ${remedy}`).join('\n')
}

describe('trackers in the configuration', () => {
  test('are read with their defaults', () => {
    const result = tracker('{ kind: github, project: acme/site, token: abc }')
    assert.ok(result.ok)
    assert.deepEqual(result.value.postmortems.trackers.work, {
      kind: 'github',
      url: 'https://github.com',
      project: 'acme/site',
      token: 'abc',
      labels: ['tocsin'],
      lookEvery: 900_000,
      closeWhenProved: true,
    })
  })

  test('the example is taken', () => {
    const result = read(readFileSync(new URL('../../../examples/trackers.yaml', import.meta.url), 'utf8'))
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual(Object.keys(result.value.postmortems.trackers), ['code', 'infra', 'ops'])
  })

  for (const [what, entry, problem] of [
    ['another kind', '{ kind: githb, project: acme/site, token: x }', /kind: .*Did you mean "github"/],
    ['no token', '{ kind: github, project: acme/site }', /token: "token" is missing/],
    [
      'half a repository',
      '{ kind: github, project: site, token: x }',
      /project: must be a repository such as/,
    ],
    ['a path that leads out', '{ kind: github, project: "../x", token: x }', /project: must be a repository/],
    ['a group alone', '{ kind: gitlab, project: acme, token: x }', /project: must be a project such as/],
    [
      'a key in small letters',
      '{ kind: jira, url: "https://j.example", project: ops, token: x }',
      /project: must be the key/,
    ],
    ['Jira without address', '{ kind: jira, project: OPS, token: x }', /url: .*must be an address such as/],
    [
      'credentials in the address',
      '{ kind: gitlab, url: "https://u:p@git.example", project: a/b, token: x }',
      /url: must hold neither user name/,
    ],
    [
      'a short secret',
      '{ kind: github, project: acme/site, token: x, webhookSecret: short }',
      /webhookSecret: must have 16 characters/,
    ],
    [
      'a token with a line break',
      '{ kind: github, project: acme/site, token: "a\\nb" }',
      /token: must be printable characters/,
    ],
    [
      'too eager',
      '{ kind: github, project: acme/site, token: x, lookEvery: 1s }',
      /lookEvery: .*at least 1m/,
    ],
    [
      'an unknown key',
      '{ kind: github, project: acme/site, token: x, projct: y }',
      /"projct" is not known here .*Did you mean "project"/,
    ],
  ] as const)
    test(`${what} is refused with its place`, () => assert.match(problemsOf(entry), problem))
})
