import { type ChannelMap, parseAddress, channels as realChannels } from '../channels/index.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { type Problem, TocsinError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import { applyContacts, type WantedContact } from './apply-contacts.ts'
import { checkReferences, type KnownThings } from './catalog-references.rules.ts'
import { disablePersonIn } from './change-person.ts'
import type { CatalogConfig, PersonConfig } from './config.ts'
import { addressKey } from './contacts.rows.ts'
import { catalogConfigured } from './facts.ts'
import { lockCatalog } from './lock.rows.ts'
import { emailKey, freeEmail, listPeople, putPerson } from './people.rows.ts'
import { listServices, putService, removeServiceRow } from './services.rows.ts'
import { listTeams, putTeam, removeTeamRow } from './teams.rows.ts'

export interface ApplyCatalogOptions {
  channels?: ChannelMap
  /** Ids of the other sections; a reference is not checked where its section is not given. */
  policies?: Iterable<string>
  schedules?: Iterable<string>
}

/** How many things changed; all zero when the file says what is there already. */
export interface CatalogChanges {
  created: number
  changed: number
  removed: number
}

type Noun = 'service' | 'team' | 'person'

/** Writes what differs, and one fact for each thing that does. */
async function sync<T extends { id: string }>(
  tx: Tx,
  world: World,
  actor: Actor,
  noun: Noun,
  there: (T & { managedBy: string; gone: boolean })[],
  wanted: T[],
  put: (thing: T) => Promise<void>,
  remove: (id: string) => Promise<void>,
): Promise<CatalogChanges> {
  const changes = { created: 0, changed: 0, removed: 0 }
  const before = new Map(there.map((thing) => [thing.id, thing]))
  for (const thing of wanted) {
    const old = before.get(thing.id)
    if (
      old &&
      !old.gone &&
      canonicalJson(old) === canonicalJson({ ...thing, managedBy: 'file', gone: false })
    )
      continue
    await put(thing)
    const change = old && !old.gone ? 'changed' : 'created'
    changes[change]++
    await catalogConfigured.append(tx, world, {
      subject: thing.id,
      actor,
      data: { noun, id: thing.id, change },
    })
  }
  const kept = new Set(wanted.map((thing) => thing.id))
  for (const old of there) {
    if (old.managedBy !== 'file' || old.gone || kept.has(old.id)) continue
    await remove(old.id)
    changes.removed++
  }
  return changes
}

function contactsOf(
  channels: ChannelMap,
  id: string,
  { email, contacts }: PersonConfig,
  problems: Problem[],
): WantedContact[] {
  const wanted = new Map<string, WantedContact>()
  for (const [i, contact] of [{ kind: 'email', address: { email } as unknown }, ...contacts].entries()) {
    try {
      const address = parseAddress(
        channels,
        contact.kind,
        contact.address,
        `people.${id}.contacts.${i - 1}.address`,
      )
      const key = addressKey(contact.kind, address)
      if (!wanted.has(key)) wanted.set(key, { kind: contact.kind, address, key })
    } catch (error) {
      if (!(error instanceof TocsinError)) throw error
      problems.push(...error.problems)
    }
  }
  return [...wanted.values()]
}

/**
 * Makes services, teams and people what the file says, in the transaction given; what the file no longer names
 * is taken out of use and kept for history. Throws `configuration-invalid` with everything that is wrong.
 */
export async function applyCatalogConfig(
  tx: Tx,
  world: World,
  actor: Actor,
  section: CatalogConfig,
  options: ApplyCatalogOptions = {},
): Promise<CatalogChanges> {
  authorize(actor, 'administrator')
  await lockCatalog(tx, world)
  const { db, now } = tx
  const services = await listServices(db, { removed: true })
  const teams = await listTeams(db, { removed: true })
  const people = await listPeople(db, { disabled: true })
  const byHand = people.filter((person) => person.managedBy === 'api' && person.disabledAt === null)
  const ids = (things: { id: string; managedBy: string; removedAt: number | null }[]) =>
    new Set(
      things
        .filter((thing) => thing.managedBy === 'api' && thing.removedAt === null)
        .map((thing) => thing.id),
    )
  const known: KnownThings = {
    services: ids(services),
    teams: ids(teams),
    people: new Set(byHand.map((person) => person.id)),
    emails: new Map(byHand.map((person) => [emailKey(person.email), person.id])),
    policies: options.policies ? new Set(options.policies) : null,
    schedules: options.schedules ? new Set(options.schedules) : null,
  }
  const problems = checkReferences(section, known)
  const contacts = new Map(
    Object.entries(section.people).map(([id, person]) => [
      id,
      contactsOf(options.channels ?? realChannels, id, person, problems),
    ]),
  )
  if (problems.length > 0)
    throw new TocsinError(
      'configuration-invalid',
      'The services, teams and people of the file do not fit together, or not with those made by hand.',
      problems,
    )

  const peopleNow = people.map(({ id, name, email, role, timezone, managedBy, disabledAt }) => ({
    ...{ id, name, email, role, timezone, managedBy },
    gone: disabledAt !== null,
  }))
  const peopleWanted = Object.entries(section.people).map(([id, { name, email, role, timezone }]) => ({
    ...{ id, email, role, timezone },
    name: name ?? id,
  }))
  await releaseEmails(tx, peopleNow, peopleWanted)
  const total = await sync(
    ...([tx, world, actor, 'person', peopleNow, peopleWanted] as const),
    (person) => putPerson(db, person, 'file', now),
    (id) => disablePersonIn(tx, world, actor, id),
  )
  for (const [id, wanted] of contacts) await applyContacts(tx, world, actor, id, wanted)

  const teamsNow = teams.map(({ removedAt, ...team }) => ({ ...team, gone: removedAt !== null }))
  const teamsWanted = Object.entries(section.teams).map(([id, { name, members, schedule, policy }]) => ({
    ...{ id, name: name ?? id, members: [...new Set(members)] },
    ...{ schedule: schedule ?? null, policy: policy ?? null },
  }))
  const removed = (noun: Noun, id: string) =>
    catalogConfigured.append(tx, world, { subject: id, actor, data: { noun, id, change: 'removed' } })
  const ofTeams = await sync(
    ...([tx, world, actor, 'team', teamsNow, teamsWanted] as const),
    (team) => putTeam(db, team, 'file', now),
    async (id) => {
      if (await removeTeamRow(db, id, now)) await removed('team', id)
    },
  )

  const servicesNow = services.map(({ removedAt, ...service }) => ({ ...service, gone: removedAt !== null }))
  const servicesWanted = Object.entries(section.services).map(([id, service]) => ({
    ...{ id, name: service.name ?? id, description: service.description, audience: service.audience },
    ...{ owner: service.owner ?? null, policy: service.policy ?? null },
    dependsOn: [...new Set(service.dependsOn)].sort(),
    has: [...new Set(service.has)].sort(),
  }))
  const ofServices = await sync(
    ...([tx, world, actor, 'service', servicesNow, servicesWanted] as const),
    (service) => putService(db, service, 'file', now),
    async (id) => {
      if (await removeServiceRow(db, id, now)) await removed('service', id)
    },
  )
  const sum = (key: keyof CatalogChanges) => total[key] + ofTeams[key] + ofServices[key]
  return { created: sum('created'), changed: sum('changed'), removed: sum('removed') }
}

/** Addresses that move from one person to another must be free before they are taken. */
async function releaseEmails(
  tx: Tx,
  there: { id: string; email: string; managedBy: string; gone: boolean }[],
  wanted: { id: string; email: string }[],
): Promise<void> {
  const after = new Map(wanted.map((person) => [person.id, emailKey(person.email)]))
  for (const { id, email, managedBy, gone } of there) {
    const stays = after.get(id) === emailKey(email)
    if (!gone && managedBy === 'file' && !stays) await freeEmail(tx.db, id)
  }
}
