import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { VERDICTS, type Verdict } from '../observation.ts'
import { judgePlaces, type PlaceView } from './quorum.rules.ts'

const NOW = 1_000_000
const FRESH = 60_000

type Said = Verdict | 'old' | 'nothing'

function views(said: Record<string, Said>): PlaceView[] {
  return Object.entries(said).flatMap(([place, verdict]) => {
    if (verdict === 'nothing') return []
    const old = verdict === 'old'
    return {
      place,
      at: NOW - (old ? FRESH + 1 : 1_000),
      verdict: old ? 'up' : verdict,
      reason: verdict === 'up' || old ? 'ok' : `is-${verdict}`,
      summary: `${place} is ${verdict}`,
    }
  })
}
const judge = (said: Record<string, Said>, quorum: number) => {
  const { verdict, reason } = judgePlaces(views(said), { names: Object.keys(said), quorum }, NOW, FRESH)
  return `${verdict} ${reason}`
}

const TABLE: [said: Record<string, Said>, quorum: number, expected: string][] = [
  [{ here: 'up', cern: 'up', outside: 'up' }, 2, 'up ok'],
  [{ here: 'up', cern: 'up', outside: 'down' }, 2, 'up ok'],
  [{ here: 'up', cern: 'down', outside: 'down' }, 2, 'down place.outside-only'],
  [{ here: 'up', cern: 'down', outside: 'down' }, 3, 'degraded place.outside-only'],
  [{ here: 'down', cern: 'up', outside: 'up' }, 2, 'degraded place.inside-only'],
  [{ here: 'down', cern: 'up', outside: 'up' }, 1, 'down place.inside-only'],
  [{ here: 'down', cern: 'down', outside: 'up' }, 2, 'down is-down'],
  [{ here: 'down', cern: 'degraded', outside: 'up' }, 2, 'degraded is-down'],
  [{ here: 'down', cern: 'down', outside: 'down' }, 3, 'down is-down'],
  [{ here: 'up', outside: 'down' }, 1, 'down place.outside-only'],
  [{ here: 'up', outside: 'down' }, 2, 'degraded place.outside-only'],
  [{ here: 'up', outside: 'old' }, 1, 'unknown place.silent'],
  [{ here: 'up', outside: 'nothing' }, 1, 'unknown place.silent'],
  [{ here: 'up', outside: 'unknown' }, 1, 'unknown place.silent'],
  [{ here: 'up', outside: 'old' }, 2, 'up ok'],
  [{ here: 'up', cern: 'up', outside: 'old' }, 2, 'up ok'],
  [{ here: 'up', cern: 'old', outside: 'old' }, 2, 'unknown place.silent'],
  [{ here: 'old', cern: 'down', outside: 'down' }, 2, 'down is-down'],
  [{ cern: 'down', outside: 'up' }, 1, 'down is-down'],
  [{ here: 'nothing', outside: 'nothing' }, 1, 'unknown place.silent'],
]

describe('what several places say together', () => {
  for (const [said, quorum, expected] of TABLE)
    test(`${quorum} of ${JSON.stringify(said)}: ${expected}`, () =>
      assert.equal(judge(said, quorum), expected))

  test('never down below the quorum, never up where the silent could tip the scales', () => {
    const said = fc.constantFrom<Said>(...VERDICTS, 'old', 'nothing')
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 6 }), fc.nat({ max: 5 }), (all, pick) => {
        const places = Object.fromEntries(all.map((one, i) => [i === 0 ? 'here' : `p${i}`, one]))
        const quorum = (pick % all.length) + 1
        const [verdict] = judge(places, quorum).split(' ')
        const downs = all.filter((one) => one === 'down').length
        const bad = all.filter((one) => one === 'down' || one === 'degraded').length
        const unknown = all.filter((one) => one === 'old' || one === 'nothing' || one === 'unknown').length
        if (verdict === 'down') assert.ok(downs >= quorum)
        if (verdict === 'up') assert.ok(bad + unknown < quorum)
        if (bad >= quorum) assert.notEqual(verdict, 'up')
      }),
      { numRuns: 5_000 },
    )
  })
})
