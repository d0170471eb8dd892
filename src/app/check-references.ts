import type { Problem } from '../kit/errors.ts'
import type { HeartbeatSpec, MonitorEntry } from '../monitors/index.ts'
import { oncallProblems } from '../oncall/index.ts'
import { danglingCases, danglingDrills } from '../proofs/index.ts'
import type { Configuration } from './configuration.ts'
import { nearest } from './explain-issue.ts'

const renewedBy = ({ kind, spec }: MonitorEntry): string | null =>
  kind === 'heartbeat' ? ((spec as HeartbeatSpec).renews ?? null) : null

type Ids = ReadonlySet<string>

/** What a section names that another section does not have: every one of them, with the nearest name that exists. */
export function danglingReferences(config: Configuration): Problem[] {
  const ids = (section: Record<string, unknown>): Ids => new Set(Object.keys(section))
  const people = ids(config.people)
  const teams = ids(config.teams)
  const services = ids(config.services)
  const monitors = ids(config.monitors)
  const schedules = ids(config.oncall)
  const policies = ids(config.policies)
  const problems: Problem[] = []
  const wants = (noun: string, known: Ids, id: string | null | undefined, path: string) => {
    if (id === null || id === undefined || known.has(id)) return
    const meant = nearest(id, [...known])
    const remedy = meant ? `Did you mean "${meant}"?` : `Add it, or name one that exists.`
    problems.push({ path, message: `there is no ${noun} "${id}"`, remedy })
  }
  for (const [id, service] of Object.entries(config.services)) {
    wants('team', teams, service.owner, `services.${id}.owner`)
    wants('policy', policies, service.policy, `services.${id}.policy`)
    for (const [i, other] of service.dependsOn.entries())
      wants('service', services, other, `services.${id}.dependsOn.${i}`)
  }
  for (const [id, team] of Object.entries(config.teams)) {
    for (const [i, member] of team.members.entries())
      wants('person', people, member, `teams.${id}.members.${i}`)
    wants('schedule', schedules, team.schedule, `teams.${id}.schedule`)
    wants('policy', policies, team.policy, `teams.${id}.policy`)
  }
  for (const [id, monitor] of Object.entries(config.monitors)) {
    wants('service', services, monitor.service, `monitors.${id}.service`)
    const renewed = renewedBy(monitor)
    wants('monitor', monitors, renewed, `monitors.${id}.renews`)
    if (renewed !== null && config.monitors[renewed]?.kind === 'heartbeat')
      problems.push({
        path: `monitors.${id}.renews`,
        message: `"${renewed}" is a heartbeat and has no certificate`,
        remedy: 'Name the monitor of the certificate that the job renews, or leave it out.',
      })
  }
  for (const [id, window] of Object.entries(config.maintenance)) {
    for (const [i, monitor] of window.monitors.entries())
      wants('monitor', monitors, monitor, `maintenance.${id}.monitors.${i}`)
    for (const [i, service] of window.services.entries())
      wants('service', services, service, `maintenance.${id}.services.${i}`)
  }
  for (const [r, rule] of config.incidents.rules.entries())
    for (const [i, service] of (rule.when.services ?? []).entries())
      wants('service', services, service, `incidents.rules.${r}.when.services.${i}`)
  return [
    ...problems,
    ...oncallProblems(config, people),
    ...danglingDrills(config.drills, { monitors, people }),
    ...danglingCases(config, services),
  ]
}
