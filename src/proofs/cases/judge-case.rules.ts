import type { Millis } from '../../kit/clock.ts'
import { formatDuration } from '../../kit/duration.ts'
import type { Observation, Verdict } from '../../monitors/index.ts'
import type { FaultResult, Outcome } from '../drill.ts'
import { judgePaging, type PagingCriterion } from '../judge-paging.rules.ts'
import type { PlayedPage } from './play-page.ts'

export const JUDGED_CASE_REASONS = [
  'noticed-in-time',
  'not-noticed',
  'nobody-looks',
  'not-judged',
  'case-unknown',
  'nobody-paged',
  'muted',
  'wrong-person',
  'too-late',
  'control-failed',
] as const
export type CaseReason = (typeof JUDGED_CASE_REASONS)[number]

/** What the monitors of a service saw of one fault. */
export interface CaseSight {
  fault: string
  title: string
  failureClass: string
  remedy: string
  /** One for each monitor that it could be played against. */
  results: FaultResult[]
  seen: { monitorId: string; healthy: Observation; broken: Observation }[]
}

/** From a fault to the page. */
export interface CasePlay extends PlayedPage {
  fault: string
  monitorId: string
  kind: string
  verdict: Verdict
  reason: string
}

interface Judged {
  outcome: Outcome
  reason: CaseReason
  summary: string
}

/** Whether an incident would be noticed by what watches a service, and somebody paged in time for each of its faults. */
export function judgeCase(
  sights: readonly CaseSight[],
  plays: ReadonlyMap<string, CasePlay>,
  unknown: 'case-unknown' | null,
  criterion: PagingCriterion & { watching: readonly string[] } = { person: null, withinMs: 0, watching: [] },
): Judged {
  if (unknown !== null || sights.length === 0)
    return {
      outcome: 'inconclusive',
      reason: 'case-unknown',
      summary: 'There is no such case any more, so nothing was played.',
    }
  const unseen = sights.filter(({ seen }) => seen.length === 0)
  const passedBy = unseen.filter(({ results }) => results.some(({ result }) => result === 'missed'))
  if (passedBy.length > 0)
    return {
      outcome: 'failed',
      reason: 'not-noticed',
      summary: `${passedBy.map(({ fault, results }) => `${fault} passes ${names(results)} unseen`).join('; ')}${also(unseen, passedBy)}.`,
    }
  const nowhere = unseen.filter(({ results }) => results.length === 0)
  if (nowhere.length > 0)
    return {
      outcome: 'failed',
      reason: 'nobody-looks',
      summary: `No monitor looks where ${list(nowhere.map(({ fault }) => fault))} ${nowhere.length > 1 ? 'are' : 'is'}: there is ${list(criterion.watching)}.`,
    }
  if (unseen.length > 0)
    return {
      outcome: 'inconclusive',
      reason: 'not-judged',
      summary: `${list(unseen.map(({ fault }) => fault))} could not be judged: ${unseen[0]!.results[0]!.summary}.`,
    }
  let latest: { after: Millis; summary: string } | null = null
  for (const { fault } of sights) {
    const play = plays.get(fault)!
    const paging = judgePaging(play.pages, play.onset, criterion, play.mutedBy)
    if (paging.outcome !== 'passed')
      return {
        outcome: paging.outcome,
        reason: paging.reason as CaseReason,
        summary: `${fault}: ${paging.summary}`,
      }
    const first = play.pages.find(
      ({ personId }) => criterion.person === null || personId === criterion.person,
    )!
    const after = first.at - play.onset
    if (!latest || after > latest.after)
      latest = {
        after,
        summary: `${first.personId} is paged ${formatDuration(after)} after ${fault} at the latest`,
      }
  }
  const faults = sights.length === 1 ? 'The fault' : `All ${sights.length} faults`
  const verb = sights.length === 1 ? 'is' : 'are'
  return {
    outcome: 'passed',
    reason: 'noticed-in-time',
    summary: `${faults} of the case ${verb} noticed; ${latest!.summary}, ${formatDuration(criterion.withinMs)} is allowed.`,
  }
}

const names = (results: readonly FaultResult[]) => list(results.map(({ monitorId }) => monitorId ?? ''))

function also(unseen: readonly CaseSight[], passedBy: readonly CaseSight[]): string {
  const rest = unseen.filter((one) => !passedBy.includes(one)).map(({ fault }) => fault)
  return rest.length > 0 ? `; and nobody looks where ${list(rest)} ${rest.length > 1 ? 'are' : 'is'}` : ''
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? 'nothing'
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
