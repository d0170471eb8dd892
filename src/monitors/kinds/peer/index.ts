import { z } from 'zod'
import { beatKey, peerLimits } from '../../../engine/life/config.ts'
import {
  beginWatch,
  goOnWatching,
  judgePeer,
  neverHeard,
  PEER_REASONS,
  type PeerWatch,
} from '../../../engine/life/peer.rules.ts'
import { SECOND } from '../../../kit/duration.ts'
import type { Reader } from '../../../store/store.ts'
import type { Observation } from '../../observation.ts'
import { timeoutField } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { findHeard } from './peers.rows.ts'

const schema = z.strictObject({ key: beatKey, ...peerLimits, timeout: timeoutField })
export type PeerSpec = z.output<typeof schema>

/** What one look leaves for the next. */
interface Looked {
  watch: PeerWatch
  at: number
  gap: number
}

/** Another Tocsin, which posts signed signs of life to `/peers/<monitor>/beat`. */
export const peer: MonitorKind<PeerSpec> = {
  kind: 'peer',
  title: 'Another Tocsin',
  description:
    'Waits for the signed, counted signs of life of another Tocsin, and looks whether it is silent, blocked, or alive ' +
    'without storing any check. Two Tocsins that watch each other have one such monitor each. What it sees is what the ' +
    'other says of itself. Give it a short interval and one confirmation: every: 10s, confirm: 1.',
  schema,
  reasons: PEER_REASONS,
  notByHand:
    'signs of life come to a running Tocsin: ask it with GET /api/v1/monitors/NAME, or try the pager with ' +
    '"tocsin watch-peer FILE --test-page"',
  cost: 'none',
  target: () => 'signs of life',
  check,
  cannotSee: [
    {
      failureClass: 'watcher.both-gone',
      why: 'Two Tocsins on one machine or behind one line fall together: put the watcher elsewhere.',
      seenBy: ['peer'],
    },
    {
      failureClass: 'watcher.blind',
      why: 'It hears that checks are stored, not what they are worth: drills show what each monitor would miss.',
      seenBy: [],
    },
  ],
}

// Which monitors this process has looked at before: of the time in which it did not run it knows nothing.
const lookedAt = new WeakMap<Reader, Set<string>>()
const SHORTEST_TRUST = 15 * SECOND
const LONGEST_TRUST = 120 * SECOND

async function check(
  { silence, stalled }: PeerSpec,
  { clock, memory, monitorId, read }: CheckContext,
): Promise<Observation> {
  const now = clock.now()
  const seen = (verdict: Observation['verdict'], reason: string, summary: string): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - now,
    values: {},
  })
  if (!read || !monitorId)
    return seen(
      'unknown',
      'peer.never-heard',
      'beats come to a running Tocsin: there is nothing to check from here',
    )
  const heard = (await findHeard(read, monitorId))?.heard ?? neverHeard('')
  const before = memory as Looked | null
  const known = lookedAt.get(read) ?? new Set<string>()
  const gap = before && known.has(monitorId) ? Math.max(0, now - before.at) : 0
  lookedAt.set(read, known.add(monitorId))
  // A gap far longer than the one before was no interval: the process was asleep, or the clock was set.
  const listened = Math.min(gap, Math.max(SHORTEST_TRUST, 1.5 * (before?.gap ?? 0)))
  const watch = goOnWatching(before?.watch ?? beginWatch(heard), heard, listened)
  const { well, reason, summary } = judgePeer(heard, watch, { silence, stalled })
  const looked: Looked = { watch, at: now, gap: Math.min(gap, LONGEST_TRUST) }
  return {
    ...seen(well ? 'up' : 'down', reason, summary),
    values: {
      quietSeconds: Math.round(watch.quietMs / SECOND),
      checksStored: heard.last?.done ?? null,
      checksExpected: heard.last?.expected ?? null,
      alertsOpen: heard.last?.alertsOpen ?? null,
    },
    memory: looked,
  }
}
