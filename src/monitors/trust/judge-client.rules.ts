import type { Millis } from '../../kit/clock.ts'
import { iso } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import type { ClientForecast, ClientVerdict, Stretch } from './client.ts'

/** Clients that break within this time through anything but the leaf make a monitor degraded. */
export const CLIENT_HORIZON = 30 * DAY

export interface ClientDemands {
  /** How long before the end of the leaf it is said. */
  warn: Millis
  /** Null when the name is right; otherwise the sentence that says what is wrong with it. */
  wrongName: string | null
}

/** What a population of clients makes of the served certificates now, and until when. */
export function judgeClient(forecast: ClientForecast, demands: ClientDemands, now: Millis): ClientVerdict {
  const { name, stretches } = forecast
  const index = stretches.findIndex(({ from, to }) => from <= now && now < to)
  const current = stretches[index]
  const first = stretches[0]
  if (first && now < first.from)
    return {
      name,
      verdict: 'down',
      reason: 'certificate.not-yet-valid',
      lastDay: null,
      through: null,
      advice: 'serve another certificate until then',
      summary: `${name} does not connect, because the certificate itself begins on ${iso(first.from).slice(0, 10)}`,
    }
  if (!current || current.reason !== null) return broken(name, stretches, current, now)
  const end = stretches.slice(index).findIndex(({ reason }) => reason !== null)
  const next = end < 0 ? undefined : stretches[index + end]
  const lastDay = next ? dayBefore(next.from) : null
  if (demands.wrongName !== null)
    return {
      name,
      verdict: 'down',
      reason: 'certificate.name-mismatch',
      lastDay: null,
      through: null,
      advice: 'serve a certificate for this name',
      summary: `${name} does not connect: ${demands.wrongName}`,
    }
  const left = next ? next.from - now : Number.POSITIVE_INFINITY
  const ofLeaf = next?.reason === 'certificate.expired'
  if (!next || left >= (ofLeaf ? demands.warn : Math.max(CLIENT_HORIZON, demands.warn)))
    return {
      name,
      verdict: 'up',
      reason: 'ok',
      lastDay,
      through: next?.through ?? null,
      advice: null,
      summary: lastDay ? `${name} connects, until ${lastDay}` : `${name} connects`,
    }
  return {
    name,
    verdict: 'degraded',
    reason: ofLeaf ? 'certificate.expires-soon' : 'certificate.chain-expires-soon',
    lastDay,
    through: next.through,
    advice: next.advice,
    summary: sentence(`${name} will break after ${lastDay}`, next.because?.ahead, next.advice),
  }
}

function broken(
  name: string,
  stretches: Stretch[],
  current: Stretch | undefined,
  now: Millis,
): ClientVerdict {
  const before = stretches.findLast(({ reason, to }) => reason === null && to <= now)
  const lastDay = before ? dayBefore(before.to) : null
  return {
    name,
    verdict: 'down',
    reason: current?.reason ?? 'certificate.untrusted',
    lastDay,
    through: current?.through ?? null,
    advice: current?.advice ?? null,
    summary: sentence(
      lastDay ? `${name} connects no more since ${lastDay}` : `${name} does not connect`,
      current?.because?.since,
      current?.advice,
    ),
  }
}

function sentence(what: string, because: string | undefined, advice: string | null | undefined): string {
  return `${what}${because ? `, because ${because}` : ''}${advice ? `: ${advice}` : ''}`
}

/** The day of the last second before an instant. */
function dayBefore(at: Millis): string {
  return iso(at - 1_000).slice(0, 10)
}
