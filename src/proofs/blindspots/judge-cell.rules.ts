import type { CellState } from '../../contract/cases.ts'
import type { Millis } from '../../kit/clock.ts'
import { DAY, formatDuration } from '../../kit/duration.ts'

/** One fault of a class against one monitor of the service. */
export interface FaultStanding {
  fault: string
  title: string
  monitorId: string
  /** Whether the monitor, as it is set up, asks for what the fault breaks. */
  looks: boolean
  result: 'caught' | 'missed' | 'unclear' | 'never'
  at: Millis | null
}

/** Something that answers for a class where no fault is played: a route, a place. */
export interface OtherStanding {
  state: 'unseen' | 'unproven' | 'proved' | 'not-exposed'
  reason: string
  at: Millis | null
}

export interface CellInput {
  exposure: readonly string[]
  faults: readonly FaultStanding[]
  other: OtherStanding | null
  /** What a person said last. */
  judgement: { applies: boolean; reason: string; by: string; at: Millis } | null
}

export interface Cell {
  state: CellState
  reason: string
  provedAt: Millis | null
}

/** How long a proof counts. */
export const PROOF_LASTS = 90 * DAY

/** How a service stands to a failure class. */
export function judgeCell({ exposure, faults, other, judgement }: CellInput, now: Millis): Cell {
  if (judgement && !judgement.applies)
    return { state: 'not-applicable', reason: `${judgement.by}: ${judgement.reason}`, provedAt: null }
  if (other?.state === 'not-exposed') return { state: 'not-exposed', reason: other.reason, provedAt: null }
  if (exposure.length === 0)
    return {
      state: 'not-exposed',
      reason: 'Nothing that it has can fail in this way, as far as is known.',
      provedAt: null,
    }
  if (other) return byOther(other, now)
  return byFaults(faults, now)
}

function byOther({ state, reason, at }: OtherStanding, now: Millis): Cell {
  if (state === 'proved' && at !== null && now - at > PROOF_LASTS) return outOfDate(at, now)
  return { state, reason, provedAt: state === 'proved' ? at : null }
}

function byFaults(faults: readonly FaultStanding[], now: Millis): Cell {
  // What no monitor asks for and nobody played is no fault of theirs; what was played and missed is.
  const counted = faults.filter(({ looks, result }) => looks || result === 'missed')
  if (counted.length === 0) return { state: 'unseen', reason: 'No monitor looks there.', provedAt: null }
  const byName = Map.groupBy(counted, ({ fault }) => fault)
  const missed: string[] = []
  const open: string[] = []
  let oldest: Millis | null = null
  for (const [fault, ones] of byName) {
    const caught = ones.filter(({ result }) => result === 'caught').map(({ at }) => at!)
    if (caught.length > 0) {
      const newest = Math.max(...caught)
      oldest = oldest === null ? newest : Math.min(oldest, newest)
    } else if (ones.some(({ result }) => result === 'missed')) missed.push(fault)
    else open.push(fault)
  }
  if (missed.length > 0)
    return { state: 'unseen', reason: `${listed(missed)} passed unseen when last played.`, provedAt: null }
  if (open.length > 0)
    return {
      state: 'unproven',
      reason: `${listed([...new Set(counted.map(({ monitorId }) => monitorId))])} should notice; no drill has shown ${open.length === byName.size ? 'it' : listed(open)}.`,
      provedAt: null,
    }
  if (now - oldest! > PROOF_LASTS) return outOfDate(oldest!, now)
  return {
    state: 'proved',
    reason: `${byName.size === 1 ? 'Its fault was' : `All ${byName.size} faults were`} noticed when last played.`,
    provedAt: oldest,
  }
}

function outOfDate(at: Millis, now: Millis): Cell {
  return {
    state: 'unproven',
    reason: `It was proved ${formatDuration(now - at)} ago, which is too long.`,
    provedAt: null,
  }
}

function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  if (items.length > 3) return `${items.slice(0, 2).join(', ')} and ${items.length - 2} more`
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
