import type { Millis } from '../../kit/clock.ts'
import { formatDuration } from '../../kit/duration.ts'
import type { Beat } from './beat.ts'

/** A start of the peer that has been heard. */
export interface KnownInstance {
  instance: string
  counter: number
  done: number
  expected: number
}

/** What has been heard of a peer; JSON, kept on disk. */
export interface HeardPeer {
  /** Beats taken, of all instances. */
  beats: number
  /** Sums over all instances, which only grow. */
  done: number
  expected: number
  /** The newest beat, and when it came by the listener's clock. */
  last: Beat | null
  lastAt: Millis | null
  /** The newest last. */
  instances: KnownInstance[]
  /** What an instance that is not known yet has to repeat. */
  challenge: string
}

export const BEAT_REASONS = [
  'next',
  'first-of-instance',
  'replayed',
  'reordered',
  'challenge-wanted',
] as const
export type BeatReason = (typeof BEAT_REASONS)[number]

export interface BeatOutcome {
  taken: boolean
  reason: BeatReason
  heard: HeardPeer
}

// Replicas and restarts: what is forgotten has to answer a challenge again, so that few are enough.
const INSTANCES_KEPT = 16

/** A peer of which nothing has been heard. */
export function neverHeard(challenge: string): HeardPeer {
  return { beats: 0, done: 0, expected: 0, last: null, lastAt: null, instances: [], challenge }
}

/**
 * Takes a beat whose signature is right. Within an instance the counter must rise; an instance that is not known
 * must repeat a challenge first, so that nothing recorded earlier can be played again. No clock decides.
 */
export function takeBeat(heard: HeardPeer, beat: Beat, now: Millis, nextChallenge: string): BeatOutcome {
  const known = heard.instances.find(({ instance }) => instance === beat.instance)
  const refused = (reason: BeatReason): BeatOutcome => ({ taken: false, reason, heard })
  if (known && beat.counter === known.counter) return refused('replayed')
  if (known && beat.counter < known.counter) return refused('reordered')
  if (!known && beat.challenge !== heard.challenge) return refused('challenge-wanted')
  const { instance, counter, done, expected } = beat
  const others = heard.instances.filter((one) => one !== known)
  return {
    taken: true,
    reason: known ? 'next' : 'first-of-instance',
    heard: {
      beats: heard.beats + 1,
      done: heard.done + Math.max(0, done - (known?.done ?? 0)),
      expected: heard.expected + Math.max(0, expected - (known?.expected ?? 0)),
      last: beat,
      lastAt: now,
      instances: [...others, { instance, counter, done, expected }].slice(-INSTANCES_KEPT),
      challenge: known ? heard.challenge : nextChallenge,
    },
  }
}

/** What the listener knows by listening; its own absences are not held against the peer. */
export interface PeerWatch {
  beats: number
  /** Time listened since the last beat. */
  quietMs: Millis
  done: number
  /** What was expected when `done` last moved. */
  expectedThen: number
  /** Time listened since `done` last moved. */
  stuckMs: Millis
}

/** A watch that begins now. */
export function beginWatch(heard: HeardPeer): PeerWatch {
  return { beats: heard.beats, quietMs: 0, done: heard.done, expectedThen: heard.expected, stuckMs: 0 }
}

/** Goes on with a watch after `listenedMs` in which beats would have been heard. */
export function goOnWatching(watch: PeerWatch, heard: HeardPeer, listenedMs: Millis): PeerWatch {
  const passed = Math.max(0, listenedMs)
  const beaten = heard.beats !== watch.beats
  const moved = heard.done !== watch.done
  return {
    beats: heard.beats,
    quietMs: beaten ? 0 : watch.quietMs + passed,
    done: heard.done,
    expectedThen: moved ? heard.expected : watch.expectedThen,
    stuckMs: moved ? 0 : watch.stuckMs + passed,
  }
}

export interface PeerLimits {
  /** Without a beat for this long it counts as dead. */
  silence: Millis
  /** Alive without any progress for this long counts as broken. */
  stalled: Millis
}

export const PEER_REASONS = [
  'ok',
  'peer.never-heard',
  'peer.silent',
  'peer.stopped',
  'peer.blocked',
  'peer.engine-stalled',
  'peer.not-checking',
] as const
export type PeerReason = (typeof PEER_REASONS)[number]

export interface PeerJudgement {
  well: boolean
  reason: PeerReason
  summary: string
}

// A single check that was due may still be under way.
const OWED = 2

/** How a peer is, from what has been heard and for how long it has been listened. */
export function judgePeer(heard: HeardPeer, watch: PeerWatch, limits: PeerLimits): PeerJudgement {
  const { last } = heard
  const ill = (reason: PeerReason, summary: string): PeerJudgement => ({ well: false, reason, summary })
  const quiet = formatDuration(watch.quietMs)
  if (watch.quietMs > limits.silence) {
    if (!last) return ill('peer.never-heard', `not one sign of life has come in ${quiet} of listening`)
    if (last.stopping)
      return ill('peer.stopped', `it was stopped in order ${quiet} ago and has not come back`)
    return ill('peer.silent', `no sign of life for ${quiet}: dead, frozen, or cut off`)
  }
  if (!last) return { well: true, reason: 'ok', summary: `nothing heard yet, waiting for ${quiet}` }
  if (last.blockedMs > limits.stalled)
    return ill('peer.blocked', `its event loop has not moved for ${formatDuration(last.blockedMs)}`)
  if (last.engineAgeMs > limits.stalled)
    return ill(
      'peer.engine-stalled',
      `a loop of its engine has not come round for ${formatDuration(last.engineAgeMs)}`,
    )
  const owed = heard.expected - watch.expectedThen
  if (watch.stuckMs > limits.stalled && owed >= OWED)
    return ill(
      'peer.not-checking',
      `it is alive, but no check has been stored for ${formatDuration(watch.stuckMs)} while ${Math.floor(owed)} were due`,
    )
  return {
    well: true,
    reason: 'ok',
    summary: `beat ${last.counter}, ${last.done} checks stored of ${Math.floor(last.expected)} expected, ${last.alertsOpen} alerts open`,
  }
}
