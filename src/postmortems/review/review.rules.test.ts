import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { whoIsReminded } from './recipients.rules.ts'
import {
  blockersOf,
  newestVerdicts,
  type ReviewFacts,
  sameWords,
  sayBlocker,
  standingAgainst,
  standingOf,
  threadsOf,
} from './review.rules.ts'
import type { Comment, GivenVerdict, ThreadMove } from './review.ts'

const said = (
  personId: string,
  verdict: GivenVerdict['verdict'] = 'approved',
  version = 3,
): GivenVerdict => ({
  id: `${personId}-${version}`,
  postmortemId: 'p',
  ...{ personId, verdict, version },
  personName: personId.toUpperCase(),
  reason: '',
  at: version,
})
const asked = (...ids: string[]) => ids.map((personId) => ({ personId, state: 'asked' as const }))
const facts = (more: Partial<ReviewFacts> = {}): ReviewFacts => ({
  need: 1,
  authors: ['ana'],
  reviewers: asked('bo'),
  verdicts: [said('bo')],
  sameText: new Set([3]),
  openThreads: 0,
  ...more,
})

describe('what stands against the end of a review', () => {
  const table: [why: string, facts: ReviewFacts, ...blockers: string[]][] = [
    ['somebody else approved it', facts()],
    ['nobody approved it', facts({ verdicts: [] }), 'none of 1 approval of this text given'],
    ['none is needed', facts({ need: 0, verdicts: [] })],
    [
      'two are needed',
      facts({ need: 2, reviewers: asked('bo', 'cy') }),
      '1 of 2 approvals of this text given',
    ],
    ['the only author approved it', facts({ authors: ['bo'] }), 'none of 1 approval of this text given'],
    ['one of two authors approved it', facts({ authors: ['bo', 'ana'] })],
    [
      'the approval is of an older text',
      facts({ verdicts: [said('bo', 'approved', 2)] }),
      'none of 1 approval of this text given',
    ],
    [
      'the older text says the same',
      facts({ verdicts: [said('bo', 'approved', 2)], sameText: new Set([2, 3]) }),
    ],
    [
      'who approved is no longer asked',
      facts({ reviewers: [{ personId: 'bo', state: 'withdrawn' }] }),
      'none of 1 approval of this text given',
    ],
    [
      'one approves and one asks for changes',
      facts({ reviewers: asked('bo', 'cy'), verdicts: [said('bo'), said('cy', 'changes-asked', 1)] }),
      'CY asks for changes',
    ],
    [
      'who asked for changes is no longer asked',
      facts({ verdicts: [said('bo'), said('cy', 'changes-asked', 1)] }),
    ],
    [
      'who asked for changes approved later',
      facts({ verdicts: [said('bo', 'changes-asked', 2), said('bo')] }),
    ],
    [
      'who approved asked for changes later',
      facts({ need: 0, verdicts: [said('bo'), said('bo', 'changes-asked')] }),
      'BO asks for changes',
    ],
    ['a thread is open', facts({ openThreads: 1 }), '1 thread is open'],
    ['threads are open', facts({ openThreads: 2 }), '2 threads are open'],
  ]
  for (const [why, given, ...blockers] of table)
    test(why, () => assert.deepEqual(blockersOf(given).map(sayBlocker), blockers))

  test('a reason overrules discussions, never the number of approvals', () => {
    const all = blockersOf(
      facts({
        need: 2,
        reviewers: asked('bo', 'cy', 'di'),
        verdicts: [said('bo'), said('cy', 'changes-asked'), said('di', 'changes-asked')],
        openThreads: 1,
      }),
    )
    assert.equal(all.length, 3)
    assert.equal(sayBlocker(all[1]!), 'CY, DI ask for changes')
    assert.deepEqual(standingAgainst(all, false), all)
    assert.deepEqual(
      standingAgainst(all, true).map(({ kind }) => kind),
      ['approvals'],
    )
  })

  test('each approval says why it counts or not', () => {
    assert.equal(standingOf(said('bo'), facts()), 'counts')
    assert.equal(standingOf(said('bo', 'approved', 1), facts()), 'text-changed')
    assert.equal(standingOf(said('bo'), facts({ authors: ['bo'] })), 'only-author')
    assert.equal(standingOf(said('cy'), facts()), 'no-longer-asked')
    assert.equal(newestVerdicts([said('bo', 'changes-asked', 1), said('bo')]).get('bo')!.version, 3)
  })

  test('blanks and breaks are not words', () => {
    const text = { title: 'A', body: 'one\ntwo ' }
    assert.ok(sameWords(text, { title: 'A', body: 'one  two\n' }))
    assert.ok(!sameWords(text, { title: 'A', body: 'one two!' }))
    assert.ok(!sameWords(text, { title: 'B', body: 'one two' }))
  })
})

test('comments become threads: open before the first move, then what the newest says', () => {
  const comment = (id: string, threadId = id): Comment => ({
    ...{ id, threadId, postmortemId: 'p', section: null, quote: null, version: 1 },
    ...{ text: id, actor: 'person:ana', actorName: 'Ana', at: 1 },
  })
  const move = (threadId: string, n: number, state: 'open' | 'resolved'): ThreadMove => ({
    ...{ threadId, n, state, postmortemId: 'p', reason: null, actor: 'person:bo', actorName: 'Bo', at: n },
  })
  const threads = threadsOf(
    [comment('a'), comment('b'), comment('a1', 'a'), comment('a2', 'a')],
    [move('a', 2, 'open'), move('a', 1, 'resolved'), move('a', 3, 'resolved')],
  )
  assert.deepEqual(
    threads.map(({ id, state, replies, moved }) => [id, state, replies.map((one) => one.id), moved?.n ?? 0]),
    [
      ['a', 'resolved', ['a1', 'a2'], 3],
      ['b', 'open', [], 0],
    ],
  )
})

describe('who is reminded', () => {
  const nobody = { authors: [], roleHolders: [], owners: [], reviewers: [], approved: [], against: [] }
  const table: [string, 'draft' | 'review', Partial<typeof nobody> | object, string[], string][] = [
    ['a draft: who writes it', 'draft', { authors: ['ana'], roleHolders: ['bo'] }, ['ana'], 'authors'],
    [
      'a draft that nobody began: who led',
      'draft',
      { roleHolders: ['bo', 'bo'], owners: ['cy'] },
      ['bo'],
      'role-holders',
    ],
    ['else whose service it was', 'draft', { owners: ['cy', 'di', 'cy'] }, ['cy', 'di'], 'owners'],
    ['nobody is known', 'draft', {}, [], 'nobody-known'],
    [
      'reviewers that have not spoken',
      'review',
      { authors: ['ana'], reviewers: ['bo', 'cy', 'di'], approved: ['bo'], against: ['di'] },
      ['cy'],
      'reviewers-pending',
    ],
    [
      'all have spoken: who answers for the text',
      'review',
      { authors: ['ana'], reviewers: ['bo'], approved: ['bo'] },
      ['ana'],
      'authors',
    ],
    [
      'changes are asked for: who can make them',
      'review',
      { authors: ['ana'], reviewers: ['bo'], against: ['bo'] },
      ['ana'],
      'authors',
    ],
    ['nobody was asked', 'review', { authors: ['ana'] }, ['ana'], 'authors'],
  ]
  for (const [why, what, more, people, reason] of table)
    test(why, () => {
      const found = whoIsReminded(what, { ...nobody, ...more })
      assert.deepEqual([found.people, found.reason], [people, reason])
      assert.equal(found.reviewers, reason === 'reviewers-pending')
    })
})
