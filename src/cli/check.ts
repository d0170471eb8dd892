import { systemClock } from '../kit/clock.ts'
import { redact } from '../kit/redact.ts'
import {
  type ClientVerdict,
  checkOnce,
  kindOfTarget,
  type Observation,
  parseTarget,
} from '../monitors/index.ts'
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
    const clients = certificate?.clients?.map(({ name, verdict, reason, lastDay }) => {
      return { name, verdict, reason, lastDay }
    })
    const answer = {
      // Of a database it may hold the password.
      target: redact(target),
      verdict,
      reason,
      ...(clients && { clients }),
      observations: [observation],
      certificate: certificate ?? null,
    }
    terminal.out(`${JSON.stringify(answer, null, 2)}\n`)
  } else {
    terminal.out(`${nagiosLine(kind.kind, word, observation)}\n`)
    for (const client of observation.certificate?.clients ?? []) terminal.out(`${clientLine(client)}\n`)
    for (const line of kind.longText?.(observation) ?? []) terminal.out(`${line}\n`)
  }
  return code
}

/** The options as the settings of the kind; those that a scheme does not know are refused by its schema. */
function checkSettings(
  target: string,
  { name, ca, issuer, warn, renewBefore, client, timeout }: CheckFlags,
): Record<string, unknown> {
  const expect = Object.fromEntries(
    Object.entries({ name, ca, issuer, warn, renewBefore, clients: client?.map(clientNamed) }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  const certificates = kindOfTarget(target)?.speaksTls?.(target) ?? false
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(Object.keys(expect).length === 0 && !certificates ? {} : { expect }),
  }
}

/** `old=old.pem,legacy` as settings; without a file the name is that of a profile. */
function clientNamed(given: string): unknown {
  const own = /^([^=]+)=(.+?)(,legacy)?$/.exec(given)
  return own ? { name: own[1], store: own[2], legacy: own[3] !== undefined } : given
}

const CLIENT_WORDS = { up: 'OK', degraded: 'WARNING', down: 'CRITICAL' } as const

/** One line for each client below the line of the plugin, where Nagios keeps its long text. */
function clientLine({ verdict, reason, summary }: ClientVerdict): string {
  const text = summary.replace(/\|/g, '/').replace(/\s+/g, ' ')
  return `CLIENT ${CLIENT_WORDS[verdict]} - ${text}${verdict === 'up' ? '' : ` (${reason})`}`
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
