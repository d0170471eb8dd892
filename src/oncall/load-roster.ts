import { findPerson, listPeople, verifiedContacts } from '../catalog/index.ts'
import type { Reader } from '../store/store.ts'
import { whoIsOnCall } from './final-schedule.rules.ts'
import { describeTarget, type PolicySpec, type Target } from './policy.ts'
import type { MissReason, Reach, ReachablePerson, Roster } from './roster.ts'
import { findSchedule, overridesWithin } from './schedule.rows.ts'

type Found = ReachablePerson | MissReason

/** Looks up whom targets reach at one instant, each person and schedule once. */
function finder(db: Reader, now: number) {
  const people = new Map<string, Promise<Found>>()
  const schedules = new Map<string, Promise<Found>>()

  async function person(id: string): Promise<Found> {
    const found = await findPerson(db, id)
    if (!found) return 'person-unknown'
    if (found.disabledAt !== null) return 'person-disabled'
    const contacts = await verifiedContacts(db, id)
    if (contacts.length === 0) return 'no-verified-contact'
    return {
      personId: id,
      personName: found.name,
      contacts: contacts.map((contact) => ({ contactId: contact.id, channel: contact.kind })),
    }
  }

  async function onCall(id: string): Promise<Found> {
    const schedule = await findSchedule(db, id)
    if (!schedule) return 'schedule-unknown'
    const overrides = await overridesWithin(db, { scheduleId: id, from: now, to: now + 1 })
    const { personId } = whoIsOnCall(schedule.spec, overrides, now)
    return personId === null ? 'nobody-on-call' : once(people, personId, person)
  }

  return (target: Target): Promise<Found> =>
    'person' in target ? once(people, target.person, person) : once(schedules, target.schedule, onCall)
}

function once<V>(known: Map<string, Promise<V>>, key: string, find: (key: string) => Promise<V>): Promise<V> {
  const found = known.get(key) ?? find(key)
  known.set(key, found)
  return found
}

async function reachOf(targets: readonly Target[], find: (target: Target) => Promise<Found>): Promise<Reach> {
  const reach: Reach = { people: [], missed: [] }
  for (const target of targets) {
    const found = await find(target)
    if (typeof found === 'string') reach.missed.push({ target: describeTarget(target), reason: found })
    else if (!reach.people.some((p) => p.personId === found.personId)) reach.people.push(found)
  }
  return reach
}

/** Whom each part of a policy reaches at `now`: only people with a verified contact count. */
export async function loadRoster(db: Reader, policy: PolicySpec | null, now: number): Promise<Roster> {
  const find = finder(db, now)
  const steps: Reach[] = []
  for (const step of policy?.steps ?? []) steps.push(await reachOf(step.notify, find))
  const named = (ids: readonly string[]) =>
    reachOf(
      ids.map((id) => ({ person: id })),
      find,
    )
  const administrators = (await listPeople(db)).filter((p) => p.role === 'administrator').map((p) => p.id)
  return {
    steps,
    lastResort: await named(policy?.lastResort.people ?? []),
    administrators: await named(administrators),
  }
}
