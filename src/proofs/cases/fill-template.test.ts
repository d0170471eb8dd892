import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fillTemplate } from './fill-template.rules.ts'

const values = {
  host: { kind: 'text' as const, optional: false },
  issuer: { kind: 'text' as const, optional: true },
  limit: { kind: 'number' as const, optional: false },
  nodes: { kind: 'list' as const, optional: true },
}

describe('a template is filled in', () => {
  const table: [
    what: string,
    template: Record<string, unknown>,
    given: Record<string, string>,
    settings: unknown,
  ][] = [
    ['a place in a text', { target: '{host}:443' }, { host: 'a.example' }, { target: 'a.example:443' }],
    ['a number stays a number', { at: '{limit}' }, { limit: '4 000' }, { at: 4000 }],
    ['a number within a text is text', { at: 'under {limit}' }, { limit: '5' }, { at: 'under 5' }],
    ['a list', { of: ['{nodes}', 'z'] }, { nodes: 'a, b ,,c' }, { of: ['a', 'b', 'c', 'z'] }],
    [
      'what is optional and not given is left out',
      { expect: { issuer: '{issuer}', name: 'x' } },
      {},
      { expect: { name: 'x' } },
    ],
    ['so is an item of a list', { of: ['{nodes}', 'z'] }, {}, { of: ['z'] }],
    ['braces that are no place stay', { match: 'a{3} {other}' }, {}, { match: 'a{3} {other}' }],
    [
      'what was given is not filled in again',
      { target: '{host}' },
      { host: '{issuer}' },
      { target: '{issuer}' },
    ],
    [
      'other values stay as they are',
      { n: 1, b: true, x: null, of: [{ deep: '{host}' }] },
      { host: 'h' },
      { n: 1, b: true, x: null, of: [{ deep: 'h' }] },
    ],
    [
      'a monitor of the same case',
      { renews: '{monitor:certificate}' },
      { 'monitor:certificate': 'docs-tls' },
      { renews: 'docs-tls' },
    ],
  ]
  for (const [what, template, given, settings] of table)
    test(what, () => {
      assert.deepEqual(fillTemplate(template, given, values), { settings, missing: [], wrong: [] })
    })

  test('what is missing, or not of its kind, is named once', () => {
    const filled = fillTemplate(
      { a: '{host}', b: ['{host}'], c: '{limit}' },
      { limit: 'many', host: ' ' },
      values,
    )
    assert.deepEqual([filled.missing, filled.wrong], [['host'], ['limit']])
  })

  test('whatever is given stands in the settings as it is, and makes no place of its own', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, issuer) => {
        fc.pre(host.trim() !== '' && issuer.trim() !== '')
        const { settings } = fillTemplate({ both: '{host} {issuer}' }, { host, issuer }, values)
        assert.equal(settings.both, `${host.trim()} ${issuer.trim()}`)
      }),
    )
  })
})
