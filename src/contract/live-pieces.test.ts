import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findPieces, parsePiece, type ServiceGraph, spreadOf } from './live-pieces.ts'

describe('a live piece', () => {
  const good: [info: string, text: string, piece: object][] = [
    ['timeline', '', { kind: 'timeline', kinds: null, from: null, to: null }],
    [
      'timeline',
      'kinds: note, alert\nfrom: 2026-01-31 14:05\nto: 2026-01-31T15:00:10Z',
      {
        kind: 'timeline',
        kinds: ['note', 'alert'],
        from: '2026-01-31T14:05:00.000Z',
        to: '2026-01-31T15:00:10.000Z',
      },
    ],
    ['times', '', { kind: 'times', only: null }],
    ['times', '  only :  TTD ,TTR  \n\n# a remark', { kind: 'times', only: ['TTD', 'TTR'] }],
    ['plot', 'monitor: docs-front', { kind: 'plot', monitor: 'docs-front', from: null, to: null }],
    ['graph', '', { kind: 'graph', services: null }],
    ['graph', 'services: a, b', { kind: 'graph', services: ['a', 'b'] }],
    ['actions', 'states: open', { kind: 'actions', states: ['open'] }],
  ]
  for (const [info, text, piece] of good)
    test(`${info} ${JSON.stringify(text)}`, () => assert.deepEqual(parsePiece(info, text), { piece }))

  const wrong: [info: string, text: string, problem: RegExp][] = [
    ['', '', /^Say which piece.*timeline, times, plot, graph, actions\.$/],
    ['tmeline', '', /^There is no piece "tmeline"\. There are timeline/],
    ['plot docs', '', /^"docs" does not belong beside "plot"/],
    ['plot', '', /^Say of which monitor/],
    ['plot', 'monitr: docs', /^A piece "plot" has no setting "monitr"; it takes monitor, from, to\.$/],
    ['times', 'monitor: docs', /no setting "monitor"; it takes only\./],
    ['plot', 'docs-front', /^"docs-front" is not a setting/],
    ['plot', 'monitor:', /^"monitor" is empty/],
    ['plot', 'monitor: a\nmonitor: b', /^"monitor" is set twice/],
    ['timeline', 'from: noon', /^"from: noon" is not a time in UTC/],
    ['timeline', 'from: 2026-02-31', /is not a time/],
    ['timeline', 'from: 2026-01-02 10:00\nto: 2026-01-02 10:00', /does not lie before/],
    ['times', 'only: TTX', /^There is no time "TTX"\. There are TTD, TTA, TTM, TTR\.$/],
    ['actions', 'states: done', /^No action is "done"\. They are open, claimed/],
    ['constructor', '', /no piece "constructor"/],
  ]
  for (const [info, text, problem] of wrong)
    test(`${info} ${JSON.stringify(text)} is refused`, () => {
      const parsed = parsePiece(info, text)
      assert.match('problem' in parsed ? parsed.problem : 'understood', problem)
    })
})

describe('live pieces of a text', () => {
  test('are fenced blocks of the language tocsin, with their lines', () => {
    const body = [
      'a',
      '```tocsin times',
      '```',
      '',
      '~~~~ Tocsin   plot ',
      'monitor: x',
      '~~~',
      '~~~~',
      'b',
    ].join('\n')
    assert.deepEqual(
      findPieces(body).map(({ from, to, ...rest }) => [
        from,
        to,
        'piece' in rest ? rest.piece.kind : rest.problem,
      ]),
      [
        [1, 3, 'times'],
        [4, 8, '"~~~" is not a setting: write `name: value`.'],
      ],
    )
  })

  test('are not what stands in another block, in a line, or in another language', () => {
    for (const body of [
      '````\n```tocsin times\n```\n````',
      'see ```tocsin times``` here',
      '```tocsinx times\n```',
      '```js tocsin times\n```',
      '```tocsin `times`\n```',
      '    ```tocsin times\n    ```',
    ])
      assert.deepEqual(findPieces(body), [])
  })

  test('one that is not closed goes on to the end', () => {
    assert.deepEqual(
      findPieces('```tocsin graph').map(({ from, to }) => [from, to]),
      [[0, 1]],
    )
    assert.deepEqual(
      findPieces('x\n```tocsin graph\nservices: a').map(({ from, to }) => [from, to]),
      [[1, 3]],
    )
    assert.deepEqual(findPieces('  ```tocsin times\r\n  only: TTD\r\n  ```\r\n').length, 1)
  })

  test('a text of odd lines is read in a moment', () => {
    for (const line of [
      '```tocsin\n',
      '``` ',
      '~~~tocsin plot\n:\n',
      `\`\`\`tocsin times\nonly: ${','.repeat(500)}\n\`\`\`\n`,
    ])
      assert.ok(Array.isArray(findPieces(line.repeat(200_000 / line.length))))
  })
})

test('around services: who depends on them step by step, and what they stand on', () => {
  const edge = (serviceId: string, dependsOn: string) => ({ serviceId, dependsOn })
  const graph: ServiceGraph = {
    hit: ['db'],
    services: ['db', 'disk', 'api', 'web', 'other', 'nas'].map((id) => ({ id, name: id.toUpperCase() })),
    // With a circle, and with one that nobody declared.
    edges: [
      edge('db', 'disk'),
      edge('disk', 'nas'),
      edge('api', 'db'),
      edge('web', 'api'),
      edge('db', 'web'),
      edge('x', 'db'),
    ],
  }
  assert.deepEqual(
    spreadOf(graph, ['db', 'gone']).map(({ id, distance }) => [id, distance]),
    [
      ['disk', -1],
      ['db', 0],
      ['api', 1],
      ['web', 2],
    ],
  )
  assert.deepEqual(spreadOf(graph, []), [])
})
