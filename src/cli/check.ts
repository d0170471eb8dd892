import { systemClock } from '../kit/clock.ts'
import { checkOnce, kindOfTarget, type Observation, parseTarget } from '../monitors/index.ts'
import type { CheckFlags } from './main.ts'
import type { ExitCode, Terminal } from './program.ts'

const NAGIOS = {
  up: ['OK', 0],
  degraded: ['WARNING', 1],
  down: ['CRITICAL', 2],
  unknown: ['UNKNOWN', 3],
} as const

/** Runs one check now; the line and the exit code are those of a Nagios plugin. */
export async function check(terminal: Terminal, target: string, flags: CheckFlags): Promise<ExitCode> {
  const { kind, spec } = parseTarget(target, checkSettings(target, flags))
  const deadlineMs = (spec as { timeout: number }).timeout
  const observation = await checkOnce(kind, spec, { clock: systemClock, deadlineMs })
  const [word, code] = NAGIOS[observation.verdict]
  if (flags.json) {
    const { verdict, reason, certificate } = observation
    terminal.out(
      `${JSON.stringify({ target, verdict, reason, observations: [observation], certificate: certificate ?? null }, null, 2)}\n`,
    )
  } else terminal.out(`${nagiosLine(kind.kind, word, observation)}\n`)
  return code
}

/** The options as the settings of the kind; those that a scheme does not know are refused by its schema. */
function checkSettings(
  target: string,
  { name, ca, issuer, warn, renewBefore, timeout }: CheckFlags,
): Record<string, unknown> {
  const expect = Object.fromEntries(
    Object.entries({ name, ca, issuer, warn, renewBefore }).filter(([, value]) => value !== undefined),
  )
  const certificates = kindOfTarget(target)?.speaksTls?.(target) ?? false
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(Object.keys(expect).length === 0 && !certificates ? {} : { expect }),
  }
}

/** `TLS OK - … | time=…`: a bar in the text would begin the performance data, a new line a second line. */
export function nagiosLine(kind: string, word: string, observation: Observation): string {
  const text = observation.summary.replace(/\|/g, '/').replace(/\s+/g, ' ').trim()
  const figures = [`time=${(observation.tookMs / 1_000).toFixed(3)}s;;;0`]
  for (const [name, value] of Object.entries(observation.values))
    if (typeof value === 'number' && Number.isFinite(value)) figures.push(`${name}=${value}`)
  const reason = observation.verdict === 'up' ? '' : ` (${observation.reason})`
  return `${kind.toUpperCase()} ${word} - ${text}${reason} | ${figures.join(' ')}`
}
