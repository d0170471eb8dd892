import { HOUR, MINUTE } from '../kit/duration.ts'
import type { EscalationPhase, Standing } from './escalation.ts'
import type { PolicySpec } from './policy.ts'
import type { MissReason, Reach, ReachablePerson, Roster } from './roster.ts'

/** What can happen to an escalation. `silenced` tells whether a silence lies over the alert at that instant. */
export type EscalationEvent =
  | { type: 'started'; silenced: boolean }
  | { type: 'timer'; silenced: boolean }
  /** Every page of the paging in force was refused. */
  | { type: 'refused' }
  | { type: 'acknowledged' }
  | { type: 'resolved' }
  | { type: 'silenced' }
  | { type: 'unsilenced' }
  | { type: 'reopened'; silenced: boolean }
  /** The auditor found the alert waiting for nothing. */
  | { type: 'audit-failed' }

/** Why somebody is paged now. */
export type PageReason =
  | 'started'
  | 'unsilenced'
  | 'reopened'
  | 'acknowledgement-expired'
  | 'step-timed-out'
  | 'step-reached-nobody'
  | 'step-refused'
  | 'round-repeated'
  | LastResortReason

/** Why the last resort is called. */
export type LastResortReason =
  | 'steps-exhausted'
  | 'no-step-reaches-anybody'
  | 'no-policy'
  | 'audit-failed'
  | 'still-not-acknowledged'

/** Why a step reached nobody. */
export type NobodyReason = MissReason | 'every-page-refused' | 'no-administrator-reachable'

/** Why nothing (more) is to be done. */
export type RestReason =
  | 'acknowledged'
  | 'resolved'
  | 'silenced'
  | 'not-due-yet'
  | 'nothing-to-do'
  | 'waits-to-try-again'

export type Decision =
  | {
      do: 'page'
      phase: EscalationPhase
      round: number
      step: number
      stepName: string
      paging: number
      people: ReachablePerson[]
      reason: PageReason
    }
  | { do: 'reached-nobody'; phase: EscalationPhase; step: number; stepName: string; reason: NobodyReason }
  | { do: 'last-resort'; reason: LastResortReason }
  | { do: 'wait'; until: number }
  | { do: 'cancel-pending'; reason: 'acknowledged' | 'resolved' | 'silenced' }
  | { do: 'reopen-alert'; reason: 'acknowledgement-expired' }
  | { do: 'tell-resolved' }
  | { do: 'end'; reason: 'acknowledged' | 'resolved' }

export interface EscalationOutcome {
  standing: Standing
  decisions: Decision[]
  reason: PageReason | RestReason
}

/** Where no policy says otherwise. */
export const DEFAULT_LAST_RESORT_EVERY = 15 * MINUTE
export const DEFAULT_ACK_TIMEOUT = 4 * HOUR

/** Before anything happened. */
export const NOT_STARTED: Standing = {
  status: 'running',
  phase: 'steps',
  round: 0,
  step: 0,
  paging: 0,
  waitingUntil: null,
}

/** The name of what is paged in a phase and step. */
export function stepName(policy: PolicySpec | null, phase: EscalationPhase, step: number): string {
  if (phase === 'last-resort') return 'last resort'
  if (phase === 'administrators') return 'administrators'
  return policy?.steps[step]?.name ?? `step ${step + 1}`
}

/**
 * The escalation state machine: what an event does, given the policy and whom it reaches now. A running
 * escalation that this answers always waits for an instant: none ever waits for nothing.
 */
export function escalate(
  standing: Standing,
  event: EscalationEvent,
  policy: PolicySpec | null,
  roster: Roster,
  now: number,
): EscalationOutcome {
  const climb = climber(policy, roster, now)
  const { status } = standing
  switch (event.type) {
    case 'started':
      return event.silenced ? rest(standing, 'silenced', [], 'silenced') : climb.begin(standing, 'started')
    case 'acknowledged': {
      if (status !== 'running' && status !== 'silenced') return nothing(standing)
      const timeout = policy ? policy.ackTimeoutMs : DEFAULT_ACK_TIMEOUT
      const until = timeout === null ? null : now + timeout
      return {
        standing: { ...standing, status: 'acknowledged', waitingUntil: until },
        decisions: [
          { do: 'cancel-pending', reason: 'acknowledged' },
          { do: 'end', reason: 'acknowledged' },
          ...(until === null ? [] : [{ do: 'wait', until } as const]),
        ],
        reason: 'acknowledged',
      }
    }
    case 'resolved':
      if (status === 'ended') return nothing(standing)
      return rest(
        standing,
        'ended',
        [
          { do: 'cancel-pending', reason: 'resolved' },
          ...(status === 'silenced' ? [] : [{ do: 'tell-resolved' } as const]),
          { do: 'end', reason: 'resolved' },
        ],
        'resolved',
      )
    case 'silenced':
      if (status !== 'running') return nothing(standing)
      return rest(standing, 'silenced', [{ do: 'cancel-pending', reason: 'silenced' }], 'silenced')
    case 'unsilenced':
      return status === 'silenced' ? climb.begin(standing, 'unsilenced') : nothing(standing)
    case 'reopened':
      if (status !== 'acknowledged') return nothing(standing)
      return event.silenced ? rest(standing, 'silenced', [], 'silenced') : climb.begin(standing, 'reopened')
    case 'refused':
      return status === 'running' ? climb.refused(standing) : nothing(standing)
    case 'audit-failed':
      return climb.lastResort(
        standing,
        'audit-failed',
        status === 'acknowledged' ? [{ do: 'reopen-alert', reason: 'acknowledgement-expired' }] : [],
      )
    case 'timer':
      return timer(standing, event.silenced, climb, now)
  }
}

function timer(standing: Standing, silenced: boolean, climb: Climber, now: number): EscalationOutcome {
  const { status, waitingUntil } = standing
  if (status !== 'running' && status !== 'acknowledged') return nothing(standing)
  if (waitingUntil === null) return nothing(standing)
  if (now < waitingUntil)
    return { standing, decisions: [{ do: 'wait', until: waitingUntil }], reason: 'not-due-yet' }
  if (status === 'running') return climb.timedOut(standing)
  const reopen: Decision = { do: 'reopen-alert', reason: 'acknowledgement-expired' }
  if (silenced) return rest(standing, 'silenced', [reopen], 'silenced')
  return climb.begin(standing, 'acknowledgement-expired', [reopen])
}

function nothing(standing: Standing): EscalationOutcome {
  return { standing, decisions: [], reason: 'nothing-to-do' }
}

function rest(
  standing: Standing,
  status: 'silenced' | 'ended',
  decisions: Decision[],
  reason: RestReason,
): EscalationOutcome {
  return { standing: { ...standing, status, waitingUntil: null }, decisions, reason }
}

interface Climber {
  begin(from: Standing, reason: PageReason, before?: Decision[]): EscalationOutcome
  timedOut(from: Standing): EscalationOutcome
  refused(from: Standing): EscalationOutcome
  lastResort(from: Standing, reason: LastResortReason, before: Decision[]): EscalationOutcome
}

function climber(policy: PolicySpec | null, roster: Roster, now: number): Climber {
  const every = policy?.lastResort.everyMs ?? DEFAULT_LAST_RESORT_EVERY
  const top = policy?.steps.length ?? 0

  function page(
    from: Standing,
    at: Pick<Standing, 'phase' | 'round' | 'step'>,
    wait: number,
    reach: Reach,
    reason: PageReason,
    before: Decision[],
  ): EscalationOutcome {
    const paging = from.paging + 1
    const until = now + wait
    const name = stepName(policy, at.phase, at.step)
    return {
      standing: { ...at, status: 'running', paging, waitingUntil: until },
      decisions: [
        ...before,
        { do: 'page', ...at, stepName: name, paging, people: reach.people, reason },
        { do: 'wait', until },
      ],
      reason,
    }
  }

  function nobody(phase: EscalationPhase, step: number, reason: NobodyReason): Decision {
    return { do: 'reached-nobody', phase, step, stepName: stepName(policy, phase, step), reason }
  }

  /** Goes up from a step to the first that reaches somebody; steps on the way say that they reached nobody. */
  function climb(
    from: Standing,
    start: { round: number; step: number },
    why: PageReason,
    before: Decision[],
  ) {
    if (!policy) return lastResort(from, 'no-policy', before)
    const decisions = [...before]
    let { round, step } = start
    let reason = why
    for (let misses = 0; misses < policy.steps.length; ) {
      if (step >= policy.steps.length) {
        if (round >= policy.repeat) return lastResort({ ...from, round }, 'steps-exhausted', decisions)
        round++
        step = 0
        if (misses === 0) reason = 'round-repeated'
      }
      const reach = roster.steps[step]!
      if (reach.people.length > 0)
        return page(
          from,
          { phase: 'steps', round, step },
          policy.steps[step]!.waitMs,
          reach,
          reason,
          decisions,
        )
      decisions.push(nobody('steps', step, reach.missed[0]?.reason ?? 'nobody-named'))
      reason = 'step-reached-nobody'
      misses++
      step++
    }
    // Another round at the same instant would reach the same nobody.
    return lastResort({ ...from, round }, 'no-step-reaches-anybody', decisions)
  }

  function lastResort(from: Standing, reason: LastResortReason, before: Decision[]): EscalationOutcome {
    const decisions: Decision[] = [...before, { do: 'last-resort', reason }]
    if (!policy) return administrators(from, reason, decisions)
    const at = { phase: 'last-resort' as const, round: from.round, step: top }
    if (roster.lastResort.people.length > 0)
      return page(from, at, every, roster.lastResort, reason, decisions)
    decisions.push(nobody('last-resort', top, roster.lastResort.missed[0]?.reason ?? 'nobody-named'))
    return administrators(from, 'step-reached-nobody', decisions)
  }

  function administrators(from: Standing, reason: PageReason, before: Decision[]): EscalationOutcome {
    const at = { phase: 'administrators' as const, round: from.round, step: top }
    if (roster.administrators.people.length > 0)
      return page(from, at, every, roster.administrators, reason, before)
    const until = now + every
    return {
      standing: { ...at, status: 'running', paging: from.paging, waitingUntil: until },
      decisions: [
        ...before,
        nobody('administrators', top, 'no-administrator-reachable'),
        { do: 'wait', until },
      ],
      reason: 'waits-to-try-again',
    }
  }

  return {
    begin: (from, reason, before = []) => climb(from, { round: 0, step: 0 }, reason, before),
    timedOut(from) {
      if (from.phase !== 'steps') return lastResort(from, 'still-not-acknowledged', [])
      return climb(from, { round: from.round, step: from.step + 1 }, 'step-timed-out', [])
    },
    refused(from) {
      const missed = nobody(from.phase, from.step, 'every-page-refused')
      if (from.phase === 'steps')
        return climb(from, { round: from.round, step: from.step + 1 }, 'step-refused', [missed])
      if (from.phase === 'last-resort') return administrators(from, 'step-refused', [missed])
      // Nobody is left to ask: the timer that is set already tries the last resort again.
      return { standing: from, decisions: [missed], reason: 'waits-to-try-again' }
    },
    lastResort,
  }
}
