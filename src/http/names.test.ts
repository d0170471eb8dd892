import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story, USUAL } from '../../test/harness/story.ts'
import { readConfiguration } from '../app/configuration.ts'
import { openDesk } from './desk-for-tests.ts'

/** What must not stand in a name: it ends a line, hides, or turns the direction of reading. */
const REFUSED: [string, string][] = [
  ['a line break', 'Do\ncs'],
  ['a carriage return, as a header would end', 'Docs\r\nBcc: x@evil.example'],
  ['NUL', 'Do\u0000cs'],
  ['a C1 control character', 'Do\u0085cs'],
  ['a line separator', 'Do\u2028cs'],
  ['an override to right-to-left', 'Docs \u202egnp.exe'],
  ['an isolate', 'Docs \u2066x'],
  ['nothing but spaces', '   '],
  ['too much', 'x'.repeat(121)],
]

test('no name, in no room, takes what would mislead its reader', () =>
  story({}, async (it) => {
    const desk = await openDesk({ world: it.tocsin().world })
    const fields: [string, string, string, (name: string) => object][] = [
      ['POST', '/api/v1/tokens', 'name', (name) => ({ name, role: 'viewer' })],
      [
        'POST',
        '/api/v1/people',
        'name',
        (name) => ({ id: 'x', name, email: 'x@lab.example', role: 'viewer' }),
      ],
      ['PATCH', '/api/v1/people/x', 'name', (name) => ({ name })],
      ['POST', '/api/v1/incidents', 'title', (title) => ({ title, severity: 'SEV4' })],
      [
        'POST',
        '/api/v1/monitors',
        'settings.name',
        (name) => ({ id: 'x', settings: { service: 'docs', type: 'tcp', target: 'a:1', name } }),
      ],
      [
        'POST',
        '/api/v1/maintenance',
        'name',
        (name) => ({ name, services: ['docs'], from: '2026-02-01T10:00:00Z', to: '2026-02-01T11:00:00Z' }),
      ],
    ]
    try {
      for (const [method, url, path, body] of fields) {
        for (const [what, name] of REFUSED) {
          const answer = await desk.call('administrator', method, url, body(name))
          const told = `${method} ${url} with ${what}: ${answer.statusCode} ${answer.body}`
          assert.equal(answer.statusCode, 400, told)
          assert.ok(
            answer
              .json()
              .problems.some((problem: { path: string }) => problem.path.endsWith(path.split('.').at(-1)!)),
            told,
          )
        }
        const good = await desk.call('administrator', method, url, body('Ünïcode 名前 "quoted" <b> 😀'))
        assert.ok(good.statusCode < 300, `${method} ${url}: ${good.body}`)
      }
      await it.settle()
      it.expectMessage('x@lab.example', /Confirm/)
    } finally {
      await desk.close()
    }
  }))

test('nor does a name in the configuration file', () => {
  const places: [string, string, (text: string) => string][] = [
    ['services.docs.name', USUAL, (text) => text.replace('name: Documentation', 'name: NAME')],
    ['people.ana.name', USUAL, (text) => text.replace('name: Ana', 'name: NAME')],
    ['monitors.docs-port.name', USUAL, (text) => text.replace('docs-port: {', 'docs-port: { name: NAME,')],
    ['oncall.week.name', USUAL, (text) => text.replace('week: {', 'week: { name: NAME,')],
    ['policies.usual.name', USUAL, (text) => text.replace('default: true', 'default: true\n    name: NAME')],
    ['statusPage.name', USUAL, (text) => `${text}statusPage: { name: NAME }\n`],
    [
      'maintenance.w.name',
      USUAL,
      (text) =>
        `${text}maintenance: { w: { name: NAME, services: [docs], from: "2026-02-01T10:00:00Z", to: "2026-02-01T11:00:00Z" } }\n`,
    ],
  ]
  for (const [path, text, put] of places) {
    assert.ok(put(text).includes('NAME'), path)
    const read = (name: string) =>
      readConfiguration(
        put(text).replace('NAME', () => JSON.stringify(name)),
        { env: {}, folder: '/' },
      )
    for (const [what, name] of REFUSED) {
      const result = read(name)
      assert.ok(!result.ok, `${path} takes ${what}`)
      assert.deepEqual([...new Set(result.problems.map((problem) => problem.path))], [path], what)
    }
    assert.ok(read('Ünïcode 名前').ok, path)
  }
})
