import { z } from 'zod'
import * as contract from '../contract/monitors.ts'
import { roleIncludes } from '../engine/authorize.ts'
import type { Actor } from '../engine/world.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { DAY } from '../kit/duration.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import {
  allMaintenance,
  changeMonitor,
  createMonitor,
  endMaintenance,
  findMonitor,
  listMonitors,
  type Maintenance,
  type MonitorView,
  monitorKinds,
  planMaintenance,
  readHistory,
  removeMonitor,
  resolutionFor,
  shownSpec,
  standingOf,
  tryMonitor,
} from '../monitors/index.ts'
import { faultsCaughtBy } from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, pageOf, pageOfAll } from './presenting.ts'

/** Monitors, their history and kinds, and maintenance. */
export const monitorsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const detail = async (actor: Actor, id: string): Promise<contract.MonitorDetail> => {
    const found = await findMonitor(db, id)
    if (!found) throw notFound('monitor', id)
    // Who knows the address can report for the job: that is more than looking.
    const mayPing = found.pingKey !== null && roleIncludes(actor.role, 'responder')
    return {
      ...monitorView(found),
      // As a person wrote it, where one did: the form for changing it begins with that.
      spec: shownSpec(found.settings ?? found.spec),
      last: found.last ? { ...found.last, certificate: found.certificate ?? undefined } : null,
      faults: await faultsCaughtBy(db, id),
      pingUrl: mayPing ? `${world.publicUrl}/ping/${found.pingKey}` : null,
    }
  }
  bind(contract.listMonitors, async ({ query }) => {
    const found = await listMonitors(db, { after: query.cursor, limit: query.limit + 1 })
    return pageOf(found, query.limit, monitorView, (monitor) => monitor.id)
  })
  bind(contract.readMonitor, ({ actor, params }) => detail(actor, params.id))
  bind(contract.createMonitor, async ({ actor, body }) =>
    detail(actor, (await createMonitor(world, actor, body)).id),
  )
  bind(contract.changeMonitor, async ({ actor, params, body }) =>
    detail(actor, (await changeMonitor(world, actor, { id: params.id, settings: body.settings })).id),
  )
  bind(contract.removeMonitor, async ({ actor, params }) => {
    await removeMonitor(world, actor, params.id)
    return undefined
  })
  bind(contract.tryMonitor, ({ actor, body }) => tryMonitor(world, actor, body.settings))
  bind(contract.readMonitorHistory, async ({ params, query }) => {
    if (!(await findMonitor(db, params.id))) throw notFound('monitor', params.id)
    const to = query.to === undefined ? world.clock.now() : millis(query.to)
    const from = query.from === undefined ? to - DAY : millis(query.from)
    if (from >= to)
      throw new TocsinError('invalid-input', '"from" must be before "to".', [
        { path: 'query.from', message: 'is not before "to"' },
      ])
    const resolution = query.resolution ?? resolutionFor(from, to)
    const points = await readHistory(world, params.id, from, to, resolution)
    return {
      from: iso(from),
      to: iso(to),
      resolution,
      points: points.map(({ at, ...point }) => ({ at: iso(at), ...point })),
    }
  })
  bind(contract.listMonitorKinds, async () => ({
    items: Object.values(monitorKinds).map(({ kind, title, description, reasons, schema }) => ({
      kind,
      title,
      description,
      reasons: [...reasons],
      schema: z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }) as Record<
        string,
        unknown
      >,
    })),
    next: null,
  }))
  bind(contract.listMaintenance, async ({ query }) =>
    pageOfAll(
      await allMaintenance(db),
      query,
      (maintenance) => maintenanceView(maintenance, world.clock.now()),
      (maintenance) => maintenance.id,
    ),
  )
  bind(contract.createMaintenance, async ({ actor, body }) => {
    const planned = { ...body, from: millis(body.from), to: millis(body.to) }
    return maintenanceView(await planMaintenance(world, actor, planned), world.clock.now())
  })
  bind(contract.endMaintenance, async ({ actor, params }) => {
    await endMaintenance(world, actor, params.id)
    return undefined
  })
}

function monitorView(monitor: MonitorView): contract.Monitor {
  return {
    id: monitor.id,
    name: monitor.name,
    serviceId: monitor.serviceId,
    kind: monitor.kind,
    target: monitor.target,
    state: monitor.state.verdict,
    reason: monitor.state.reason,
    summary: monitor.state.summary,
    since: iso(monitor.state.since),
    everyMs: monitor.every,
    enabled: monitor.enabled,
    inMaintenance: monitor.state.maintenance,
    managedBy: monitor.managedBy,
    lastCheckedAt: isoOrNull(monitor.checkedAt),
    nextCheckAt: isoOrNull(monitor.nextAt),
    tookMs: monitor.tookMs,
  }
}

function maintenanceView(maintenance: Maintenance, now: number): contract.Maintenance {
  const { state, reason, since, from, to } = standingOf(maintenance, now)
  return {
    id: maintenance.id,
    name: maintenance.name,
    monitors: maintenance.monitors,
    services: maintenance.services,
    state,
    reason,
    since: iso(since ?? from),
    from: iso(from),
    to: iso(to),
    managedBy: maintenance.managedBy,
  }
}
