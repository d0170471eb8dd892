import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { decideByHand, decideSettlement, mayChangeProof, SETTLEMENTS } from './action-state.rules.ts'
import { type TabledAction, withActions } from './actions-table.rules.ts'
import { postmortemsConfig } from './config.ts'
import { ACTION_STATES, type ActionState, POSTMORTEM_STATES } from './postmortem.ts'
import { decidePostmortemMove } from './postmortem-state.rules.ts'
import { PROMPT, plainLine, prompt, SECTIONS, sectionState, splitSections } from './sections.rules.ts'

describe('sections', () => {
  test('are split at second-level headings, but not inside code', () => {
    const text =
      '# Title\nintro\n## Summary ##\n\na\n```\n## not a heading\n```\n### deeper\n## Root cause\nb'
    assert.deepEqual(
      splitSections(text).map(({ title, line, body }) => [title, line, body]),
      [
        ['Summary', 2, 'a\n```\n## not a heading\n```\n### deeper'],
        ['Root cause', 9, 'b'],
      ],
    )
  })

  test('a section is written once its prompt is gone and words are there', () => {
    const table: [string, string][] = [
      ['## Summary\n\nIt broke.', 'written'],
      ['## summary\n\nIt broke.', 'written'],
      ['## Summary\n\n', 'empty'],
      [`## Summary\n\n${prompt('x')}`, 'prompt-left'],
      [`## Summary\n\nIt broke.\n\n${prompt('x')}`, 'prompt-left'],
      ['## Impact\n\nx', 'missing'],
      ['```\n## Summary\nx\n```', 'missing'],
      [`## Summary\n\nIt broke.\n## Impact\n${prompt('x')}`, 'written'],
    ]
    for (const [body, expected] of table) assert.equal(sectionState(body, 'Summary'), expected, body)
  })

  test('text from elsewhere is one line that Markdown shows as it is', () => {
    const markdown = new MarkdownIt({ html: true, linkify: true })
    const decode = (text: string) =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'<>&#|*_`[]()!~-+=:1.) \nab/\\"') })),
        (text) => {
          const plain = plainLine(text)
          assert.ok(!plain.includes('\n'))
          assert.ok(!plain.includes(PROMPT))
          const shown = decode(markdown.render(`- ${plain} end`))
          assert.equal(
            shown,
            `<ul>\n<li>${`${text.replaceAll('\u0000', '\ufffd')} end`.replaceAll(/\s+/g, ' ').trim()}</li>\n</ul>\n`,
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the state of a post-mortem', () => {
  const written = SECTIONS.map((name) => `## ${name}\n\nwords\n`).join('\n')
  const action = (state: ActionState) => ({ id: state, title: `a ${state} one`, state })

  test('every way, and no other', () => {
    const ways = POSTMORTEM_STATES.flatMap((from) =>
      POSTMORTEM_STATES.filter(
        (to) => decidePostmortemMove({ state: from, body: written }, to, []).outcome === 'move',
      ).map((to) => `${from} → ${to}`),
    )
    assert.deepEqual(ways, [
      'draft → in review',
      'in review → draft',
      'in review → reviewed',
      'reviewed → in review',
      'reviewed → closed',
      'closed → reviewed',
    ])
  })

  test('a review needs summary and root cause', () => {
    const decision = decidePostmortemMove(
      { state: 'draft', body: `## Summary\n\n${prompt('x')}` },
      'in review',
      [],
    )
    assert.deepEqual(decision, {
      outcome: 'refuse',
      reason: 'sections-missing',
      sections: [
        { name: 'Summary', state: 'prompt-left' },
        { name: 'Root cause', state: 'missing' },
      ],
    })
    assert.equal(
      decidePostmortemMove({ state: 'in review', body: '' }, 'reviewed', []).reason,
      'sections-missing',
    )
    assert.equal(decidePostmortemMove({ state: 'in review', body: '' }, 'draft', []).outcome, 'move')
  })

  test('closing waits for every action to be proved or dropped', () => {
    for (const state of ACTION_STATES) {
      const decision = decidePostmortemMove({ state: 'reviewed', body: written }, 'closed', [
        action('proved'),
        action(state),
      ])
      assert.equal(decision.outcome, state === 'proved' || state === 'dropped' ? 'move' : 'refuse', state)
    }
  })
})

describe('the state of an action', () => {
  test('nobody proves by hand', () => {
    for (const from of ACTION_STATES)
      for (const to of ['proved', 'refuted', 'stale'] as const)
        assert.equal(decideByHand(from, to).reason, 'proof-required')
    assert.deepEqual(
      ACTION_STATES.map((from) => decideByHand(from, 'claimed').reason),
      ['allowed', 'already-there', 'proved-already', 'allowed', 'allowed', 'dropped'],
    )
    assert.deepEqual(
      ACTION_STATES.map((from) => decideByHand(from, 'open').outcome),
      ['refuse', 'take-back', 'refuse', 'refuse', 'refuse', 'take-back'],
    )
    assert.deepEqual(ACTION_STATES.filter(mayChangeProof), ['open', 'refuted', 'dropped'])
  })

  test('what a drill decides, state by state', () => {
    const said = (state: ActionState) =>
      SETTLEMENTS.map((outcome) => {
        const decision = decideSettlement(state, outcome)
        return decision.outcome === 'move' ? `${decision.told} → ${decision.to}` : decision.reason
      })
    assert.deepEqual(Object.fromEntries(ACTION_STATES.map((state) => [state, said(state)])), {
      open: ['not-claimed', 'not-claimed', 'not-claimed', 'not-proved'],
      claimed: ['proved → proved', 'refuted → refuted', 'refuted → refuted', 'not-proved'],
      proved: ['still-proved', 'reopened → open', 'reopened → open', 'stale → stale'],
      refuted: ['proved → proved', 'still-refuted', 'still-refuted', 'not-proved'],
      stale: ['proved → proved', 'reopened → open', 'reopened → open', 'not-proved'],
      dropped: ['dropped', 'dropped', 'dropped', 'dropped'],
    })
  })

  test('along any path, only a passed drill leads to proved', () => {
    const step = fc.oneof(
      fc.record({ by: fc.constant('drill' as const), what: fc.constantFrom(...SETTLEMENTS) }),
      fc.record({ by: fc.constant('hand' as const), what: fc.constantFrom(...ACTION_STATES) }),
    )
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let state: ActionState = 'open'
        for (const { by, what } of steps) {
          const before: ActionState = state
          if (by === 'drill') {
            const decision = decideSettlement(state, what as never)
            if (decision.outcome === 'move') state = decision.to
          } else {
            const decision = decideByHand(state, what as ActionState)
            if (decision.outcome === 'claim') state = 'claimed'
            if (decision.outcome === 'drop') state = 'dropped'
            if (decision.outcome === 'take-back') state = 'open'
          }
          if (state === 'proved' && before !== 'proved') assert.deepEqual([by, what], ['drill', 'proved'])
        }
      }),
    )
  })
})

describe('the actions in an export', () => {
  const action: TabledAction = {
    title: 'Watch | the name',
    type: 'detect',
    owner: { name: 'Ana <b>' },
    dueAt: '2026-02-01T00:00:00.000Z',
    with: null,
    criterion: 'a wrong name\npages',
    state: 'open',
    note: null,
  }
  const row = '| Watch \\| the name | detect | Ana \\<b\\> | 2026-02-01 | a wrong name pages | open |'

  test('stand in their section, in the place of its prompt, and beside what people wrote there', () => {
    const body = `## Actions\n\n${prompt('x')}\n\nWe agreed.\n\n## Takeaways\n\nEnd.`
    const out = withActions(body, [action])
    assert.ok(out.includes(row))
    assert.ok(!out.includes(PROMPT))
    assert.deepEqual(
      splitSections(out).map(({ title }) => title),
      ['Actions', 'Takeaways'],
    )
    assert.ok(out.indexOf('We agreed.') < out.indexOf(row) && out.indexOf(row) < out.indexOf('## Takeaways'))
  })

  test('get a section of their own where there is none; without actions nothing changes', () => {
    assert.ok(withActions('words', [action]).startsWith('words\n\n## Actions\n\n| Action |'))
    assert.equal(withActions('words', []), 'words')
    const told = withActions('', [{ ...action, note: 'proved at https://b.example' }])
    assert.ok(told.includes('| open (proved at https://b.example) |'))
  })

  test('say with whom they are as soon as one of them is with somebody', () => {
    const lines = withActions('', [{ ...action, with: 'Disks | Co, promised 2026-02-02' }, action]).split(
      '\n',
    )
    const cells = lines.filter((line) => line.startsWith('|')).map((line) => line.split(' | ')[3])
    assert.deepEqual(cells.slice(0, 3), ['With', '---', 'Disks \\| Co, promised 2026-02-02'])
    assert.ok(lines.at(-2)!.includes('| Ana \\<b\\> |  | 2026-02-01 |'))
  })
})

test('the configuration', () => {
  assert.equal(postmortemsConfig.parse({ reviewWithin: '5d' }).reviewWithin, 432_000_000)
  for (const bad of [{ reviewWithin: 'soon' }, { draftFor: ['SEV9'] }, { x: 1 }])
    assert.equal(postmortemsConfig.safeParse(bad).success, false)
})
