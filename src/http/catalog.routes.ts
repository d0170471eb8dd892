import { z } from 'zod'
import {
  type ApiToken,
  addContact,
  type Contact,
  changePassword,
  changePerson,
  createPerson,
  createToken,
  findPerson,
  invitePerson,
  listContacts,
  listPeople,
  listServices,
  listTeams,
  listTokens,
  type Person,
  removeContact,
  revokeToken,
  sendVerification,
} from '../catalog/index.ts'
import { channels, describeAddress } from '../channels/index.ts'
import * as contract from '../contract/catalog.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { type ServiceState, serviceStates } from '../monitors/index.ts'
import type { RoomRoutes } from './bind.ts'
import { SESSION_COOKIE } from './context.ts'
import { pageOfAll } from './presenting.ts'

const NOT_WATCHED = { state: 'unknown', reason: 'not-watched', since: null } as const

/** Services, teams, people, contacts and tokens. */
export const catalogRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listServices, async ({ query }) => {
    const states: Map<string, ServiceState> = await serviceStates(db)
    return pageOfAll(
      await listServices(db),
      query,
      ({ policy, removedAt: _, ...service }) => {
        const { state, reason, since } = states.get(service.id) ?? NOT_WATCHED
        return { ...service, policyId: policy, state, reason, since: isoOrNull(since) }
      },
      (service) => service.id,
    )
  })
  bind(contract.listTeams, async ({ query }) =>
    pageOfAll(
      await listTeams(db),
      query,
      ({ id, name, members, schedule, policy, managedBy }) => ({
        id,
        name,
        members,
        scheduleId: schedule,
        policyId: policy,
        managedBy,
      }),
      (team) => team.id,
    ),
  )
  bind(contract.listPeople, async ({ query }) => {
    const contacts = Map.groupBy(await listContacts(db), (contact) => contact.personId)
    return pageOfAll(
      await listPeople(db, { disabled: true }),
      query,
      (person) => personView(person, contacts.get(person.id) ?? []),
      (person) => person.id,
    )
  })
  const readPerson = async (id: string) => {
    const person = await findPerson(db, id)
    if (!person) throw notFound('person', id)
    return personView(person, await listContacts(db, id))
  }
  bind(contract.createPerson, async ({ actor, body }) =>
    readPerson((await createPerson(world, actor, body)).id),
  )
  bind(contract.changePerson, async ({ actor, params, body }) =>
    readPerson((await changePerson(world, actor, { ...body, id: params.id })).id),
  )
  bind(contract.invitePerson, async ({ actor, params }) => {
    const { url, expiresAt } = await invitePerson(world, actor, { personId: params.id })
    return { link: url, expiresAt: iso(expiresAt) }
  })
  bind(contract.changePassword, async ({ actor, body, reply }) => {
    await changePassword(world, actor, body)
    reply.clearCookie(SESSION_COOKIE, { path: '/' })
    return undefined
  })
  bind(contract.addContact, async ({ actor, params, body }) =>
    contactView(await addContact(world, actor, { ...body, personId: params.id })),
  )
  bind(contract.sendVerification, async ({ actor, params }) =>
    contactView(await sendVerification(world, actor, { contactId: params.id })),
  )
  bind(contract.removeContact, async ({ actor, params }) => {
    await removeContact(world, actor, { contactId: params.id })
    return undefined
  })
  bind(contract.listChannelKinds, async () => ({
    items: Object.values(channels).map(({ kind, title, description, schema }) => ({
      kind,
      title,
      description,
      schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
    })),
    next: null,
  }))
  bind(contract.listTokens, async ({ query }) =>
    pageOfAll(
      await listTokens(db),
      query,
      (token) => tokenView(token, world.clock.now()),
      (token) => token.id,
    ),
  )
  bind(contract.createToken, async ({ actor, body }) => {
    const { token, secret } = await createToken(world, actor, body)
    return { ...tokenView(token, world.clock.now()), secret }
  })
  bind(contract.revokeToken, async ({ actor, params }) => {
    await revokeToken(world, actor, { tokenId: params.id })
    return undefined
  })
}

function personView(person: Person, contacts: Contact[]): contract.Person {
  const disabled = person.disabledAt !== null
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    timezone: person.timezone,
    managedBy: person.managedBy,
    state: disabled ? 'disabled' : 'active',
    reason: disabled ? 'disabled' : person.hasPassword ? 'can-sign-in' : 'not-invited-yet',
    since: iso(person.disabledAt ?? person.createdAt),
    hasPassword: person.hasPassword,
    contacts: contacts.map(contactView),
  }
}

function contactView(contact: Contact): contract.Contact {
  return {
    id: contact.id,
    personId: contact.personId,
    kind: contact.kind,
    description: describeAddress(channels, contact.kind, contact.address),
    state: contact.state,
    verifiedAt: isoOrNull(contact.verifiedAt),
    managedBy: contact.managedBy,
  }
}

function tokenView(token: ApiToken, now: number): contract.Token {
  const expired = token.expiresAt !== null && token.expiresAt <= now
  const state = token.revokedAt !== null ? 'revoked' : expired ? 'expired' : 'active'
  const since = { revoked: token.revokedAt, expired: token.expiresAt, active: token.createdAt }[state]
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    createdAt: iso(token.createdAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
    expiresAt: isoOrNull(token.expiresAt),
    state,
    reason: token.origin === 'environment' ? 'from-the-environment' : 'created-by-a-person',
    since: iso(since ?? token.createdAt),
  }
}
