import type { Certificate, MonitorDetail, Run } from '../../../src/contract/monitors.ts'
import type { Pool } from '../../../src/contract/pools.ts'
import { sayReason } from '../../parts/states.ts'
import { readDuration, sayDay, sayDuration } from '../../times/say-time.ts'
import { detailOf } from './detail-shapes.ts'
import { poolLimits } from './pool-sentences.ts'
import { sayName, sayValue } from './say-value.ts'

/** What is heading for a failure, or is one step away from it. */
export interface ComingBreak {
  what:
    | 'verdict-turns'
    | 'certificate-ends'
    | 'path-ends'
    | 'node-certificate-ends'
    | 'client-breaks'
    | 'renewal-due'
    | 'renewal-job'
    | 'limit-reached'
    | 'data-lost'
    | 'run-due'
    | 'run-overran'
    | 'places-disagree'
    | 'pool-quorum'
    | 'pool-floor'
    | 'latency'
    | 'log-silent'
    | 'key-gone'
    | 'exception-ends'
  /** When; null where it is so now, and no time is known. */
  at: number | null
  /** Whether somebody should care today. */
  urgent: boolean
  says: string
}

/** What the page has asked for besides the monitor itself. */
export interface Beside {
  openRuns?: readonly Run[]
  pool?: Pool
}

const DAY = 86_400_000
const WEEK = 7 * DAY
/** A share of a limit from which on it is worth a word. */
const NEAR = 0.7

/** Everything that a monitor's newest observation says of what comes, the nearest first. */
export function whatBreaksNext(of: MonitorDetail, now: number, beside: Beside = {}): ComingBreak[] {
  return [
    ...turning(of),
    ...places(of),
    ...pool(of, beside.pool),
    ...job(of, now, beside.openRuns ?? []),
    ...certificates(of, now),
    ...renewal(of, now),
    ...metric(of, now),
    ...latency(of),
    ...log(of),
    ...keys(of, now),
    ...exceptions(of, now),
  ].sort((a, b) => Number(b.at === null && b.urgent) - Number(a.at === null && a.urgent) || when(a) - when(b))
}

const when = ({ at }: ComingBreak) => at ?? Number.MAX_SAFE_INTEGER
const coming = (
  what: ComingBreak['what'],
  at: number | null,
  urgent: boolean,
  says: string,
): ComingBreak => ({
  what,
  at,
  urgent,
  says,
})
const day = (at: number) => `${sayDay(at)} ${new Date(at).getFullYear()}`
const inTime = (at: number, now: number) =>
  at > now ? `in ${sayDuration(at - now)}` : `${sayDuration(now - at)} ago`

const group = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** A length of time in the settings, as it is written or as it is stored. */
function lengthIn(value: unknown): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? readDuration(value) : null
}

function instantIn(of: MonitorDetail, name: string): number | null {
  const value = of.last?.values[name]
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(at) ? at : null
}

function turning({ last, state, nextCheckAt, enabled }: MonitorDetail): ComingBreak[] {
  if (!last || !enabled || last.verdict === state || last.verdict === 'up') return []
  const at = nextCheckAt === null ? null : Date.parse(nextCheckAt)
  const says = `The newest check says ${last.verdict}: ${last.summary}. The verdict turns when it is confirmed.`
  return [coming('verdict-turns', at, true, says)]
}

function places({ last }: MonitorDetail): ComingBreak[] {
  const seen = detailOf(last, 'places') ?? []
  const bad = seen.filter(({ verdict }) => verdict === 'down' || verdict === 'degraded')
  const well = seen.filter(({ verdict }) => verdict === 'up')
  if (bad.length === 0 || well.length === 0) return []
  const named = bad.map(({ place, reason }) => `${place} (${sayReason(reason)})`).join(', ')
  const says = `The places disagree: it is bad from ${named}, and well from ${well.map(({ place }) => place).join(', ')}.`
  return [coming('places-disagree', null, true, says)]
}

function pool({ spec }: MonitorDetail, seen: Pool | undefined): ComingBreak[] {
  if (!seen || seen.members.length === 0) return []
  const limits = poolLimits(spec, seen.members.length)
  const well = seen.members.filter(({ verdict }) => verdict === 'up' || verdict === 'degraded').length
  const found: ComingBreak[] = []
  if (well === limits.least)
    found.push(
      coming(
        'pool-quorum',
        null,
        true,
        `${well} of ${seen.members.length} members are well, which is the least: with the next one that fails the pool is down.`,
      ),
    )
  const held = seen.members.filter((member) => member.held !== null)
  if (held.length > 0)
    found.push(
      coming(
        'pool-floor',
        null,
        true,
        `The floor holds: ${held.map(({ member }) => member).join(', ')} ${held.length === 1 ? 'is' : 'are'} bad and still ${held.length === 1 ? 'takes' : 'take'} users.`,
      ),
    )
  else if (limits.decide === 'act' && seen.drained > 0 && seen.inPool <= limits.floor)
    found.push(
      coming(
        'pool-floor',
        null,
        true,
        `The pool is at its floor: ${seen.inPool} members take users, and the next bad one keeps them.`,
      ),
    )
  return found
}

function job(of: MonitorDetail, now: number, openRuns: readonly Run[]): ComingBreak[] {
  const found: ComingBreak[] = []
  const longest = lengthIn(of.spec.maxRun)
  const started = openRuns.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  if (longest !== null && started.length > 0) {
    const first = Math.min(...started)
    const end = first + longest
    const says =
      end > now
        ? `A run has been going for ${sayDuration(now - first)}; it counts as hung ${inTime(end, now)}, after ${sayDuration(longest)}.`
        : `A run has been going for ${sayDuration(now - first)} and was to end after ${sayDuration(longest)}.`
    found.push(coming('run-overran', end, end - now < longest * (1 - NEAR), says))
  }
  const due = of.kind === 'heartbeat' ? instantIn(of, 'dueAt') : null
  if (due !== null && of.enabled)
    found.push(
      coming(
        'run-due',
        due,
        due <= now,
        due > now
          ? `The next sign of life must come ${inTime(due, now)}, its grace included; without it the monitor turns down.`
          : `A run is overdue: it was to be heard of ${inTime(due, now)}.`,
      ),
    )
  for (const other of of.related) {
    const ends = other.certificateEnds === null ? null : Date.parse(other.certificateEnds)
    if (other.relation === 'renews' && ends !== null)
      found.push(
        coming(
          'renewal-job',
          ends,
          of.state === 'down' || ends - now < WEEK,
          `The certificate that this job renews (${other.name}) ends ${inTime(ends, now)}, on ${day(ends)}${of.state === 'down' ? ', and the job does not run' : ''}.`,
        ),
      )
    if (other.relation === 'renewed-by' && other.state !== 'up' && other.state !== 'unknown')
      found.push(
        coming(
          'renewal-job',
          null,
          true,
          `The job that renews it (${other.name}) is ${other.state}: ${other.summary}.`,
        ),
      )
  }
  return found
}

function certificates(of: MonitorDetail, now: number): ComingBreak[] {
  const served = of.last?.certificate
  if (!served) return []
  const leafEnds = Date.parse(served.notAfter)
  const found: ComingBreak[] = []
  const soon = (at: number) => at - now < 14 * DAY
  const name = served.names[0] ?? sayName(served.subject)
  found.push(
    coming(
      'certificate-ends',
      leafEnds,
      soon(leafEnds),
      leafEnds > now
        ? `The certificate of ${name} ends ${inTime(leafEnds, now)}, on ${day(leafEnds)}.`
        : `The certificate of ${name} has ended, ${inTime(leafEnds, now)}.`,
    ),
  )
  const path = nearestOnPath(served, leafEnds, now) ?? lastPath(of, leafEnds, now)
  if (path) found.push(coming('path-ends', path.at, soon(path.at), path.says))
  for (const node of detailOf(of.last, 'nodes') ?? []) {
    const ends = node.notAfter === null ? Number.NaN : Date.parse(node.notAfter)
    if (ends < leafEnds)
      found.push(
        coming(
          'node-certificate-ends',
          ends,
          soon(ends),
          `At ${node.address} another certificate is served, which ends ${inTime(ends, now)}, on ${day(ends)}.`,
        ),
      )
  }
  return [...clients(served, leafEnds, now), ...found]
}

/** The certificate above the leaf that ends first, of those that some client's path leads through today. */
function nearestOnPath(served: Certificate, leafEnds: number, now: number) {
  const { nodes, paths } = served.graph ?? { nodes: [], paths: [] }
  const used = new Set(
    paths
      .filter(
        ({ from, until, reason }) =>
          reason === 'ok' &&
          (from === null || Date.parse(from) <= now) &&
          (until === null || Date.parse(until) > now),
      )
      .flatMap(({ members }) => members),
  )
  const first = nodes
    .filter(({ id }) => used.has(id))
    .map(({ subject, issuer, notAfter }) => ({ subject, issuer, at: Date.parse(notAfter) }))
    .sort((a, b) => a.at - b.at)[0]
  if (!first || first.at >= leafEnds) return null
  const by = first.issuer === first.subject || !first.issuer ? '' : `, signed by ${sayName(first.issuer)},`
  const says = `${sayName(first.subject)}${by || ','} which is on the path to the certificate, ends ${inTime(first.at, now)}, on ${day(first.at)}: before the certificate itself.`
  return { at: first.at, says }
}

function lastPath(of: MonitorDetail, leafEnds: number, now: number) {
  const at = instantIn(of, 'chainEnds')
  if (at === null || at >= leafEnds) return null
  const says = `The last path from the certificate to a trusted root ends ${inTime(at, now)}, on ${day(at)}: before the certificate itself.`
  return { at, says }
}

/** The populations of clients that break before the certificate ends; those that break alike are told together. */
function clients(served: Certificate, leafEnds: number, now: number): ComingBreak[] {
  const leafDay = new Date(leafEnds).toISOString().slice(0, 10)
  const breaking = (served.clients ?? []).filter(
    ({ verdict, lastDay }) => verdict === 'down' || (lastDay !== null && lastDay < leafDay),
  )
  const alike = Map.groupBy(breaking, ({ verdict, lastDay, through, advice }) =>
    JSON.stringify([verdict === 'down' || lastDay, through, advice]),
  )
  return [...alike.values()].map((populations) => {
    const { verdict, lastDay, through, advice } = populations[0]!
    const who = `Clients like ${populations.map(({ name }) => name).join(', ')}`
    const because = through === null ? '' : `, because of ${sayName(through)}`
    const remedy = advice === null ? '' : ` ${sentence(advice)}`
    if (verdict === 'down' || lastDay === null)
      return coming('client-breaks', null, true, `${who} cannot connect now${because}.${remedy}`)
    const at = endOf(served, populations[0]!.name, lastDay)
    const last = day(Date.parse(lastDay) + DAY / 2)
    const says = `${who} connect until ${last}, ${inTime(at, now)}, and then no more${because}.${remedy}`
    return coming('client-breaks', at, at - now < 30 * DAY, says)
  })
}

/** The instant at which a client breaks on its last day; without its path, the end of that day. */
function endOf({ graph }: Certificate, client: string, lastDay: string): number {
  const ends = (graph?.paths ?? [])
    .filter((path) => path.client === client && path.reason === 'ok' && path.until?.startsWith(lastDay))
    .map(({ until }) => Date.parse(until!))
  return ends.length > 0 ? Math.max(...ends) : Date.parse(lastDay) + DAY
}

const sentence = (text: string) => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}

function renewal(of: MonitorDetail, now: number): ComingBreak[] {
  const due = instantIn(of, 'renewalDue')
  if (due === null) return []
  const says =
    due > now
      ? `The certificate is to be renewed by ${day(due)}, ${inTime(due, now)}.`
      : `The renewal has been due for ${sayDuration(now - due)}, and the old certificate is still served.`
  return [coming('renewal-due', due, due <= now, says)]
}

function metric(of: MonitorDetail, now: number): ComingBreak[] {
  const found: ComingBreak[] = []
  const ahead = detailOf(of.last, 'forecast')
  const unit = detailOf(of.last, 'unit') ?? ''
  if (ahead?.outcome === 'reached')
    found.push(coming('limit-reached', null, true, `The limit of ${sayValue(ahead.limit, unit)} is reached.`))
  else if (ahead?.outcome === 'reaches' && ahead.at !== null) {
    const between =
      ahead.earliest !== null && ahead.latest !== null
        ? `, at the earliest ${inTime(ahead.earliest, now)}, at the latest ${inTime(ahead.latest, now)}`
        : ''
    const says = `If it goes on as it does, the limit of ${sayValue(ahead.limit, unit)} is reached ${inTime(ahead.at, now)}${between}.`
    found.push(coming('limit-reached', ahead.at, ahead.at - now < DAY, says))
  }
  const lostIn = of.last?.values.lostIn
  if (typeof lostIn === 'number' && of.lastCheckedAt !== null) {
    const at = Date.parse(of.lastCheckedAt) + lostIn * 1_000
    const says =
      at > now
        ? `Data will be lost ${inTime(at, now)}: what waits that long is thrown away.`
        : 'Data are being lost now.'
    found.push(coming('data-lost', at, true, says))
  }
  return found
}

function latency(of: MonitorDetail): ComingBreak[] {
  const expect = group(of.spec.expect)
  const budget = lengthIn(expect.maxLatency ?? of.spec.maxLatency)
  const limit = budget ?? lengthIn(of.spec.timeout)
  const took = of.last?.tookMs ?? of.tookMs
  if (limit === null || took === null || of.last?.verdict !== 'up' || took < limit * NEAR) return []
  const allowed = budget === null ? 'until the check is given up' : 'allowed'
  const says = `The last check took ${sayDuration(took)} of the ${sayDuration(limit)} ${allowed}.`
  return [coming('latency', null, true, says)]
}

function log(of: MonitorDetail): ComingBreak[] {
  const limit = lengthIn(of.spec.silentAfter)
  const silence = of.last?.values.silentMs
  if (of.kind !== 'log' || limit === null || typeof silence !== 'number' || silence < limit * NEAR) return []
  const says = `No wanted line came for ${sayDuration(silence)}; after ${sayDuration(limit)} the log counts as silent.`
  return [coming('log-silent', null, true, says)]
}

function keys(of: MonitorDetail, now: number): ComingBreak[] {
  return (detailOf(of.last, 'keys') ?? []).flatMap(({ id, neededUntil }) => {
    const until = neededUntil === null ? Number.NaN : Date.parse(neededUntil)
    if (!(until > now)) return []
    const says = `The signing key ${id} is gone, and tokens that it signed live on: they are refused until ${day(until)}.`
    return [coming('key-gone', null, true, says)]
  })
}

function exceptions(of: MonitorDetail, now: number): ComingBreak[] {
  const list = of.kind === 'inventory' && Array.isArray(of.spec.accept) ? of.spec.accept : []
  return list.flatMap((entry: unknown) => {
    const { until, device, ip, rule } = group(entry)
    const last = typeof until === 'string' ? Date.parse(until) : Number.NaN
    const at = last + DAY
    if (!(at > now)) return []
    const subject = [device, ip].filter((part) => typeof part === 'string').join(' ') || 'all of them'
    const says = `The exception from "${String(rule)}" for ${subject} ends ${inTime(at, now)}, after ${day(at - DAY / 2)}.`
    return [coming('exception-ends', at, at - now < WEEK, says)]
  })
}
