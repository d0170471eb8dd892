import type { UpdateStatus } from './status-page.ts'

/** Something that happened to an incident with public services. */
export type IncidentTurn = 'opened' | 'believed-resolved' | 'resolved' | 'reopened'

export type AutoUpdate =
  | { outcome: 'publish'; status: UpdateStatus; body: string; reason: IncidentTurn }
  | { outcome: 'nothing'; reason: 'switched-off' | 'no-public-service' | 'not-public' | 'said-already' }

/** What Tocsin says in public by itself. The words are neutral: the names of public services and nothing else. */
export function decideAutoUpdate(
  turn: IncidentTurn,
  known: { automatic: boolean; services: readonly string[]; status: UpdateStatus | null },
): AutoUpdate {
  if (!known.automatic) return { outcome: 'nothing', reason: 'switched-off' }
  if (known.services.length === 0) return { outcome: 'nothing', reason: 'no-public-service' }
  const what = listNames(known.services.map(plain))
  const publish = (status: UpdateStatus, body: string): AutoUpdate => ({
    outcome: 'publish',
    status,
    body,
    reason: turn,
  })
  if (turn === 'opened')
    return known.status === null
      ? publish('investigating', `We are investigating a problem with ${what}.`)
      : { outcome: 'nothing', reason: 'said-already' }
  if (known.status === null) return { outcome: 'nothing', reason: 'not-public' }
  if (turn === 'resolved')
    return known.status === 'resolved'
      ? { outcome: 'nothing', reason: 'said-already' }
      : publish('resolved', `The problem with ${what} is resolved.`)
  if (turn === 'believed-resolved')
    return known.status === 'monitoring' || known.status === 'resolved'
      ? { outcome: 'nothing', reason: 'said-already' }
      : publish('monitoring', `We believe that the problem with ${what} is over, and keep watching.`)
  return known.status === 'investigating' || known.status === 'identified'
    ? { outcome: 'nothing', reason: 'said-already' }
    : publish('investigating', `The problem with ${what} has come back. We are investigating it.`)
}

/** `A`, `A and B`, `A, B and C`. */
export function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

// A service may be called `__init__`; its name stays text where Markdown is read.
function plain(name: string): string {
  return name.replaceAll(/[\\`*_{}[\]()#+!|<>~-]/g, '\\$&')
}
