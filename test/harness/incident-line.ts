/** The line in which a story says what it broke, what Tocsin made of it, and after how long. */

/** The seven incidents that Tocsin is measured by. */
export const INCIDENTS = [
  'cernts',
  'cernphone-registration',
  'cernphone-address',
  'gluster-docs',
  'atlas-iam',
  'logdna-certificates',
  'logdna-tenant',
] as const
export type IncidentName = (typeof INCIDENTS)[number]

export interface IncidentLine {
  incident: IncidentName
  /** What was broken. */
  failure: string
  /** The real software that failed, with its version. */
  software: string
  /** What Tocsin said or did: down, degraded, drained … */
  verdict: string
  reason: string
  /** From the fault to the verdict. */
  seconds: number
  /** What else the figures say: how long before the damage, what others saw. */
  note?: string
}

const FIELDS = ['incident', 'failure', 'software', 'verdict', 'reason', 'seconds', 'note'] as const

/** Prints the line; whoever collects them reads it with `readIncidentLine`. */
export function tellIncident(t: { diagnostic(message: string): void }, line: IncidentLine): void {
  t.diagnostic(writeIncidentLine(line))
}

/** `incident=cernts failure="…" … seconds=1.2`. */
export function writeIncidentLine(line: IncidentLine): string {
  const rounded = { ...line, seconds: Math.round(line.seconds * 10) / 10 }
  return FIELDS.filter((field) => line[field] !== undefined)
    .map((field) => `${field}=${field === 'incident' ? line.incident : JSON.stringify(rounded[field])}`)
    .join(' ')
}

/** Reads what `writeIncidentLine` wrote: null when it is no such line, an error when it is a bad one. */
export function readIncidentLine(text: string): IncidentLine | null {
  if (!/^\s*incident\s*=/.test(text)) return null
  const found: Record<string, string> = {}
  for (const [, name, quoted, plain] of text.matchAll(/(\w+)=(?:("(?:[^"\\]|\\.)*")|(\S+))/g))
    found[name!] = quoted === undefined ? plain! : (JSON.parse(quoted) as string)
  const incident = INCIDENTS.find((name) => name === found.incident)
  const seconds = Number(found.seconds)
  const { failure, software, verdict, reason, note } = found
  const isWhole = failure && software && verdict && reason && Number.isFinite(seconds) && seconds >= 0
  if (!incident || !isWhole || found.seconds === undefined)
    throw new Error(`not a whole line of an incident; tell it with tellIncident: ${text}`)
  return { incident, failure, software, verdict, reason, seconds, ...(note && { note }) }
}
