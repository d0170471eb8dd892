import { reasonsByService } from '../../alerts/index.ts'
import { listPeople, listServices, listTeams, type Service } from '../../catalog/index.ts'
import type { Millis } from '../../kit/clock.ts'
import { allMonitors, type Monitor } from '../../monitors/index.ts'
import { defaultPolicy, listPolicies, listSchedules, type Policy, type Schedule } from '../../oncall/index.ts'
import type { Reader } from '../../store/store.ts'
import { breathe } from '../breathe.ts'
import { listStoredCases } from '../cases/cases.rows.ts'
import { newestPagingRuns } from '../drill.rows.ts'
import { classOfReason, FAILURE_CLASSES, type FailureClassId } from '../failure-class.ts'
import { allScores } from '../fault-score.rows.ts'
import { type CutDrill, listCutDrills, type PlaceMonitor, placeMonitorsOf } from './cut-drills.ts'
import { type Exposed, exposureOf } from './exposure.rules.ts'
import type { FaultStanding, OtherStanding } from './judge-cell.rules.ts'
import { type Cell, judgeCell } from './judge-cell.rules.ts'
import { faultStandings } from './monitor-faults.ts'
import { type Judgement, listJudgements } from './not-applicable.rows.ts'
import {
  type PagingRun,
  standingOfPages,
  standingOfPeople,
  standingOfPlaces,
} from './other-standings.rules.ts'
import { traitsOf } from './traits.rules.ts'

/** All that is known of one cell. */
export interface SurveyedCell extends Cell {
  failureClass: FailureClassId
  exposure: string[]
  faults: FaultStanding[]
}

/** All that is known of one service. */
export interface SurveyedService {
  service: Service
  exposed: Exposed
  monitors: Monitor[]
  policy: Policy | null
  /** The places that somebody watches over, of whichever service, and the drills that cut them off. */
  placeMonitors: PlaceMonitor[]
  cutDrills: CutDrill[]
  cells: SurveyedCell[]
}

const AT_ONCE = 25
const PAGING_KINDS = ['end-to-end', 'case', 'incident-replay']

/** Looks at every service, or at one, through every failure class. */
export async function survey(db: Reader, now: Millis, only?: string): Promise<SurveyedService[]> {
  const services = (await listServices(db)).filter(({ id }) => only === undefined || id === only)
  const all = await allMonitors(db)
  const monitors = Map.groupBy(all, ({ serviceId }) => serviceId)
  const placeMonitors = placeMonitorsOf(all)
  const cutDrills = await listCutDrills(db, placeMonitors)
  const scores = await allScores(db)
  const runs = await newestPagingRuns(db, PAGING_KINDS)
  const escalation = await readEscalation(db)
  const judgements = newestOf(await listJudgements(db))
  const struck = await readStruck(db, now)
  const surveyed: SurveyedService[] = []
  for (const [place, service] of services.entries()) {
    if (place % AT_ONCE === AT_ONCE - 1) await breathe()
    const own = (monitors.get(service.id) ?? []).filter(({ enabled }) => enabled)
    const policy = escalation.policyOf(service)
    const exposed: Exposed = {
      traits: traitsOf(service.has, own),
      audience: service.audience,
      monitors: own.map(({ id, kind }) => ({ id, kind })),
      struck: struck.get(service.id) ?? new Map(),
      people: policy ? escalation.peopleOf(policy) : [],
      policy: policy?.name ?? null,
    }
    const standings = own.map((monitor) => faultStandings(monitor, scores.get(monitor.id) ?? new Map()))
    const pages = own.flatMap(({ id }): PagingRun[] => {
      const run = runs.get(id)
      return run ? [run] : []
    })
    const cells = FAILURE_CLASSES.map(({ id }): SurveyedCell => {
      const exposure = exposureOf(id, exposed)
      const faults = standings.flatMap((one) => one.get(id) ?? [])
      const other = otherStanding(id, exposed, own, { pages, cutDrills })
      const judgement = judgements.get(`${service.id} ${id}`) ?? null
      return { failureClass: id, exposure, faults, ...judgeCell({ exposure, faults, other, judgement }, now) }
    })
    surveyed.push({ service, exposed, monitors: own, policy, placeMonitors, cutDrills, cells })
  }
  return surveyed
}

function otherStanding(
  id: FailureClassId,
  exposed: Exposed,
  monitors: readonly Monitor[],
  { pages, cutDrills }: { pages: readonly PagingRun[]; cutDrills: readonly CutDrill[] },
): OtherStanding | null {
  if (id === 'page.unanswered') return standingOfPages(exposed, pages)
  if (id === 'escalation.single-person') return standingOfPeople(exposed)
  if (id === 'view.inside-only') return standingOfPlaces(monitors, cutDrills)
  return null
}

function newestOf(judgements: readonly Judgement[]): Map<string, Judgement> {
  const newest = new Map<string, Judgement>()
  for (const one of judgements) {
    const cell = `${one.serviceId} ${one.failureClass}`
    if (!newest.has(cell)) newest.set(cell, one)
  }
  return newest
}

async function readEscalation(db: Reader) {
  const policies = new Map((await listPolicies(db)).map((policy) => [policy.id, policy]))
  const usual = await defaultPolicy(db)
  const teams = new Map((await listTeams(db)).map((team) => [team.id, team]))
  const schedules = new Map((await listSchedules(db)).map((schedule) => [schedule.id, schedule]))
  const people = new Map((await listPeople(db)).map((person) => [person.id, person.name]))
  return {
    policyOf: ({ policy, owner }: Service): Policy | null =>
      policies.get(policy ?? (owner ? teams.get(owner)?.policy : null) ?? '') ?? usual,
    peopleOf: (policy: Policy): string[] =>
      [...reachable(policy, schedules)].map((id) => people.get(id)).filter((name) => name !== undefined),
  }
}

function reachable({ spec }: Policy, schedules: ReadonlyMap<string, Schedule>): Set<string> {
  const targets = spec.steps.flatMap(({ notify }) => notify)
  return new Set([
    ...targets.flatMap((to) =>
      'person' in to ? [to.person] : (schedules.get(to.schedule)?.spec.order ?? []),
    ),
    ...spec.lastResort.people,
  ])
}

/** What has happened to whom: by what monitors said, and by the cases that people wrote. */
async function readStruck(db: Reader, now: Millis): Promise<Map<string, Exposed['struck']>> {
  const struck = new Map<string, Map<FailureClassId, { what: string; agoMs: number | null }>>()
  const add = (serviceId: string, failureClass: FailureClassId, what: string, agoMs: number | null) => {
    const own = struck.get(serviceId) ?? new Map()
    const before = own.get(failureClass)
    if (!before || (agoMs !== null && before.agoMs !== null && agoMs < before.agoMs))
      own.set(failureClass, { what, agoMs })
    struck.set(serviceId, own)
  }
  for (const { id, services, classes, title } of await listStoredCases(db))
    for (const serviceId of services)
      for (const failureClass of classes) add(serviceId, failureClass, `${title} (case ${id})`, null)
  for (const { serviceId, reason, lastAt } of await reasonsByService(db)) {
    const failureClass = classOfReason(reason)
    if (failureClass) add(serviceId, failureClass, reason, now - lastAt)
  }
  return struck
}
