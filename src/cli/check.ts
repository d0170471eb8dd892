import { parse } from 'yaml'
import { systemClock } from '../kit/clock.ts'
import { redact } from '../kit/redact.ts'
import { checkOnce, kindNotByHand, kindOfTarget, parseTarget } from '../monitors/index.ts'
import type { CheckFlags } from './main.ts'
import { clientLine, NAGIOS, nagiosLine, withoutControls } from './nagios.ts'
import { type ExitCode, type Terminal, UsageError } from './program.ts'
import { showCheck } from './show-check.ts'

/** Runs one check now; the line and the exit code are those of a Nagios plugin. */
export async function check(terminal: Terminal, target: string, flags: CheckFlags): Promise<ExitCode> {
  const silent = kindNotByHand(target)
  if (silent) return refuse(terminal, target, silent, flags)
  const { kind, spec } = parseTarget(target, checkSettings(target, flags))
  const deadlineMs = (spec as { timeout: number }).timeout
  const memory = kind.memoryByHand?.(spec, systemClock.now()) ?? null
  // How it looked is for the browser; here it would be a screen of letters.
  const { picture, ...observation } = await checkOnce(kind, spec, { clock: systemClock, deadlineMs, memory })
  // Of a database it may hold the password.
  const shown = redact(target)
  if (flags.json) {
    const { verdict, reason, certificate } = observation
    const clients = certificate?.clients?.map(({ name, verdict, reason, lastDay }) => {
      return { name, verdict, reason, lastDay }
    })
    const answer = {
      target: shown,
      verdict,
      reason,
      ...(clients && { clients }),
      observations: [observation],
      certificate: certificate ?? null,
    }
    terminal.out(`${JSON.stringify(answer, null, 2)}\n`)
  } else {
    const more = kind.longText?.(observation) ?? []
    if (terminal.screen)
      terminal.out(showCheck({ kind: kind.kind, target: shown, observation, more }, terminal.screen))
    else {
      const clients = (observation.certificate?.clients ?? []).map(clientLine)
      terminal.out(
        `${[nagiosLine(kind.kind, observation), ...clients, ...more.map(withoutControls)].join('\n')}\n`,
      )
    }
  }
  return NAGIOS[observation.verdict][1]
}

/** A kind that only hears cannot be asked: that is unknown, with what to do instead. */
function refuse(
  terminal: Terminal,
  target: string,
  { kind, notByHand }: { kind: string; notByHand: string },
  { json }: CheckFlags,
): ExitCode {
  const observation = {
    verdict: 'unknown' as const,
    reason: 'check.not-by-hand',
    summary: notByHand,
    tookMs: 0,
    values: {},
  }
  const { verdict, reason } = observation
  if (json) {
    const answer = { target, verdict, reason, observations: [observation], certificate: null }
    terminal.out(`${JSON.stringify(answer, null, 2)}\n`)
  } else if (terminal.screen)
    terminal.out(showCheck({ kind, target, observation, more: [] }, terminal.screen))
  else terminal.out(`${nagiosLine(kind, observation)}\n`)
  return 3
}

/** The options as the settings of the kind; those that a scheme does not know are refused by its schema. */
function checkSettings(
  target: string,
  { name, ca, issuer, warn, renewBefore, client, timeout, set = [] }: CheckFlags,
): Record<string, unknown> {
  const expect = Object.fromEntries(
    Object.entries({ name, ca, issuer, warn, renewBefore, clients: client?.map(clientNamed) }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  const certificates = kindOfTarget(target)?.speaksTls?.(target) ?? false
  const settings: Record<string, unknown> = {
    ...(timeout === undefined ? {} : { timeout }),
    ...(Object.keys(expect).length === 0 && !certificates ? {} : { expect }),
  }
  for (const given of set) putSetting(settings, given)
  return settings
}

/** `expect.status=404` as `{expect: {status: 404}}`; the value is read as in the configuration. */
function putSetting(settings: Record<string, unknown>, given: string): void {
  const [, path, text] = /^([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)=(.*)$/s.exec(given) ?? []
  if (path === undefined)
    throw new UsageError(
      `--set ${given} is not understood`,
      'Write --set expect.status=404: a path, "=", a value.',
    )
  const keys = path.split('.')
  let within = settings
  for (const key of keys.slice(0, -1)) {
    const inner = Object.hasOwn(within, key) ? within[key] : undefined
    if (typeof inner === 'object' && inner !== null) within = inner as Record<string, unknown>
    else {
      const made: Record<string, unknown> = {}
      within[key] = made
      within = made
    }
  }
  within[keys.at(-1)!] = readValue(text!)
}

function readValue(text: string): unknown {
  try {
    return parse(text) ?? ''
  } catch {
    return text
  }
}

/** `old=old.pem,legacy` as settings; without a file the name is that of a profile. */
function clientNamed(given: string): unknown {
  const own = /^([^=]+)=(.+?)(,legacy)?$/.exec(given)
  return own ? { name: own[1], store: own[2], legacy: own[3] !== undefined } : given
}
