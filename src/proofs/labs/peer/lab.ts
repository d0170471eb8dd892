import { type Beat, isBeatSigned, parseBeat, signBeat } from '../../../engine/life/beat.ts'
import {
  beginWatch,
  goOnWatching,
  judgePeer,
  neverHeard,
  type PeerJudgement,
  takeBeat,
} from '../../../engine/life/peer.rules.ts'
import { SECOND } from '../../../kit/duration.ts'
import type { PeerSpec } from '../../../monitors/index.ts'
import { type Aim, expectsNoServer, type LabProtocol } from '../lab-protocol.ts'

/** Another Tocsin that sends signed signs of life, in time that is only played. */
export const lab: LabProtocol<PeerSpec> = {
  kind: 'peer',
  aim: aimPeer,
  hasNoAddress: true,
  serve: async ({ twist }) => ({ host: '127.0.0.1', port: 0, input: twist ?? 'well', stop: async () => {} }),
}

export type PeerTwist = 'well' | 'silent' | 'replayed' | 'blocked' | 'not-checking'

const GOOD_BEATS = 12
const BETWEEN = 10 * SECOND
// Whoever is not noticed within this time is not noticed by that monitor in any useful time.
const LOOKED = 180 * SECOND

function aimPeer(spec: PeerSpec): Aim {
  return {
    expects: expectsNoServer('peer'),
    changes: [
      'The other Tocsin is played: twelve good signs of life, and then what the fault makes of it.',
      'Three minutes of that are played at once.',
    ],
    at: () => spec,
    async observe(copy, { input }) {
      const { well, reason, summary } = play(copy as PeerSpec, input as PeerTwist)
      return { verdict: well ? 'up' : 'down', reason, summary, tookMs: 0, values: {} }
    },
  }
}

function play(spec: PeerSpec, twist: PeerTwist): PeerJudgement {
  const recorded: { body: string; header: string }[] = []
  let heard = neverHeard('the-challenge')
  let watch = beginWatch(heard)
  // The whole way of a beat: signed, checked, read, and taken or refused.
  const hear = ({ body, header }: { body: string; header: string }) => {
    if (!isBeatSigned(spec.key, 'peer', body, header)) return
    const beat = parseBeat(body)
    if (beat) heard = takeBeat(heard, beat, 0, 'the-next').heard
  }
  const send = (counter: number, more: Partial<Beat> = {}) => {
    const beat: Beat = {
      instance: 'played',
      counter,
      sentAt: 0,
      done: counter * 10,
      expected: counter * 10,
      cursor: 0,
      alertsOpen: 0,
      blockedMs: 0,
      engineAgeMs: 0,
      stopping: false,
      challenge: 'the-challenge',
      ...more,
    }
    const body = JSON.stringify(beat)
    recorded.push({ body, header: signBeat(spec.key, 'peer', body) })
    hear(recorded.at(-1)!)
  }
  let counter = 0
  for (; counter < GOOD_BEATS; ) {
    send(++counter)
    watch = goOnWatching(watch, heard, BETWEEN)
  }
  const lastDone = counter * 10
  for (let passed = BETWEEN; passed <= LOOKED; passed += BETWEEN) {
    if (twist === 'well') send(++counter)
    // Somebody holds the line of a dead peer and plays what was sent before.
    if (twist === 'replayed') hear(recorded[passed / BETWEEN - 1] ?? recorded[0]!)
    if (twist === 'blocked') send(++counter, { done: lastDone, expected: lastDone, blockedMs: passed })
    if (twist === 'not-checking') send(++counter, { done: lastDone, expected: lastDone + passed / SECOND })
    watch = goOnWatching(watch, heard, BETWEEN)
  }
  return judgePeer(heard, watch, spec)
}
