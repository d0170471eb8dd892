import {
  type Alert,
  createSilence,
  endSilence,
  findAlert,
  listAlerts,
  listSilences,
  type Silence,
  silenceState,
} from '../alerts/index.ts'
import * as contract from '../contract/alerts.ts'
import { incidentOfAlert } from '../incidents/index.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { acknowledgeAlert, type NextOfAlert, nextOfAlerts, resolveAlertByHand } from '../oncall/index.ts'
import type { Reader } from '../store/store.ts'
import type { RoomRoutes } from './bind.ts'
import { millis } from './presenting.ts'

/** Alerts and silences. */
export const alertsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const read = async (id: string) => {
    const alert = await findAlert(db, id)
    if (!alert) throw notFound('alert', id)
    return (await alertViews(db, [alert]))[0]!
  }
  bind(contract.listAlerts, async ({ query }) => {
    const { items, next } = await listAlerts(db, query)
    return { items: await alertViews(db, items), next }
  })
  bind(contract.readAlert, ({ params }) => read(params.id))
  bind(contract.acknowledgeAlert, async ({ actor, params, request }) => {
    const byProgram = request.headers['user-agent'] === 'tocsin-cli' ? 'cli' : 'api'
    const via = request.identity?.via === 'session' ? 'browser' : byProgram
    await acknowledgeAlert(world, actor, { alertId: params.id, via })
    return read(params.id)
  })
  bind(contract.resolveAlert, async ({ actor, params, body }) => {
    await resolveAlertByHand(world, actor, { alertId: params.id, reason: body.reason })
    return read(params.id)
  })
  bind(contract.listSilences, async ({ query }) => {
    const { items, next } = await listSilences(db, query)
    return { items: items.map((silence) => silenceView(silence, world.clock.now())), next }
  })
  bind(contract.createSilence, async ({ actor, body }) => {
    const silence = await createSilence(world, actor, {
      match: body.match,
      reason: body.reason,
      until: millis(body.until),
      ...(body.from === undefined ? {} : { from: millis(body.from) }),
    })
    return silenceView(silence, world.clock.now())
  })
  bind(contract.endSilence, async ({ actor, params }) => {
    await endSilence(world, actor, { silenceId: params.id })
    return undefined
  })
}

/** Alerts as the API shows them, with their incidents and what happens next. */
async function alertViews(db: Reader, alerts: Alert[]): Promise<contract.Alert[]> {
  const waiting = alerts.filter((alert) => alert.state !== 'resolved').map((alert) => alert.id)
  const next = await nextOfAlerts(db, waiting)
  return Promise.all(
    alerts.map(async (alert) => alertView(alert, await incidentOfAlert(db, alert.id), next.get(alert.id))),
  )
}

function alertView(alert: Alert, incidentId: string | null, next: NextOfAlert | undefined): contract.Alert {
  return {
    id: alert.id,
    dedupKey: alert.dedupKey,
    title: alert.title,
    summary: alert.summary,
    severity: alert.severity,
    state: alert.state,
    reason: alert.reason,
    since: iso(alert.openedAt),
    serviceId: alert.serviceId,
    monitorId: alert.monitorId,
    incidentId,
    source: alert.source,
    silenced: alert.silenceId !== null,
    acknowledgedAt: isoOrNull(alert.acknowledgedAt),
    acknowledgedBy: alert.acknowledgedName ?? alert.acknowledgedBy,
    acknowledgedVia: alert.acknowledgedVia,
    resolvedAt: isoOrNull(alert.resolvedAt),
    resolvedReason: alert.resolvedReason,
    next: next ? { what: next.what, at: iso(next.at) } : null,
  }
}

function silenceView(silence: Silence, now: number): contract.Silence {
  const state = silenceState(silence, now)
  const since = {
    pending: silence.createdAt,
    active: silence.from,
    expired: silence.endedAt ?? silence.until,
  }
  return {
    id: silence.id,
    match: silence.match,
    state,
    reason: silence.reason,
    since: iso(since[state]),
    from: iso(silence.from),
    until: iso(silence.until),
    by: silence.createdName,
  }
}
