import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import MarkdownIt from 'markdown-it'
import { person, responseWorld, START } from '../../../test/harness/response.ts'
import { addNote, openIncident } from '../../incidents/index.ts'
import { MINUTE } from '../../kit/duration.ts'
import type { HistoryPoint } from '../../monitors/index.ts'
import { openStore } from '../../store/open-store.ts'
import { addAction } from '../add-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { hasPiece, type LiveData, readLiveData, renderLivePieces } from './index.ts'
import { stretchesOf } from './read-live-data.ts'

const DATA: LiveData = {
  window: { from: '2026-01-08T11:30:00.000Z', to: '2026-01-08T13:00:00.000Z' },
  times: [
    { name: 'impact start', at: '2026-01-08T11:59:30.000Z' },
    { name: 'detected', at: null },
  ],
  metrics: [
    { name: 'TTD', ms: null, formula: 'TTD = impact start → detected', status: 'not recorded' },
    { name: 'TTA', ms: null, formula: 'TTA = first alert → acknowledged', status: 'invalid' },
    { name: 'TTR', ms: 90 * MINUTE, formula: 'TTR = impact start → resolved', status: 'recorded' },
  ],
  timeline: [
    {
      at: '2026-01-08T12:00:00.000Z',
      text: 'a | b\n**c** <b>',
      kind: 'note',
      actor: 'Ana',
      corrected: false,
    },
    { at: '2026-01-08T12:05:07.000Z', text: 'wrong', kind: 'alert', actor: null, corrected: true },
    { at: null, text: 'sometime', kind: 'note', actor: null, corrected: false },
  ],
  graph: {
    hit: ['db'],
    services: [
      { id: 'db', name: 'Ledger [db]' },
      { id: 'web', name: 'Shop' },
    ],
    edges: [{ serviceId: 'web', dependsOn: 'db' }],
  },
  actions: [
    {
      ...{
        id: '1',
        title: 'Ask | for the name',
        type: 'detect',
        owner: null,
        dueAt: '2026-02-01T00:00:00.000Z',
      },
      ...{ criterion: 'It pages.', state: 'claimed' },
    },
  ],
  plots: {
    0: {
      ...{ monitor: 'm', name: 'docs-front', from: START, to: START + 10 * MINUTE },
      stretches: [{ from: START, to: START + 4 * MINUTE, state: 'down', slowest: 12.4 }],
    },
    1: null,
  },
}
const block = (info: string, text = '') => `\`\`\`tocsin ${info}\n${text}\`\`\`\n`
const render = (info: string, text = '', data = DATA) =>
  renderLivePieces(block(info, text), data).trim().split('\n')

describe('live pieces where nothing is live', () => {
  test('a timeline is a table; text from elsewhere stays text', () => {
    assert.deepEqual(render('timeline'), [
      '| When | What | Who |',
      '| --- | --- | --- |',
      '| 2026-01-08 12:00 UTC | a \\| b \\*\\*c\\*\\* \\<b\\> | Ana |',
      '| 2026-01-08 12:05:07 UTC | ~~wrong~~ |  |',
      '| no time | sometime |  |',
    ])
    assert.equal(render('timeline', 'kinds: alert\n').length, 3)
    assert.equal(render('timeline', 'from: 2026-01-08 12:01\nto: 2026-01-08 12:30\n').length, 3)
    assert.deepEqual(render('timeline', 'kinds: page\n'), ['_No entry is of this kind and time._'])
    assert.deepEqual(render('timeline', '', { ...DATA, timeline: [] }), ['_No entry was recorded._'])
  })

  test('times stand with their formulas, and what is missing says so', () => {
    assert.deepEqual(render('times').slice(2, 4), [
      '| impact start | 2026-01-08 11:59:30 UTC |',
      '| detected | not recorded |',
    ])
    assert.deepEqual(render('times', 'only: TTD, TTA, TTR\n').slice(2), [
      '| TTD | not recorded | TTD = impact start → detected |',
      '| TTA | the times contradict each other | TTA = first alert → acknowledged |',
      '| TTR | 1h 30m | TTR = impact start → resolved |',
    ])
  })

  test('a plot is the stretches of its monitor', () => {
    assert.deepEqual(render('plot', 'monitor: m\n'), [
      '**docs-front**, 2026-01-08 12:00 UTC to 2026-01-08 12:10 UTC:',
      '',
      '| From | To | Lasted | It was | Slowest answer |',
      '| --- | --- | --- | --- | --- |',
      '| 2026-01-08 12:00 UTC | 2026-01-08 12:04 UTC | 4m | down | 12 ms |',
    ])
  })

  test('a graph is who stands on whom', () => {
    assert.deepEqual(render('graph').slice(2), [
      '| Ledger \\[db\\] |  | hit |',
      '| Shop | Ledger \\[db\\] | directly |',
    ])
  })

  test('actions are as they are now', () => {
    assert.deepEqual(render('actions').slice(2), [
      '| Ask \\| for the name | detect | nobody | 2026-02-01 | It pages. | claimed |',
    ])
    assert.deepEqual(render('actions', 'states: proved\n'), ['_No action is in such a state._'])
  })

  test('a wrong one says at its place what is wrong', () => {
    const said = (info: string, text = '', data = DATA) => render(info, text, data).join('\n')
    assert.match(said('tmeline'), /^> \*\*This live piece cannot be shown\.\*\* There is no piece "tmeline"/)
    assert.match(said('graph', 'services: nope\n'), /There is no service "nope"/)
    assert.match(said('graph', '', { ...DATA, graph: { ...DATA.graph, hit: [] } }), /set `services`/)
    assert.match(said('times', '', { ...DATA, times: [] }), /No incident belongs/)
    assert.match(said('plot', 'monitor: m\n', { ...DATA, plots: {}, window: null }), /set `from` and `to`/)
    const second = renderLivePieces(block('times', 'only: TTD\n') + block('plot', 'monitor: <i>\n'), DATA)
    assert.match(second, /There is no monitor "\\<i\\>"/)
  })

  test('what stands around it stays, and what is no piece stays as it is', () => {
    const body = `before\n${block('times', 'only: TTR\n')}after\n\n\`\`\`js\nx\n\`\`\`\n`
    const out = renderLivePieces(body, DATA)
    assert.match(out, /^before\n\n\| Duration/)
    assert.match(out, /\|\n\nafter\n\n```js\nx\n```\n$/)
    assert.equal(renderLivePieces('no piece\r\n', DATA), 'no piece\r\n')
    assert.ok(hasPiece(body, 'times') && !hasPiece(body, 'plot') && !hasPiece(block('plot'), 'plot'))
    // Every table is one for other readers too.
    const html = new MarkdownIt('default').render(
      renderLivePieces(['timeline', 'times', 'graph', 'actions'].map((one) => block(one)).join('\n'), DATA),
    )
    assert.equal(html.match(/<table>/g)?.length, 5)
    assert.ok(!html.includes('<b>'))
  })
})

test('stretches: neighbours of one state are one, the worst of a minute counts, gaps stay gaps', () => {
  const point = (minute: number, more: Partial<HistoryPoint>): HistoryPoint => ({
    at: minute * MINUTE,
    ...{
      upMs: 0,
      degradedMs: 0,
      downMs: 0,
      unknownMs: 0,
      maintenanceMs: 0,
      checks: 1,
      tookMs: 5,
      tookMaxMs: 9,
    },
    ...more,
  })
  const up = { upMs: MINUTE }
  const points = [
    point(0, up),
    point(1, { ...up, tookMaxMs: 70 }),
    point(2, { upMs: 1, downMs: 1, tookMs: null, tookMaxMs: null }),
    point(3, {}),
    point(4, { maintenanceMs: 1 }),
    point(5, { ...up, upMs: 20_000 }),
  ]
  assert.deepEqual(
    stretchesOf(points, 30_000, 10 * MINUTE).map(({ from, to, state, slowest }) => [
      from,
      to,
      state,
      slowest,
    ]),
    [
      [30_000, 2 * MINUTE, 'up', 70],
      [2 * MINUTE, 3 * MINUTE, 'down', null],
      [4 * MINUTE, 5 * MINUTE, 'maintenance', 9],
      [5 * MINUTE, 5 * MINUTE + 20_000, 'up', 9],
    ],
  )
})

test('what is live comes from the incident, and of an import from its document', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  try {
    const ana = person('ana')
    const { id: incidentId } = await openIncident(it.world, ana, {
      ...{ title: 'x', severity: 'SEV1', serviceIds: ['docs'], impactStart: START - MINUTE },
    })
    const note = await addNote(it.world, ana, { incidentId, text: 'restarted db' })
    await addNote(it.world, ana, { incidentId, text: 'restarted web', corrects: note.id })
    const { id } = await draftPostmortem(it.world, ana, { incidentId })
    const action = { title: 'Look', type: 'detect' as const, criterion: 'It pages.', owner: 'ana' }
    await addAction(it.world, ana, { ...action, postmortemId: id })
    const body =
      ['timeline', 'times', 'graph', 'actions'].map((one) => block(one)).join('\n') +
      block('plot', 'monitor: nope\n')
    const data = await readLiveData(it.world, { ...(await findPostmortem(it.store.read, id))!, body })
    assert.equal(data.window!.from, new Date(START - 31 * MINUTE).toISOString())
    assert.deepEqual(data.plots, { 4: null })
    const out = renderLivePieces(body, data)
    for (const part of [
      '~~restarted db~~',
      'restarted web',
      '| impact start | 2026-01-08 11:59 UTC |',
      'not recorded',
      '| Documentation |  | hit |',
      '| Look | detect | Ana Secret |',
      'There is no monitor "nope"',
    ])
      assert.ok(out.includes(part), part)
    const text =
      '# Outage of 2018\n\n## Timeline\n\n- 2018-11-20 05:00 UTC: the certificate expired\n- 2018-11-20 10:00 UTC: somebody told us\n\n## Root cause\n\nThe renewal hung.\n'
    const imported = await importPostmortem(it.world, ana, { name: 'old.md', content: text })
    const old = (await findPostmortem(it.store.read, imported.postmortemIds[0]!))!
    const told = renderLivePieces(block('timeline') + block('times'), await readLiveData(it.world, old))
    assert.match(told, /\| 2018-11-20 05:00 UTC \| the certificate expired \|/)
    assert.match(told, /No incident belongs to this post-mortem/)
    assert.deepEqual([old.draftDueAt, old.dueAt], [null, null])
  } finally {
    await it.close()
  }
})
