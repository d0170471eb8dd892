import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAY } from '../../kit/duration.ts'
import { ACTION_STATES } from '../postmortem.ts'
import { prompt } from '../sections.rules.ts'
import {
  decideAcceptance,
  LONGEST_ACCEPTANCE,
  likeness,
  matchItems,
  readItems,
  stateByAction,
  suggestAction,
} from './items.rules.ts'

const texts = (section: string, name = 'What went wrong') =>
  readItems(`## Summary\n\n- no item\n\n## ${name}\n\n${section}\n\n## Takeaways\n\n- nor this\n`).map(
    ({ text }) => text,
  )

describe('what went well, wrong or by luck', () => {
  test('each point of a list is an item, with what hangs below it', () => {
    assert.deepEqual(
      texts('- The **name** was\n  not asked for.\n- Half of the pool\n  - at once\n  - at night\n- last'),
      ['The name was not asked for.', 'Half of the pool at once at night', 'last'],
    )
    assert.deepEqual(texts('1. one\n2) two\n* three\n+ four'), ['one', 'two', 'three', 'four'])
    assert.deepEqual(texts('Of two kinds:\n\n- one\n\n  more of one\n\n- two\n\nThat is all.'), [
      'one more of one',
      'two',
    ])
  })

  test('without a list, each paragraph is one', () => {
    assert.deepEqual(texts('The pager\nwas silent.\n\nNobody knew.'), [
      'The pager was silent.',
      'Nobody knew.',
    ])
  })

  test('prompts, code and empty points are none; what stands twice is one', () => {
    assert.deepEqual(texts(prompt('what stood in the way.')), [])
    assert.deepEqual(texts('- same\n- same\n-  \n- **\n\n```\n- code\n```'), ['same'])
    assert.deepEqual(texts(`- real\n- ${prompt('more')}`), ['real'])
    assert.deepEqual(texts(''), [])
  })

  test('their section tells what they are', () => {
    const body = '## Where we got lucky\n\n- l\n\n## What went well\n\n- w\n\n## What went wrong\n\n- x\n'
    assert.deepEqual(readItems(body), [
      { kind: 'well', text: 'w' },
      { kind: 'wrong', text: 'x' },
      { kind: 'lucky', text: 'l' },
    ])
  })

  test('a very long one is cut', () => {
    assert.equal(texts(`- ${'word '.repeat(400)}`)[0]!.length, 500)
  })
})

describe('items of an edited text', () => {
  const known = [
    { id: 'a', kind: 'lucky' as const, text: 'The backup was a day old by chance', inText: true },
    { id: 'b', kind: 'lucky' as const, text: 'Ana was awake', inText: true },
    { id: 'c', kind: 'wrong' as const, text: 'Nobody watched the growth', inText: true },
  ]
  const lucky = (text: string) => ({ kind: 'lucky' as const, text })

  test('stay the same when they are reworded, moved or left as they were', () => {
    const { kept, added, gone } = matchItems(known, [
      lucky('Ana was awake'),
      lucky('By chance the backup was only a day old'),
      { kind: 'wrong', text: 'Nobody watched its growth' },
    ])
    assert.deepEqual(
      kept.map(({ id, position }) => [id, position]),
      [
        ['b', 0],
        ['a', 1],
        ['c', 2],
      ],
    )
    assert.deepEqual([added, gone], [[], []])
  })

  test('are new when little is left of them, and gone when the text lost them', () => {
    const { kept, added, gone } = matchItems(known, [lucky('Traffic was low'), lucky('Ana was awake')])
    assert.deepEqual(
      [kept.map(({ id }) => id), added.map(({ text }) => text), gone],
      [['b'], ['Traffic was low'], ['a', 'c']],
    )
  })

  test('come back to what became of them', () => {
    const away = known.map((one) => ({ ...one, inText: false }))
    const { kept, gone } = matchItems(away, [lucky('Ana was awake')])
    assert.deepEqual([kept.map(({ id }) => id), gone], [['b'], []])
  })

  test('the kind counts: luck does not become what went wrong', () => {
    assert.deepEqual(matchItems(known, [{ kind: 'wrong', text: 'Ana was awake' }]).added.length, 1)
  })

  test('two points do not share one item', () => {
    const { kept, added } = matchItems(known, [lucky('Ana was awake'), lucky('Ana was awake too')])
    assert.deepEqual([kept.length, added.length], [1, 1])
  })

  test('likeness', () => {
    assert.equal(likeness('a b', 'B, a!'), 1)
    assert.equal(likeness('a b', 'c d'), 0)
    assert.equal(likeness('', ''), 0)
    assert.equal(likeness('été là', 'là'), 0.5)
  })
})

test('what an item might become', () => {
  const suggest = (kind: 'well' | 'wrong' | 'lucky', text: string) => suggestAction({ kind, text }).type
  assert.equal(suggest('wrong', 'No alert looked at the growth'), 'detect')
  assert.equal(suggest('wrong', 'The contact list was old'), 'process')
  assert.equal(suggest('lucky', 'Only half of the pool was rebooted'), 'prevent')
  assert.equal(suggest('well', 'Ana answered at once'), 'process')
  assert.equal(suggestAction({ kind: 'wrong', text: 'x'.repeat(300) }).title.length, 120)
})

test('a risk is as its action is', () => {
  assert.deepEqual(
    ACTION_STATES.map((state) => [state, stateByAction(state)]),
    [
      ['open', 'has-action'],
      ['claimed', 'has-action'],
      ['proved', 'proved'],
      ['refuted', 'has-action'],
      ['stale', 'has-action'],
      ['dropped', 'open'],
    ],
  )
})

test('what may be accepted, and until when', () => {
  const decide = (
    kind: 'well' | 'lucky',
    state: 'open' | 'accepted' | 'has-action' | 'proved',
    until: number,
  ) => decideAcceptance({ kind, state }, until, DAY).reason
  assert.equal(decide('lucky', 'open', 2 * DAY), 'allowed')
  assert.equal(decide('lucky', 'accepted', 2 * DAY), 'allowed')
  assert.equal(decide('well', 'open', 2 * DAY), 'not-luck')
  assert.equal(decide('lucky', 'has-action', 2 * DAY), 'has-action')
  assert.equal(decide('lucky', 'proved', 2 * DAY), 'proved')
  assert.equal(decide('lucky', 'open', DAY), 'in-the-past')
  assert.equal(decide('lucky', 'open', DAY + LONGEST_ACCEPTANCE), 'allowed')
  assert.equal(decide('lucky', 'open', DAY + LONGEST_ACCEPTANCE + 1), 'too-long')
})
