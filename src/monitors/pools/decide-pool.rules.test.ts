import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { VERDICTS, type Verdict } from '../observation.ts'
import { decidePool, membersOf, type PoolDecision, undoAll } from './decide-pool.rules.ts'
import type { PoolPolicy, Standing } from './pool.ts'

const POLICY: PoolPolicy = {
  decide: 'act',
  drainAfter: 3,
  returnAfter: 5,
  floor: { percent: 50 },
  newcomers: 'tested',
}
const LETTERS: Record<string, Verdict> = { g: 'up', w: 'degraded', r: 'down', '?': 'unknown' }

/** Plays rounds such as `gggr`: a letter for each member a, b, c … in order; a dot is no member. */
function play(rounds: string[], policy: Partial<PoolPolicy> = {}, before: Standing[] = []) {
  let standings = before
  let last: PoolDecision | null = null
  const told: string[] = []
  for (const [now, round] of rounds.entries()) {
    const sights = [...round].flatMap((letter, i) =>
      letter === '.' ? [] : [{ member: 'abcdefgh'[i]!, verdict: LETTERS[letter]! }],
    )
    last = decidePool(standings, sights, { ...POLICY, ...policy }, now)
    standings = last.standings
    for (const { member, change, cause } of last.changes) told.push(`${now} ${member} ${change} ${cause}`)
    for (const { member, cause } of last.newlyHeld) told.push(`${now} ${member} held ${cause}`)
  }
  const states = standings.map(({ state }) => ({ in: 'i', drained: 'd', gone: '-' })[state]).join('')
  return { told, states, standings, last: last! }
}

describe('who takes users', () => {
  test('a member is drained after bad checks in a row and returns after good ones', () => {
    const rounds = ['gggg', 'gggr', 'gggr', 'gggr', ...Array(5).fill('gggg')]
    assert.deepEqual(play(rounds).told, ['3 d drained bad-in-a-row', '8 d returned good-in-a-row'])
  })

  test('neither a good check nor one that could not be judged lets a row go on', () => {
    assert.deepEqual(play(['ggrr', 'ggrr', 'ggg?', 'ggrr', 'ggrr']).told, [])
    const drained = play(['gggr', 'gggr', 'gggr']).standings
    assert.equal(play(['gggg', 'gggg', 'gggg', 'ggg?', 'gggg'], {}, drained).states, 'iiid')
    // What works with a warning works.
    assert.equal(play(Array(5).fill('gggw'), {}, drained).states, 'iiii')
  })

  test('the floor holds, says so once, and gives way when another has returned', () => {
    const held = play(['ggrr', 'ggrr', 'ggrr', 'grrr', 'grrr', 'grrr', 'grrr'])
    assert.deepEqual(held.told, ['2 c drained bad-in-a-row', '2 d drained bad-in-a-row', '5 b held floor'])
    assert.equal(held.states, 'iidd')
    const mended = play(Array(5).fill('grgr'), {}, held.standings)
    assert.deepEqual(mended.told, ['4 c returned good-in-a-row', '4 b drained bad-in-a-row'])
  })

  test('a check that calls everybody bad drains nobody', () => {
    const mad = play(Array(20).fill('rrrr'))
    assert.equal(mad.states, 'iiii')
    assert.deepEqual(
      mad.told.map((line) => line.slice(2)),
      ['a', 'b', 'c', 'd'].map((member) => `${member} held none-is-well`),
    )
    // What was drained before stays so, and goes on as it was once the check is sane again.
    const one = play(['gggr', 'gggr', 'gggr'])
    assert.equal(play(Array(20).fill('rrrr'), {}, one.standings).states, 'iiid')
  })

  test('a pool of one is never emptied', () => {
    assert.equal(play(Array(9).fill('r')).states, 'i')
    assert.equal(membersOf({ percent: 0 }, 3), 1)
    assert.equal(membersOf({ count: 9 }, 3), 3)
    assert.equal(membersOf({ percent: 50 }, 0), 0)
  })

  test('who joins later must be seen well first; the first members are trusted', () => {
    const grown = play(['ggg.', 'gggg', 'gggg', 'gggg', 'gggg', 'gggg'])
    assert.deepEqual(grown.told, ['1 d drained not-tested-yet', '5 d returned good-in-a-row'])
    assert.equal(play(['ggg.', 'gggr', 'gggr']).states, 'iiid')
    assert.deepEqual(play(['ggg.', 'gggg'], { newcomers: 'trusted' }).told, [])
    // Where the floor needs it, it takes users untested.
    assert.deepEqual(play(['g.', 'gg'], { floor: { count: 2 } }).told, [])
  })

  test('who leaves is told so, and is a newcomer when it comes back', () => {
    const away = play(['gggr', 'gggr', 'gggr', 'ggg.'])
    assert.deepEqual(away.told.at(-1), '3 d returned left-the-pool')
    assert.equal(away.states, 'iii-')
    assert.deepEqual(play(['ggg.', 'gggg'], {}, away.standings).told, ['1 d drained not-tested-yet'])
  })

  test('a higher floor brings back the least bad', () => {
    const two = play(['gggrr', 'gggrr', 'gggrr', 'ggggr'])
    assert.equal(two.states, 'iiidd')
    assert.deepEqual(play(['ggggr'], { floor: { count: 4 } }, two.standings).told, [
      '0 d returned floor-demands-it',
    ])
  })

  test('a pool that only watches undoes what it did, and drains nobody', () => {
    const drained = play(['gggr', 'gggr', 'gggr']).standings
    assert.deepEqual(play(['gggr', 'gggr'], { decide: 'watch' }, drained).told, [
      '0 d returned decides-no-more',
    ])
    assert.deepEqual(undoAll(drained, 9).changes, [
      { member: 'd', change: 'returned', cause: 'decides-no-more' },
    ])
    assert.deepEqual(undoAll(undoAll(drained, 9).standings, 9).changes, [])
  })
})

describe('whatever the checks say', () => {
  const policy = fc.record({
    decide: fc.constantFrom('act' as const, 'act' as const, 'act' as const, 'watch' as const),
    drainAfter: fc.integer({ min: 1, max: 4 }),
    returnAfter: fc.integer({ min: 1, max: 4 }),
    floor: fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ percent: fc.integer({ min: 0, max: 100 }) }),
    ),
    newcomers: fc.constantFrom('tested' as const, 'trusted' as const),
  })
  // Members come and go, and the policy changes on the way.
  const round = fc.record({
    verdicts: fc.array(fc.option(fc.constantFrom(...VERDICTS), { freq: 4 }), { minLength: 1, maxLength: 8 }),
    policy: fc.option(policy, { freq: 6 }),
  })
  const story = fc.record({ policy, rounds: fc.array(round, { maxLength: 40 }) })

  function everyStep(
    {
      policy,
      rounds,
    }: { policy: PoolPolicy; rounds: { verdicts: (Verdict | null)[]; policy: PoolPolicy | null }[] },
    hold: (step: {
      before: Standing[]
      decision: PoolDecision
      policy: PoolPolicy
      verdicts: Map<string, Verdict>
      history: Map<string, Verdict[]>
    }) => void,
  ) {
    let before: Standing[] = []
    const history = new Map<string, Verdict[]>()
    for (const [now, round] of rounds.entries()) {
      policy = round.policy ?? policy
      const verdicts = new Map<string, Verdict>()
      round.verdicts.forEach((verdict, i) => {
        if (verdict !== null) verdicts.set(`m${i}`, verdict)
      })
      for (const [member, verdict] of verdicts) history.set(member, [...(history.get(member) ?? []), verdict])
      const sights = [...verdicts].map(([member, verdict]) => ({ member, verdict }))
      if (sights.length === 0) continue
      const decision = decidePool(before, sights, policy, now)
      hold({ before, decision, policy, verdicts, history })
      before = decision.standings
    }
  }
  const always = (hold: Parameters<typeof everyStep>[1], runs = 3_000) =>
    fc.assert(
      fc.property(story, (one) => everyStep(one as never, hold)),
      { numRuns: runs },
    )
  const stateOf = (standings: Standing[], member: string) =>
    standings.find((standing) => standing.member === member)?.state

  test('the floor is never broken', () => {
    let drains = 0
    always(({ decision, policy, verdicts }) => {
      const inPool = decision.standings.filter(({ state }) => state === 'in').length
      assert.ok(inPool >= membersOf(policy.floor, verdicts.size))
      assert.ok(inPool >= 1)
      drains += decision.changes.filter(({ change }) => change === 'drained').length
    })
    assert.ok(drains > 1_000, `only ${drains} drains were tried`)
  })

  test('only a row of bad verdicts drains, never one that is unknown, and only while somebody is well', () => {
    always(({ decision, policy, verdicts, history }) => {
      for (const { member, cause } of decision.changes.filter(({ change }) => change === 'drained')) {
        assert.equal(policy.decide, 'act')
        if (cause === 'not-tested-yet') continue
        assert.equal(cause, 'bad-in-a-row')
        const row = history.get(member)!.slice(-policy.drainAfter)
        assert.deepEqual(new Set(row), new Set(['down']))
        const well = decision.standings.filter(
          (other) => other.state === 'in' && ['up', 'degraded'].includes(verdicts.get(other.member)!),
        )
        assert.ok(well.length > 0)
      }
    })
  })

  test('only what we did is undone, and every change is told', () => {
    always(({ before, decision }) => {
      const told = new Map(decision.changes.map((change) => [change.member, change.change]))
      assert.equal(told.size, decision.changes.length)
      for (const { member, state } of decision.standings) {
        const was = stateOf(before, member) ?? 'gone'
        const [isDrained, wasDrained] = [state === 'drained', was === 'drained']
        assert.equal(
          told.get(member),
          isDrained === wasDrained ? undefined : isDrained ? 'drained' : 'returned',
        )
      }
    })
  })

  test('a pool that stays well comes to rest with everybody in it', () => {
    fc.assert(
      fc.property(story, (one) => {
        let last: Standing[] = []
        everyStep(one as never, ({ decision }) => {
          last = decision.standings
        })
        const present = last.filter(({ state }) => state !== 'gone')
        const sights = present.map(({ member }) => ({ member, verdict: 'up' as const }))
        if (sights.length === 0) return
        for (let now = 0; now < 5; now++)
          last = decidePool(last, sights, { ...POLICY, returnAfter: 5 }, 1_000 + now).standings
        assert.ok(last.every(({ state }) => state !== 'drained'))
        const rest = decidePool(last, sights, POLICY, 2_000)
        assert.deepEqual([rest.standings, rest.changes], [last, []])
      }),
    )
  })
})
