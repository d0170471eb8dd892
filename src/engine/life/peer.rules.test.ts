import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Beat, isBeatSigned, parseBeat, peerOfAddress, signBeat } from './beat.ts'
import { ExpectedLedger } from './ledger.ts'
import {
  beginWatch,
  goOnWatching,
  type HeardPeer,
  judgePeer,
  neverHeard,
  type PeerWatch,
  takeBeat,
} from './peer.rules.ts'

const LIMITS = { silence: 60_000, stalled: 90_000 }
const KEY = 'a-key-that-both-sides-share-0123456789'

function beat(counter: number, more: Partial<Beat> = {}): Beat {
  return {
    instance: 'one',
    counter,
    sentAt: 0,
    done: 0,
    expected: 0,
    cursor: 0,
    alertsOpen: 0,
    blockedMs: 0,
    engineAgeMs: 0,
    stopping: false,
    ...more,
  }
}

/** A peer that is heard and watched, a step at a time. */
function listener() {
  let heard: HeardPeer = neverHeard('first')
  let watch: PeerWatch = beginWatch(heard)
  return {
    hear(next: Beat) {
      const outcome = takeBeat(heard, next, 0, 'next')
      heard = outcome.heard
      return outcome.reason
    },
    listen(ms: number) {
      watch = goOnWatching(watch, heard, ms)
      return judgePeer(heard, watch, LIMITS).reason
    },
    heard: () => heard,
  }
}

describe('beats are taken in order, and once', () => {
  test('a new instance answers the challenge; then the counter rises', () => {
    const it = listener()
    assert.equal(it.hear(beat(1)), 'challenge-wanted')
    assert.equal(it.hear(beat(1, { challenge: 'wrong' })), 'challenge-wanted')
    assert.equal(it.hear(beat(1, { challenge: 'first' })), 'first-of-instance')
    assert.equal(it.hear(beat(2)), 'next')
    assert.equal(it.hear(beat(5)), 'next')
    assert.equal(it.hear(beat(5)), 'replayed')
    assert.equal(it.hear(beat(4)), 'reordered')
    assert.equal(it.heard().beats, 3)
  })

  test('a spent challenge opens to no other instance', () => {
    const it = listener()
    it.hear(beat(1, { challenge: 'first' }))
    assert.equal(it.hear(beat(1, { instance: 'two', challenge: 'first' })), 'challenge-wanted')
    assert.equal(it.hear(beat(1, { instance: 'two', challenge: 'next' })), 'first-of-instance')
  })

  test('no recording, in whatever order it is played, moves anything a second time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat({ max: 39 }), { maxLength: 60 }),
        (counters, replays) => {
          const it = listener()
          const sent = counters.map((counter, i) => beat(counter, i === 0 ? { challenge: 'first' } : {}))
          for (const one of sent) it.hear(one)
          const before = it.heard()
          for (const i of replays) it.hear(sent[i % sent.length]!)
          assert.deepEqual(it.heard(), before)
        },
      ),
    )
  })

  test('work done is added up over restarts and replicas, and never goes back', () => {
    const it = listener()
    it.hear(beat(1, { challenge: 'first', done: 10, expected: 12 }))
    it.hear(beat(2, { done: 15, expected: 20 }))
    it.hear(beat(1, { instance: 'two', challenge: 'next', done: 3, expected: 3 }))
    it.hear(beat(3, { done: 1, expected: 1 }))
    assert.deepEqual([it.heard().done, it.heard().expected], [18, 23])
  })
})

describe('how a peer is', () => {
  const table: [what: string, play: (it: ReturnType<typeof listener>) => string, reason: string][] = [
    ['nothing yet, and little time', (it) => it.listen(59_000), 'ok'],
    ['nothing at all', (it) => it.listen(61_000), 'peer.never-heard'],
    [
      'silent after beats',
      (it) => {
        it.hear(beat(1, { challenge: 'first' }))
        it.listen(1_000)
        return it.listen(61_000)
      },
      'peer.silent',
    ],
    [
      'silent after goodbye',
      (it) => {
        it.hear(beat(1, { challenge: 'first', stopping: true }))
        it.listen(1_000)
        return it.listen(61_000)
      },
      'peer.stopped',
    ],
    [
      'blocked, and said so by its watchdog',
      (it) => {
        it.hear(beat(1, { challenge: 'first', blockedMs: 91_000 }))
        return it.listen(1_000)
      },
      'peer.blocked',
    ],
    [
      'a loop that hangs',
      (it) => {
        it.hear(beat(1, { challenge: 'first', engineAgeMs: 91_000 }))
        return it.listen(1_000)
      },
      'peer.engine-stalled',
    ],
    [
      'alive, and nothing stored though much was due',
      (it) => {
        let reason = ''
        for (let i = 1; i <= 12; i++) {
          it.hear(beat(i, { ...(i === 1 && { challenge: 'first' }), done: 5, expected: 5 + i }))
          reason = it.listen(10_000)
        }
        return reason
      },
      'peer.not-checking',
    ],
    [
      'alive, and nothing stored because nothing was due',
      (it) => {
        let reason = ''
        for (let i = 1; i <= 30; i++) {
          it.hear(beat(i, { ...(i === 1 && { challenge: 'first' }), done: 5, expected: 5.5 }))
          reason = it.listen(10_000)
        }
        return reason
      },
      'ok',
    ],
    [
      'one of two replicas gone',
      (it) => {
        it.hear(beat(1, { challenge: 'first' }))
        it.hear(beat(1, { instance: 'two', challenge: 'next' }))
        let reason = ''
        for (let i = 2; i <= 30; i++) {
          it.hear(beat(i, { instance: 'two', done: i, expected: i }))
          reason = it.listen(10_000)
        }
        return reason
      },
      'ok',
    ],
  ]
  for (const [what, play, reason] of table)
    test(`${what}: ${reason}`, () => assert.equal(play(listener()), reason))

  test('the absence of the listener is not held against anybody', () => {
    const it = listener()
    it.hear(beat(1, { challenge: 'first' }))
    it.listen(1_000)
    for (let i = 0; i < 100; i++) assert.equal(it.listen(0), 'ok')
  })
})

describe('the form of a beat', () => {
  test('what is written is read; the signature is over peer and body', () => {
    const one = beat(3, { challenge: 'c', done: 7 })
    const body = JSON.stringify(one)
    assert.deepEqual(parseBeat(body), one)
    const signed = signBeat(KEY, 'main', body)
    assert.equal(isBeatSigned(KEY, 'main', body, signed), true)
    assert.equal(isBeatSigned(KEY, 'other', body, signed), false)
    assert.equal(isBeatSigned(`${KEY}x`, 'main', body, signed), false)
    assert.equal(isBeatSigned(KEY, 'main', `${body} `, signed), false)
    for (const header of [undefined, '', 'v1=', 'v1=zz', ['v1=00'], signed.toUpperCase()])
      assert.equal(isBeatSigned(KEY, 'main', body, header), false)
  })

  test('anything else is none, and breaks nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => parseBeat(text) === null),
      { numRuns: 3_000 },
    )
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(beat(1))), (value, field) => {
        const mutated = parseBeat(JSON.stringify({ ...beat(1), [field]: value }))
        if (mutated === null) return
        assert.ok(mutated.counter >= 0 && Number.isFinite(mutated.done) && mutated.instance.length <= 200)
      }),
      { numRuns: 5_000 },
    )
  })

  test('the name stands in the address', () => {
    assert.equal(peerOfAddress('/peers/main/beat'), 'main')
    assert.equal(peerOfAddress('/tocsin/peers/main-2/beat'), 'main-2')
    for (const path of ['/', '/peers//beat', '/peers/A/beat', '/peers/main', '/peers/main/beat/x'])
      assert.equal(peerOfAddress(path), null)
  })
})

describe('the ledger of expected checks', () => {
  test('counts by the intervals alone', () => {
    const ledger = new ExpectedLedger(600_000)
    ledger.plan([60_000, 30_000], 0)
    assert.equal(Math.round(ledger.expectedAt(60_000)), 3)
    ledger.plan([60_000], 120_000)
    assert.equal(Math.round(ledger.expectedAt(180_000)), 7)
  })

  test('a jump of the clock adds nothing, in either direction', () => {
    const ledger = new ExpectedLedger(600_000)
    ledger.plan([1_000], 0)
    assert.equal(ledger.expectedAt(3_600_000), 0)
    assert.equal(Math.round(ledger.expectedAt(3_610_000)), 10)
    assert.equal(Math.round(ledger.expectedAt(10_000)), 10)
    assert.equal(Math.round(ledger.expectedAt(20_000)), 20)
  })
})
