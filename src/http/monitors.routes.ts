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
  countMonitors,
  createMonitor,
  endMaintenance,
  expectedChecks,
  findMonitor,
  findScreenshot,
  kindNamed,
  listMonitors,
  listRuns,
  type Maintenance,
  type MonitorKind,
  type MonitorView,
  monitorKinds,
  planMaintenance,
  type Run,
  readHistory,
  relatedMonitors,
  removeMonitor,
  resolutionFor,
  runFigures,
  shownSpec,
  standingOf,
  tryMonitor,
  whyNotTried,
} from '../monitors/index.ts'
import { faultsCaughtBy, faultsOfKind, unseenFaults } from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'
import { Plain } from './plain.ts'
import { millis, pageOf, pageOfAll, staleCursor, wordsOf } from './presenting.ts'

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
      cannotSee: [...kindNamed(found.kind).cannotSee],
      unseen: await unseenFaults(db, found),
      pingUrl: mayPing && found.kind === 'heartbeat' ? `${world.publicUrl}/ping/${found.pingKey}` : null,
      logUrl: mayPing && found.kind === 'log' ? `${world.publicUrl}/logs/${found.pingKey}` : null,
      related: (await relatedMonitors(db, found)).map(
        ({ relation, monitor: { id, name, state, ...other } }) => ({
          relation,
          id,
          name,
          state: state.verdict,
          reason: state.reason,
          summary: other.last?.reason === state.reason ? other.last.summary : state.summary,
          since: iso(state.since),
          certificateEnds: other.certificate?.notAfter ?? null,
        }),
      ),
    }
  }
  bind(contract.listMonitors, async ({ query }) => {
    const { cursor, limit, order, state, service } = query
    const [rank, id] = cursor?.includes('~') ? cursor.split('~', 2) : ['0', cursor]
    const after = id === undefined ? undefined : { id, rank: Number(rank) }
    const filter = { state, serviceId: service, words: wordsOf(query.q) }
    const found = await listMonitors(db, { ...filter, order, after, limit: limit + 1 })
    return pageOf(found, limit, monitorView, (one) => (order === 'id' ? one.id : `${one.rank}~${one.id}`))
  })
  bind(contract.countMonitors, async ({ query }) => {
    const states = await countMonitors(db, { serviceId: query.service, words: wordsOf(query.q) })
    return { total: Object.values(states).reduce((sum, count) => sum + count, 0), states }
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
  bind(contract.tryMonitor, ({ actor, body }) => tryMonitor(world, actor, body.settings, body.id))
  bind(contract.readMonitorHistory, async ({ params, query }) => {
    const found = await findMonitor(db, params.id)
    if (!found) throw notFound('monitor', params.id)
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
      points: points.map(({ at, ...point }) => ({
        at: iso(at),
        ...point,
        expectedChecks: kindNamed(found.kind).check ? expectedChecks(point, found.every) : null,
      })),
    }
  })
  bind(contract.readScreenshot, async ({ params, reply }) => {
    const shown = await findScreenshot(db, params.id)
    if (!shown) throw new TocsinError('not-found', `There is no picture of a failure of "${params.id}".`)
    reply
      .header('last-modified', new Date(shown.at).toUTCString())
      .header('x-step', encodeURIComponent(shown.step))
    return new Plain('image/jpeg', Buffer.from(shown.jpeg, 'base64'))
  })
  bind(contract.listRuns, async ({ params, query }) => {
    if (!(await findMonitor(db, params.id))) throw notFound('monitor', params.id)
    const before = query.cursor === undefined ? undefined : Number(query.cursor)
    if (Number.isNaN(before)) throw staleCursor()
    const runs = await listRuns(db, params.id, query.limit + 1, before, query.outcome)
    return {
      ...pageOf(runs, query.limit, runView, ({ seq }) => `${seq}`),
      ...(await runFigures(db, params.id)),
    }
  })
  bind(contract.listMonitorKinds, async () => ({
    items: (Object.values(monitorKinds) as unknown as MonitorKind[]).map(({ schema, ...kind }) => ({
      kind: kind.kind,
      title: kind.title,
      description: kind.description,
      reasons: [...kind.reasons],
      cannotSee: [...kind.cannotSee],
      ...playedAgainst(kind),
      notTried: whyNotTried(kind.kind),
      checksMembers: kind.byAddress !== undefined,
      schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
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

function runView({ seq, startedAt, endedAt, ...run }: Run): contract.Run {
  return { id: `${seq}`, ...run, startedAt: isoOrNull(startedAt), endedAt: isoOrNull(endedAt) }
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

/** What drills play against a kind, in the form of the contract. */
function playedAgainst(kind: Parameters<typeof faultsOfKind>[0]) {
  const { faults, whyNone } = faultsOfKind(kind)
  const shown = faults.map(({ name, title, description, failureClass, remedy }) => ({
    name,
    title,
    description,
    failureClass,
    remedy,
  }))
  return { faults: shown, whyNoFaults: whyNone }
}
