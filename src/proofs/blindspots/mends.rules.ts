import type { Mend } from '../../contract/cases.ts'
import type { IncidentCase } from '../cases/case.ts'
import { guessValues, type Known } from '../cases/guess-values.rules.ts'
import type { FailureClassId } from '../failure-class.ts'
import { wouldStrike } from './exposure.rules.ts'
import type { FaultStanding } from './judge-cell.rules.ts'
import type { SurveyedCell, SurveyedService } from './survey.ts'

/** What is at hand to mend a cell with. */
export interface AtHand {
  cases: readonly IncidentCase[]
  /** Drills of the monitors of this service. */
  drills: readonly {
    id: string
    kind: string
    monitorId: string
    caseId: string | null
    /** What it plays, where it is a choice. */
    faults: 'all' | readonly string[]
    except: readonly string[]
  }[]
  /** The ids of all drills, whosever they are. */
  taken: ReadonlySet<string>
  /** What to write so that a fault is noticed. */
  remedies: ReadonlyMap<string, string>
}

const nothing = { caseId: null, monitorId: null, drillId: null, settings: null }

/** What would mend a cell, the most helpful first; there is always something. */
export function mendsFor(cell: SurveyedCell, about: SurveyedService, atHand: AtHand): Mend[] {
  if (cell.state === 'not-exposed') return declared(cell, about)
  if (cell.state === 'not-applicable') return []
  switch (cell.failureClass) {
    case 'page.unanswered':
      return pagesMends(about, atHand)
    case 'escalation.single-person':
      return [addPerson(about)]
    case 'view.inside-only':
      return placeMends(cell, about, atHand)
    default:
      return faultMends(cell, about, atHand)
  }
}

function faultMends(cell: SurveyedCell, about: SurveyedService, atHand: AtHand): Mend[] {
  const { state, faults } = cell
  const counted = faults.filter(({ looks, result }) => looks || result === 'missed')
  const caught = new Set(counted.filter(({ result }) => result === 'caught').map(({ fault }) => fault))
  const missed = counted.filter(({ result, fault }) => result === 'missed' && !caught.has(fault))
  const changes = missed.map(({ fault, title, monitorId }): Mend => {
    const detail = atHand.remedies.get(fault) ?? 'Let the monitor ask for what it breaks.'
    return {
      ...nothing,
      kind: 'change-monitor',
      title: `Let ${monitorId} notice: ${title}`,
      detail,
      monitorId,
    }
  })
  const shown = counted.filter(({ result }) => result !== 'missed')
  // Where something is open, only that has to be shown; what is proved is played again as a whole.
  const open = state === 'unproven' ? shown.filter(({ fault }) => !caught.has(fault)) : []
  const toPlay = Map.groupBy(open.length > 0 ? open : shown, ({ monitorId }) => monitorId)
  const drills = [...toPlay].map(([monitorId, ones]) => drillMend(cell, monitorId, ones, atHand))
  const adopt = state === 'proved' ? [] : caseMends(cell, about, atHand)
  const blind = state === 'unseen' && counted.length === 0
  const add = blind ? [addMonitor(cell.failureClass, about)] : []
  const idle = blind ? lookingAway(cell, atHand) : []
  return state === 'unseen' ? [...changes, ...adopt, ...idle, ...add, ...drills] : [...drills, ...adopt]
}

/** Monitors that could be asked to look, and are not. */
function lookingAway({ faults }: SurveyedCell, { remedies }: AtHand): Mend[] {
  const byMonitor = Map.groupBy(faults, ({ monitorId }) => monitorId)
  return [...byMonitor].map(([monitorId, ones]): Mend => {
    const [first] = ones
    return {
      ...nothing,
      kind: 'change-monitor',
      title: `Let ${monitorId} look: ${first!.title}`,
      detail: remedies.get(first!.fault) ?? 'Let the monitor ask for it.',
      monitorId,
    }
  })
}

function drillMend(
  { failureClass, state }: SurveyedCell,
  monitorId: string,
  faults: readonly FaultStanding[],
  { drills, taken }: AtHand,
): Mend {
  const names = [...new Set(faults.map(({ fault }) => fault))]
  // A drill that plays other faults shows nothing of these, however often it is played.
  const there = drills.find(
    (drill) =>
      drill.monitorId === monitorId &&
      drill.kind === 'monitor-faults' &&
      names.every(
        (name) => (drill.faults === 'all' || drill.faults.includes(name)) && !drill.except.includes(name),
      ),
  )
  if (there)
    return {
      ...nothing,
      kind: 'run-drill',
      title: `Play the drill ${there.id}${state === 'proved' ? ' again' : ''}`,
      detail: `It plays the faults against a copy of ${monitorId}; a proof counts for ninety days.`,
      drillId: there.id,
      monitorId,
    }
  return {
    ...nothing,
    kind: 'create-drill',
    title: `Create a drill of ${monitorId}`,
    detail: `It plays ${names.length === 1 ? names[0] : `${names.length} faults`} against a copy of the monitor every week.`,
    monitorId,
    drillId: freeId(`${monitorId}-${failureClass.replaceAll('.', '-')}`, taken),
    settings: { kind: 'monitor-faults', monitor: monitorId, faults: names, every: '7d' },
  }
}

const LONGEST_ID = 70

/** An id that no drill has yet. */
function freeId(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, LONGEST_ID)
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  return id
}

function caseMends(cell: SurveyedCell, { exposed }: SurveyedService, { cases, drills }: AtHand): Mend[] {
  return cases
    .filter(
      ({ classes, strikes }) =>
        classes.includes(cell.failureClass) && strikes.some((one) => exposed.traits.has(one)),
    )
    .filter(({ id }) => !drills.some(({ caseId }) => caseId === id))
    .slice(0, 2)
    .map(
      ({ id, title, lesson }): Mend => ({
        ...nothing,
        kind: 'adopt-case',
        title: `It could happen here: ${title}`,
        detail: lesson,
        caseId: id,
      }),
    )
}

function pagesMends({ policy, monitors, exposed }: SurveyedService, { drills, taken }: AtHand): Mend[] {
  const [first] = monitors
  if (!policy || exposed.people.length === 0)
    return [
      {
        ...nothing,
        kind: 'add-policy',
        title: 'Say who is paged',
        detail: 'Add an escalation policy with a step that reaches somebody, and a last resort.',
        settings: {
          policies: {
            usual: {
              default: true,
              steps: [{ notify: [{ person: 'ana' }], wait: '5m' }],
              lastResort: { people: ['bo'] },
            },
          },
        },
      },
    ]
  const there = drills.find(({ kind }) => kind === 'end-to-end' || kind === 'case')
  if (there)
    return [
      {
        ...nothing,
        kind: 'run-drill',
        title: `Play the drill ${there.id}`,
        detail: 'It shows who would be paged, and how soon; nobody is.',
        drillId: there.id,
      },
    ]
  if (!first) return []
  return [
    {
      ...nothing,
      kind: 'create-drill',
      title: `Show that ${first.id} wakes somebody`,
      detail: 'The drill plays a failure from the monitor to the page every week; nobody is paged by it.',
      monitorId: first.id,
      drillId: freeId(`${first.id}-wakes-somebody`, taken),
      settings: { kind: 'end-to-end', monitor: first.id, expect: { within: '15m' }, every: '7d' },
    },
  ]
}

function addPerson({ policy, exposed }: SurveyedService): Mend {
  const who = exposed.people[0] ?? 'nobody'
  return {
    ...nothing,
    kind: 'add-person',
    title: `Add somebody beside ${who}`,
    detail: `In the policy ${policy?.name ?? ''} ${who} stands at every step. Add a second person to the rotation, or a second step.`,
    settings: {
      policies: {
        [policy?.id ?? 'usual']: { steps: [{ notify: [{ person: 'somebody-else' }], wait: '5m' }] },
      },
    },
  }
}

function placeMends({ state }: SurveyedCell, about: SurveyedService, { taken }: AtHand): Mend[] {
  const { monitors, placeMonitors, cutDrills } = about
  const names = new Set(monitors.flatMap(({ places }) => places?.names ?? []))
  const there = cutDrills.find(({ place }) => names.has(place))
  if (there)
    return [
      {
        ...nothing,
        kind: 'run-drill',
        title: `Play the drill ${there.drillId}${state === 'proved' ? ' again' : ''}`,
        detail: `It breaks what is looked at from ${there.place} for everybody outside, and then cuts the place off; in memory.`,
        drillId: there.drillId,
        monitorId: there.monitorId,
      },
    ]
  const watched = placeMonitors.find(({ place }) => names.has(place))
  if (watched)
    return [
      {
        ...nothing,
        kind: 'create-drill',
        title: `Create a drill that cuts ${watched.place} off`,
        detail:
          'It shows every week that what is broken from outside alone is seen, that a silent place is told, and that nothing is called down for it.',
        monitorId: watched.monitorId,
        drillId: freeId(`${watched.place}-cut-off`, taken),
        settings: { kind: 'cut-off-a-place', monitor: watched.monitorId, every: '7d' },
      },
    ]
  const [elsewhere] = [...names].filter((name) => name !== 'here')
  if (elsewhere !== undefined)
    return [
      {
        ...nothing,
        kind: 'add-monitor',
        title: `Watch over the place ${elsewhere}`,
        detail: 'Nobody would know that its probe is silent. With this monitor a drill can cut it off.',
        settings: { type: 'place', service: about.service.id, place: elsewhere },
      },
    ]
  const [first] = monitors
  return [
    {
      ...nothing,
      kind: 'add-place',
      title: 'Look from outside too',
      detail: 'Run `tocsin probe` on a machine elsewhere, and name its place in the monitor.',
      monitorId: first?.id ?? null,
      settings: { places: ['here', 'outside'] },
    },
  ]
}

function declared({ failureClass }: SurveyedCell, { service }: SurveyedService): Mend[] {
  const traits = wouldStrike(failureClass)
  if (traits.length === 0) return []
  return [
    {
      ...nothing,
      kind: 'declare',
      title: 'Say that it can happen after all',
      detail: `Where the service has ${or(traits.map(({ title }) => title))}, declare it, and the cell is worked out anew.`,
      settings: { services: { [service.id]: { has: [traits[0]!.trait] } } },
    },
  ]
}

/** A monitor to begin with, with the addresses that the service is known to have. */
function addMonitor(failureClass: FailureClassId, { service, monitors }: SurveyedService): Mend {
  const guess = { title: '', example: '', kind: 'text' as const, optional: true }
  const known: Known[] = monitors.map(({ kind, target, spec }) => ({ kind, target, spec }))
  const found = guessValues({ host: { ...guess, guess: 'host' }, url: { ...guess, guess: 'url' } }, known)
  const host = found.host ?? `${service.id}.example.org`
  return {
    ...nothing,
    kind: 'add-monitor',
    title: 'Add a monitor that looks there',
    detail: 'Begin with these settings; "Try it" shows what it sees before it is added.',
    settings: { service: service.id, ...TEMPLATES[failureClass]?.(host, found.url) },
  }
}

type Template = (host: string, url: string | undefined) => Record<string, unknown>
const web: Template = (host, url) => ({
  type: 'http',
  url: url ?? `https://${host}/`,
  expect: { contains: 'a text of the right page' },
})
const certificate: Template = (host) => ({
  type: 'tls',
  target: `${host}:443`,
  expect: { name: host, renewBefore: '30d' },
})
const metric =
  (rule: Record<string, unknown>): Template =>
  (host) => ({
    type: 'metric',
    from: 'prometheus',
    url: `http://prometheus.${host.split('.').slice(1).join('.') || 'example.org'}:9090`,
    query: 'a query of yours',
    ...rule,
  })

/** For each class a kind of monitor that sees it, and the settings that matter. */
const TEMPLATES: Partial<Record<FailureClassId, Template>> = {
  'service.down': web,
  'service.frozen': web,
  'service.broken': web,
  'registrar.broken': (host) => ({
    type: 'sip',
    target: `${host}:5060`,
    method: 'register',
    user: 'probe',
    password: '',
  }),
  'token.unverifiable': (host) => ({ type: 'oidc', issuer: `https://${host}/` }),
  'certificate.identity': certificate,
  'certificate.expired': certificate,
  'certificate.chain': (host) => ({
    type: 'tls',
    target: `${host}:443`,
    expect: { name: host, clients: ['modern', 'openssl-1.0'] },
  }),
  'access.open': (host) => ({
    type: 'smtp',
    target: `${host}:25`,
    envelope: { to: 'anybody@elsewhere.example', recipient: 'refused' },
  }),
  'resource.leak': metric({ unit: 'bytes', forecast: { limit: 4_000_000_000, within: '24h' } }),
  'tenant.spike': metric({ share: { label: 'tenant', factor: 3 } }),
  'data.retention': metric({ unit: 'seconds', backlog: { retention: '24h', warn: '6h' } }),
  'redundancy.lost': (host) => ({
    type: 'pool',
    check: { type: 'tls', target: `${host}:443` },
    members: ['192.0.2.11', '192.0.2.12'],
    size: 2,
  }),
  'job.hung': () => ({ type: 'heartbeat', schedule: '0 3 * * *', startGrace: '10m', maxRun: '1h' }),
  'log.pattern': () => ({ type: 'log', push: true, match: 'error', moreThan: 5, within: '5m' }),
  'address.conflict': () => ({ type: 'inventory', url: 'https://registry.example.org/devices.json' }),
  'dns.content': (host) => ({ type: 'dns', query: host, expect: { atLeast: 1 } }),
  'watcher.silent': () => ({ type: 'place', place: 'outside' }),
}

function or(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`
}
