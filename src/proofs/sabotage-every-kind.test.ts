import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  caughtBy,
  excuse,
  isHow,
  type Learned,
  type Lesson,
  play,
  sabotage,
  settingsOf,
  type Tally,
  unnoticedOf,
} from './sabotage-for-tests.ts'
import { loadWhatChecksUse, STRICT_KINDS } from './strict-monitors-for-tests.ts'

const tallies = new Map<string, Tally>()

/** Lets the same drill be played again, without a world around it. */
async function learn(lesson: Lesson): Promise<Learned> {
  const { kindName, about } = lesson
  const caught = await caughtBy(lesson)
  return {
    caught,
    async without(path, weaker) {
      const again = await play(kindName, weaker, caught, caught)
      // A monitor that is weaker by one expectation must still be satisfied by what is healthy.
      assert.notEqual(again.reason, 'control-failed', `${kindName}, ${about}, ${path}: ${again.summary}`)
      if (again.missed.length > 0) assert.equal(again.outcome, 'failed')
      return again.missed
    },
  }
}

describe('one expectation less', { concurrency: 2 }, () => {
  before(loadWhatChecksUse)

  for (const [kindName, entry] of Object.entries(STRICT_KINDS))
    test(kindName, { ...entry.needs }, async (t) => {
      const tally = await sabotage(kindName, entry, learn)
      tallies.set(kindName, tally)
      for (const said of unnoticedOf(kindName, entry, tally)) t.diagnostic(said)
      const { noticed, unnoticed } = tally
      for (const path of noticed.keys())
        assert.ok(
          !excuse(entry, path),
          `${kindName}: that ${path} is gone is noticed now: no excuse is needed`,
        )
      const covered = (path: string) =>
        isHow(entry, path) ||
        entry.how.some((known) => known.startsWith(`${path}.`)) ||
        excuse(entry, path) !== undefined ||
        [...noticed.keys(), ...unnoticed].some((set) => set === path || set.startsWith(`${path}.`))
      const forgotten = settingsOf(kindName).filter((path) => !covered(path))
      assert.deepEqual(forgotten, [], 'a setting that no strict monitor has: is it an expectation?')
    })

  after((t) => {
    const count = (of: (tally: Tally) => number) =>
      [...tallies.values()].reduce((sum, one) => sum + of(one), 0)
    const noticed = count((tally) => tally.noticed.size)
    const diagnostic = (t as { diagnostic?: (text: string) => void }).diagnostic?.bind(t) ?? console.log
    diagnostic(`sabotages=${noticed + count((tally) => tally.unnoticed.size)} noticed=${noticed}`)
  })
})
