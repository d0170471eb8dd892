import type { ClientVerdict, Observation, Verdict } from '../monitors/index.ts'

/** What a monitoring plugin says for each verdict, and its exit code. */
export const NAGIOS = {
  up: ['OK', 0],
  degraded: ['WARNING', 1],
  down: ['CRITICAL', 2],
  unknown: ['UNKNOWN', 3],
} as const satisfies Record<Verdict, readonly [string, number]>

/** Text of one line: a bar would begin the performance data, a new line a second line. */
export const oneLine = (text: string) => withoutControls(text).replace(/\|/g, '/').replace(/\s+/g, ' ').trim()

/** Without control characters: what a stranger's server says must not steer a terminal. Spaces stay. */
export function withoutControls(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?')
}

/** `TLS OK - … | time=…`. */
export function nagiosLine(kind: string, observation: Observation): string {
  const [word] = NAGIOS[observation.verdict]
  const reason = observation.verdict === 'up' ? '' : ` (${observation.reason})`
  return `${kind.toUpperCase()} ${word} - ${oneLine(observation.summary)}${reason} | ${performance(observation).join(' ')}`
}

/** `time=0.012s;;;0` and every figure, as the guidelines for plugins write them. */
export function performance({ tookMs, values }: Observation): string[] {
  const figures = [`time=${(tookMs / 1_000).toFixed(3)}s;;;0`]
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'number' && Number.isFinite(value)) figures.push(`${label(name)}=${plain(value)}`)
  return figures
}

// A label with a space, a quote or an equals sign stands in quotes, where a quote is doubled.
function label(name: string): string {
  const text = oneLine(name)
  return /[\s'=]/.test(text) ? `'${text.replace(/=/g, '_').replace(/'/g, "''")}'` : text
}

/** A number without an exponent, which plugins may not use. */
function plain(value: number): string {
  const text = String(value)
  if (!/e/i.test(text)) return text
  return Math.abs(value) >= 1 ? BigInt(Math.trunc(value)).toString() : value.toFixed(12).replace(/\.?0+$/, '')
}

/** One line for each client below the line of the plugin, where Nagios keeps its long text. */
export function clientLine({ verdict, reason, summary }: ClientVerdict): string {
  return `CLIENT ${NAGIOS[verdict][0]} - ${oneLine(summary)}${verdict === 'up' ? '' : ` (${reason})`}`
}
