import type { EntryKind } from './incident.ts'

/** A fact of an earlier room in the words of the timeline. */
export interface Description {
  kind: EntryKind
  text: string
}

type Data = Record<string, unknown>

const STANDS: Record<string, string> = {
  up: 'is up',
  degraded: 'is degraded',
  down: 'is down',
  unknown: 'is not being checked',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const behind = (value: unknown): string => (text(value) ? `: ${text(value)}` : '')
const inBrackets = (value: unknown): string => (text(value) ? ` (${text(value)})` : '')

// Whoever was paged is also told of the end; that is a message, and no page.
function pageText(data: Data, page: string): string {
  const what = data.kind === 'resolved' ? page.replace('Page', 'All-clear') : page
  return `${what} to ${text(data.personName) || text(data.personId)} by ${text(data.channel)}`
}

const TOLD: Record<string, (data: Data) => Description> = {
  'monitor.verdict-changed': (data) => ({
    kind: 'verdict',
    text:
      `${text(data.monitorName) || text(data.monitorId)} ${STANDS[text(data.to)] ?? text(data.to)}` +
      `${data.to === 'up' ? '' : inBrackets(data.reason)}${behind(data.summary)}`,
  }),
  'alert.opened': (data) => ({
    kind: 'alert',
    text: `Alert opened, ${text(data.severity)}: ${text(data.title)}${inBrackets(data.reason)}`,
  }),
  'alert.changed': (data) => ({
    kind: 'alert',
    text:
      `${data.reopened === true ? 'Alert opened again' : 'Alert changed'}, ${text(data.severity)}` +
      `${behind(data.summary)}${inBrackets(data.reason)}`,
  }),
  'alert.acknowledged': (data) => ({
    kind: 'acknowledgement',
    text: `Acknowledged by ${text(data.name) || text(data.by) || 'somebody'} (${text(data.via)})`,
  }),
  'alert.resolved': (data) => ({ kind: 'alert', text: `Alert resolved${inBrackets(data.reason)}` }),
  'alert.silenced': () => ({ kind: 'alert', text: 'A silence lies over the alert: it pages nobody' }),
  'alert.unsilenced': () => ({ kind: 'alert', text: 'The silence over the alert ended' }),
  'escalation.started': () => ({ kind: 'escalation', text: 'Escalation started' }),
  'escalation.advanced': (data) => ({
    kind: 'escalation',
    text:
      `Escalation went to ${text(data.stepName) || `step ${String(data.step)}`}${inBrackets(data.reason)}` +
      `${typeof data.reached === 'number' ? `, reaching ${data.reached}` : ''}`,
  }),
  'escalation.reached-nobody': (data) => ({
    kind: 'escalation',
    text: `Escalation step ${String(data.step)} reached nobody${inBrackets(data.reason)}`,
  }),
  'escalation.last-resort': () => ({ kind: 'escalation', text: 'Escalation reached the last resort' }),
  'escalation.ended': (data) => ({ kind: 'escalation', text: `Escalation ended${inBrackets(data.reason)}` }),
  'page.sent': (data) => ({ kind: 'page', text: pageText(data, 'Page handed over') }),
  'page.failed': (data) => ({ kind: 'page', text: `${pageText(data, 'Page failed')}${behind(data.reason)}` }),
  'oncall.audit-failed': (data) => ({
    kind: 'escalation',
    text: `The auditor found the alert waiting for nothing${behind(data.problem)}`,
  }),
}

/** Types of facts that the timeline tells of. */
export const TOLD_TYPES: readonly string[] = Object.keys(TOLD)

/** What the timeline says about a fact; null for facts that it does not tell. */
export function describeFact(fact: { type: string; data: unknown }): Description | null {
  const tell = TOLD[fact.type]
  return tell ? tell(fact.data as Data) : null
}

/** Who did it, as far as the fact itself says so; null where a look into the catalogue is needed. */
export function actorNameOf(fact: { actor: string; data: unknown }): string | null {
  const [kind] = fact.actor.split(':', 1)
  if (kind === 'system' || kind === 'drill') return 'Tocsin'
  const { name } = fact.data as Data
  return typeof name === 'string' && name !== '' ? name : null
}

/** A verdict change as far as the beginning of the impact is concerned. */
export interface VerdictFact {
  from: string
  to: string
  since: number
}

/**
 * The newest streak of verdicts other than up, counted from the newest change backwards, and when users began
 * to feel it: the first moment of it in which the monitor saw harm. A monitor that merely stopped checking has
 * seen none, so the impact start then stays unknown.
 */
export function troubleStreak(newestFirst: readonly VerdictFact[]): {
  length: number
  impactStart: number | null
} {
  let length = 0
  let impactStart: number | null = null
  for (const change of newestFirst) {
    if (change.to === 'up') break
    length++
    if (change.to === 'down' || change.to === 'degraded') impactStart = change.since
    if (change.from === 'up') break
  }
  return { length, impactStart }
}
