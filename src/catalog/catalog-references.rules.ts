import type { Problem } from '../kit/errors.ts'
import type { CatalogConfig } from './config.ts'

/** What exists beside the file: made by people, or configured in later rooms (null: not checked here). */
export interface KnownThings {
  services: ReadonlySet<string>
  teams: ReadonlySet<string>
  people: ReadonlySet<string>
  /** Lower-case address → the id of the person who signs in with it, of people whom no file manages. */
  emails: ReadonlyMap<string, string>
  policies: ReadonlySet<string> | null
  schedules: ReadonlySet<string> | null
}

/** Every reference that leads nowhere, with its place and what to do about it. */
export function checkReferences(section: CatalogConfig, known: KnownThings): Problem[] {
  const problems: Problem[] = []
  const need = (
    path: string,
    kind: string,
    id: string | undefined,
    ...places: (ReadonlySet<string> | null)[]
  ) => {
    if (id === undefined || places.some((place) => place === null || place.has(id))) return
    const section =
      kind === 'schedule'
        ? 'oncall'
        : kind === 'policy'
          ? 'policies'
          : kind === 'person'
            ? 'people'
            : `${kind}s`
    problems.push({
      path,
      message: `there is no ${kind} "${id}"`,
      remedy: `Add ${id} to the section "${section}", or correct the spelling.`,
    })
  }
  const services = new Set(Object.keys(section.services))
  const teams = new Set(Object.keys(section.teams))
  const people = new Set(Object.keys(section.people))
  for (const [id, service] of Object.entries(section.services)) {
    const path = `services.${id}`
    need(`${path}.owner`, 'team', service.owner, teams, known.teams)
    need(`${path}.policy`, 'policy', service.policy, known.policies)
    for (const [i, target] of service.dependsOn.entries())
      if (target === id)
        problems.push({
          path: `${path}.dependsOn.${i}`,
          message: 'a service cannot depend on itself',
          remedy: 'Remove it.',
        })
      else need(`${path}.dependsOn.${i}`, 'service', target, services, known.services)
  }
  for (const [id, team] of Object.entries(section.teams)) {
    const path = `teams.${id}`
    need(`${path}.schedule`, 'schedule', team.schedule, known.schedules)
    need(`${path}.policy`, 'policy', team.policy, known.policies)
    for (const [i, member] of team.members.entries())
      need(`${path}.members.${i}`, 'person', member, people, known.people)
  }
  const emails = new Map<string, string>()
  for (const [id, person] of Object.entries(section.people)) {
    const key = person.email.toLowerCase()
    const beside = known.emails.get(key)
    const other = emails.get(key) ?? (beside === id ? undefined : beside)
    if (other !== undefined)
      problems.push({
        path: `people.${id}.email`,
        message: `${other} has this address too`,
        remedy: 'Give each person an address of their own: it is what they sign in with.',
      })
    emails.set(key, id)
  }
  return problems
}
