import type { Millis } from '../kit/clock.ts'
import type { Db } from '../store/store.ts'
import { beginServing, endServing, openServings, type SeenCertificate } from './certificates.rows.ts'
import type { Observation } from './observation.ts'

/** The certificates that one check saw. */
export interface Sighting {
  monitorId: string
  at: Millis
  seen: SeenCertificate[]
  /** Whether every place that is looked at answered, so that one that is missing is gone. */
  complete: boolean
}

/** What an observation says for the inventory; null where no certificate was seen. */
export function sightingOf(monitorId: string, observation: Observation, at: Millis): Sighting | null {
  const { certificate, served, values, verdict } = observation
  const address = typeof values.address === 'string' ? values.address : null
  const seen = served
    ? served.map((one) => ({ node: one.address, address: one.address, certificate: one.certificate }))
    : certificate
      ? [{ node: '', address, certificate }]
      : []
  if (seen.length === 0) return null
  return { monitorId, at, seen, complete: verdict === 'up' || verdict === 'degraded' }
}

/** A text that is the same for as long as the same certificates are served at the same places. */
export function signatureOf({ seen, complete }: Sighting): string {
  return `${complete} ${seen
    .map(({ node, certificate }) => `${node}=${certificate.fingerprint}`)
    .sort()
    .join()}`
}

/** Brings the inventory up to date; what it knows already is not written again. */
export async function keepInventory(db: Db, sightings: readonly Sighting[]): Promise<void> {
  if (sightings.length === 0) return
  const open = await openServings(
    db,
    sightings.map(({ monitorId }) => monitorId),
  )
  const known = new Map<string, { node: string; fingerprint: string }[]>()
  for (const { monitorId, node, fingerprint } of open) {
    const list = known.get(monitorId)
    if (list) list.push({ node, fingerprint })
    else known.set(monitorId, [{ node, fingerprint }])
  }
  for (const { monitorId, at, seen, complete } of sightings) {
    const before = known.get(monitorId) ?? []
    for (const { node, fingerprint } of before) {
      const now = seen.find((one) => one.node === node)
      if (now ? now.certificate.fingerprint !== fingerprint : complete)
        await endServing(db, monitorId, node, fingerprint, at)
    }
    for (const one of seen)
      if (
        !before.some(
          ({ node, fingerprint }) => node === one.node && fingerprint === one.certificate.fingerprint,
        )
      )
        await beginServing(db, monitorId, one, at)
  }
}
