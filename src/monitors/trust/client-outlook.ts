import type { X509Certificate } from 'node:crypto'
import { iso, type Millis } from '../../kit/clock.ts'
import type { PathGraph } from '../observation.ts'
import type { Client, ClientForecast } from './client.ts'
import { forecastClients } from './forecast-client.ts'
import { type Member, memberOf } from './member.ts'

/** What becomes of all clients of a monitor, and the paths that they take, for a drawing. */
export interface ClientOutlook {
  forecasts: ClientForecast[]
  graph: PathGraph
}

/** Follows each client through time, for certificates as sent. */
export function lookOut(
  sent: X509Certificate[],
  fetched: X509Certificate[],
  clients: Client[],
): ClientOutlook {
  const members = sent.flatMap((certificate) => memberOf(certificate) ?? [])
  const leaf = members[0]
  if (!leaf) return { forecasts: [], graph: { nodes: [], edges: [], paths: [] } }
  const served = { leaf, sent: members, known: knownIssuers(members, fetched, clients) }
  const forecasts = forecastClients(served, clients)
  return { forecasts, graph: graphOf(members, served.known, clients, forecasts) }
}

// A root that another client trusts can be sent cross-signed; only those related to what was sent are of use.
const MOST_KNOWN = 20

function knownIssuers(sent: Member[], fetched: X509Certificate[], clients: Client[]): Member[] {
  const found = new Map<string, Member>()
  for (const certificate of fetched) {
    const member = memberOf(certificate)
    if (member) found.set(member.id, member)
  }
  for (const key of new Set([...sent, ...found.values()].map(({ issuerKey }) => issuerKey)))
    for (const { store } of clients)
      for (const member of store.find(key))
        if (!member.selfSigned && found.size < MOST_KNOWN) found.set(member.id, member)
  return [...found.values()]
}

function graphOf(sent: Member[], known: Member[], clients: Client[], forecasts: ClientForecast[]): PathGraph {
  const onPaths = new Set(forecasts.flatMap(({ stretches }) => stretches.flatMap(({ path }) => path)))
  const all = new Map<string, Member>()
  for (const member of [...sent, ...known]) all.set(member.id, member)
  for (const id of onPaths) if (!all.has(id)) all.set(id, findMember(id, [...all.values()], clients)!)
  const nodes = [...all.values()].filter(Boolean)
  const sentIds = new Set(sent.map(({ id }) => id))
  const edges = new Set<string>()
  for (const { stretches } of forecasts)
    for (const { path } of stretches)
      for (const [i, id] of path.entries()) if (path[i + 1]) edges.add(`${short(id)} ${short(path[i + 1]!)}`)
  return {
    nodes: nodes.map((member) => ({
      id: short(member.id),
      subject: member.subject,
      issuer: member.issuer,
      notBefore: iso(member.notBefore),
      notAfter: iso(member.notAfter),
      origin: sentIds.has(member.id) ? 'sent' : onPaths.has(member.id) ? 'store' : 'known',
      selfSigned: member.selfSigned,
    })),
    edges: [...edges].map((edge) => {
      const [from, to] = edge.split(' ')
      return { from: from!, to: to! }
    }),
    paths: forecasts.flatMap(({ name, stretches }) =>
      stretches.map((stretch) => ({
        client: name,
        from: instant(stretch.from),
        until: instant(stretch.to),
        reason: stretch.reason ?? 'ok',
        through: stretch.through,
        members: stretch.path.map(short),
      })),
    ),
  }
}

const short = (fingerprint: string) => fingerprint.replaceAll(':', '').slice(0, 16).toLowerCase()
const instant = (at: Millis) => (Number.isFinite(at) ? iso(at) : null)

/** A member of a path that was not sent stands in a store, under the name of an issuer on the path. */
function findMember(id: string, known: Member[], clients: Client[]): Member | undefined {
  for (const { store } of clients)
    for (const { issuerKey, subjectKey } of known)
      for (const member of [...store.find(issuerKey), ...store.find(subjectKey)])
        if (member.id === id) return member
  return undefined
}
