import { findService } from '../../catalog/index.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, type Problem, TocsinError, wrongState } from '../../kit/errors.ts'
import { allMonitors, createMonitorIn, type Monitor } from '../../monitors/index.ts'
import { parseDrill } from '../config.ts'
import { createDrillIn, drillOf } from '../create-drill.ts'
import { type Drill, findDrill, listDrills } from '../drill.rows.ts'
import { caseAdopted } from '../facts.ts'
import { playClock } from '../play-clock.ts'
import { askRun } from '../run-drill.ts'
import { seesFaults } from '../sees-faults.ts'
import type { IncidentCase } from './case.ts'
import { findCase } from './find-case.ts'
import { guessValues } from './guess-values.rules.ts'
import { type Plan, type PresentMonitor, planAdoption } from './plan-adoption.rules.ts'

export interface AdoptCaseInput {
  caseId: string
  serviceIds: readonly string[]
  /** By service, and by the name of the value; what is left out is guessed from the monitors that there are. */
  values?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** What one service would get, with the values that it rests on. */
export interface ServicePlan extends Plan {
  values: Record<string, string>
}

/** What would be created, without creating it. Monitors that there are are tried against the faults of the case. */
export async function planCase(world: World, actor: Actor, input: AdoptCaseInput): Promise<ServicePlan[]> {
  authorize(actor, 'editor')
  const incident = await findCase(world.store.read, input.caseId)
  if (!incident) throw notFound('case', input.caseId)
  const monitors = await allMonitors(world.store.read)
  const drills = await listDrills(world.store.read, { limit: 10_000 })
  const taken = {
    monitors: new Set(monitors.map(({ id }) => id)),
    drills: new Set(drills.map(({ id }) => id)),
  }
  const plans: ServicePlan[] = []
  for (const serviceId of new Set(input.serviceIds)) {
    const service = await findService(world.store.read, serviceId)
    if (!service || service.removedAt !== null) throw notFound('service', serviceId)
    const own = monitors.filter((one) => one.serviceId === serviceId)
    const given = stated(input.values?.[serviceId])
    const values = { ...guessValues(incident.values, own), ...given }
    const plan = planAdoption({
      incident,
      service,
      values,
      present: await presentMonitors(world, incident, own),
      taken,
      presentDrill: presentDrill(drills, incident.id, own),
    })
    for (const { id } of plan.monitors) taken.monitors.add(id)
    if (plan.drill) taken.drills.add(plan.drill.id)
    plans.push({ ...plan, values })
  }
  return plans
}

const stated = (values: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(values).filter(([, text]) => text.trim() !== ''))

function presentDrill(drills: readonly Drill[], caseId: string, own: readonly Monitor[]) {
  const plays = drills.filter(
    ({ kind, settings, monitorId }) =>
      kind === 'case' && settings.case === caseId && own.some(({ id }) => id === monitorId),
  )
  // The newest plays the most, where there are several.
  const newest = plays.toSorted((a, b) => b.createdAt - a.createdAt)[0]
  return newest ? { id: newest.id, faults: (newest.settings.faults as string[] | undefined) ?? null } : null
}

/** Which of the monitors notice already what the case wants noticed. */
async function presentMonitors(
  world: World,
  incident: IncidentCase,
  own: readonly Monitor[],
): Promise<PresentMonitor[]> {
  const clock = playClock(world.clock)
  const found: PresentMonitor[] = []
  for (const monitor of own.filter(({ enabled }) => enabled)) {
    const standsFor: string[] = []
    for (const [key, { settings, sees }] of Object.entries(incident.monitors))
      if (settings.type === monitor.kind && (await seesFaults(monitor, sees, clock))) standsFor.push(key)
    found.push({ id: monitor.id, standsFor })
  }
  return found
}

/** Creates the monitors that are missing and the drill over all of them, for each service; and plays the drills. */
export async function adoptCase(world: World, actor: Actor, input: AdoptCaseInput): Promise<ServicePlan[]> {
  const plans = await planCase(world, actor, input)
  const problems = plans.flatMap((plan) => missingIn(plan))
  if (problems.length > 0)
    throw new TocsinError(
      'invalid-input',
      `Some values are missing: ${problems.map(({ path }) => path).join(', ')}.`,
      problems,
    )
  await world.transact(async (tx) => {
    for (const plan of plans) await carryOut(tx, world, actor, input.caseId, plan)
  })
  return plans
}

function missingIn({ serviceId, monitors }: Plan): Problem[] {
  const names = new Set(
    monitors.filter(({ state }) => state === 'needs-values').flatMap(({ missing }) => missing),
  )
  return [...names].map((value) => ({
    path: `values.${serviceId}.${value}`,
    message: 'is needed, and is not given or not of its kind',
    remedy: 'Give it; a plan without creating anything shows what is needed.',
  }))
}

async function carryOut(
  tx: Tx,
  world: World,
  actor: Actor,
  caseId: string,
  plan: ServicePlan,
): Promise<void> {
  const created = plan.monitors.filter(({ state }) => state === 'create')
  for (const { id, settings } of created) await createMonitorIn(tx, world, actor, { id, settings })
  const { drill } = plan
  if (!drill) throw wrongState(`No monitor of the case fits ${plan.serviceName}.`)
  if (drill.state === 'create')
    await createDrillIn(tx, world, actor, drillOf(drill.id, parseDrill(drill.settings), 'api'))
  if (created.length === 0 && drill.state === 'present') return
  await caseAdopted.append(tx, world, {
    subject: caseId,
    actor,
    data: {
      caseId,
      serviceId: plan.serviceId,
      monitors: created.map(({ id }) => id),
      drills: drill.state === 'create' ? [drill.id] : [],
    },
  })
  // At once: who takes a case over wants to see whether it works.
  if (world.drill === null) await askRun(tx, world, actor, (await findDrill(tx.db, drill.id))!, 'person')
}
