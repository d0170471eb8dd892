import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type CatalogWorld, catalogWorld, SYSTEM, sharePostgres } from '../../test/harness/catalog-world.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { TocsinError } from '../kit/errors.ts'
import type { Store } from '../store/store.ts'
import {
  blastRadius,
  createPerson,
  findPerson,
  findService,
  findTeam,
  listContacts,
  listPeople,
  listServices,
  policyFor,
  removeService,
  removeTeam,
  saveService,
  saveTeam,
  teamsOf,
  verifiedContacts,
  verifyContact,
} from './index.ts'

const FILE = {
  services: {
    docs: { name: 'Documentation', owner: 'web', dependsOn: ['proxy'], audience: 'public' },
    proxy: { owner: 'net', policy: 'loud' },
  },
  teams: {
    web: { name: 'Web', members: ['ana', 'bo'], schedule: 'web-week', policy: 'web-policy' },
    net: { members: ['bo'] },
  },
  people: {
    ana: {
      name: 'Ana',
      email: 'ana@example.org',
      role: 'administrator',
      timezone: 'Europe/Paris',
      contacts: [{ kind: 'webhook', address: 'https://sms.example.org/send' }],
    },
    bo: { email: 'Bo@example.org' },
  },
}
type Entry = Record<string, unknown> & { contacts: unknown[] }
// As loosely typed as a file is: the tests break it in many ways.
const copy = () =>
  structuredClone(FILE) as unknown as Record<'services' | 'teams' | 'people', Record<string, Entry>>

sharePostgres()

onEveryStore('the catalog of a file', (under) => {
  let store: Store
  let c: CatalogWorld
  beforeEach(async () => {
    store = await under.open()
    c = await catalogWorld(store)
  })
  afterEach(() => store.close())

  test('the first time everything is created, with a fact each', async () => {
    assert.deepEqual(await c.apply(FILE), { created: 6, changed: 0, removed: 0 })
    const { read } = store
    assert.deepEqual(await findService(read, 'docs'), {
      ...{
        id: 'docs',
        name: 'Documentation',
        description: '',
        owner: 'web',
        policy: null,
        audience: 'public',
      },
      ...{ dependsOn: ['proxy'], has: [], managedBy: 'file', removedAt: null },
    })
    assert.equal((await findService(read, 'proxy'))!.name, 'proxy')
    assert.deepEqual((await findTeam(read, 'web'))!.members, ['ana', 'bo'])
    const ana = await findPerson(read, 'ana')
    assert.deepEqual([ana!.role, ana!.timezone, ana!.hasPassword], ['administrator', 'Europe/Paris', false])
    assert.equal((await findPerson(read, 'bo'))!.role, 'responder')
    const facts = await c.facts('catalog.configured')
    assert.deepEqual(
      facts.map((fact) => fact.data),
      [
        ['person', 'ana'],
        ['person', 'bo'],
        ['team', 'web'],
        ['team', 'net'],
        ['service', 'docs'],
        ['service', 'proxy'],
      ].map(([noun, id]) => ({ noun, id, change: 'created' })),
    )
    assert.equal(facts[0]!.actor, SYSTEM.id)
  })

  test('the e-mail address is the first contact, the others follow in order', async () => {
    await c.apply(FILE)
    const contacts = await listContacts(store.read, 'ana')
    assert.deepEqual(
      contacts.map(({ position, kind, address, state, managedBy }) => ({
        position,
        kind,
        address,
        state,
        managedBy,
      })),
      [
        {
          position: 1,
          kind: 'email',
          address: { email: 'ana@example.org' },
          state: 'unverified',
          managedBy: 'file',
        },
        {
          position: 2,
          kind: 'webhook',
          address: { url: 'https://sms.example.org/send' },
          state: 'unverified',
          managedBy: 'file',
        },
      ],
    )
  })

  test('applying the same again changes nothing and asks nobody again', async () => {
    await c.apply(FILE)
    await c.travel(60_000)
    assert.equal(c.capture.sent.length, 3)
    const before = await c.facts()
    await c.travel(48 * 3_600_000)
    assert.deepEqual(await c.apply(FILE), { created: 0, changed: 0, removed: 0 })
    await c.travel(60_000)
    assert.equal(c.capture.sent.length, 3)
    assert.equal((await c.facts()).length, before.length)
  })

  test('two replicas that start with the same file at once make one catalog', async () => {
    const both = await Promise.all([c.apply(FILE), c.apply(FILE), c.apply(FILE)])
    assert.deepEqual(both.map(({ created }) => created).sort(), [0, 0, 6])
    assert.equal((await listContacts(store.read)).length, 3)
    assert.equal((await c.facts('contact.added')).length, 3)
  })

  test('only what differs is changed', async () => {
    await c.apply(FILE)
    const next = copy()
    next.services.docs!.description = 'Manuals'
    next.teams.web!.members = ['bo', 'ana']
    next.people.bo!.role = 'editor'
    assert.deepEqual(await c.apply(next), { created: 0, changed: 3, removed: 0 })
    assert.deepEqual((await findTeam(store.read, 'web'))!.members, ['bo', 'ana'])
    const changed = (await c.facts('catalog.configured')).slice(6).map((fact) => fact.subject)
    assert.deepEqual(changed, ['bo', 'web', 'docs'])
  })

  test('what the file no longer names is out of use and kept', async () => {
    await c.apply(FILE)
    const next = copy()
    delete next.services.proxy
    next.services.docs!.dependsOn = []
    delete next.teams.net
    delete next.people.bo
    next.teams.web!.members = ['ana']
    assert.deepEqual(await c.apply(next), { created: 0, changed: 2, removed: 3 })
    const { read } = store
    assert.deepEqual(
      (await listServices(read)).map((service) => service.id),
      ['docs'],
    )
    assert.equal((await findService(read, 'proxy'))!.removedAt, c.clock.now())
    assert.equal((await findPerson(read, 'bo'))!.disabledAt, c.clock.now())
    assert.deepEqual(
      (await listPeople(read)).map((person) => person.id),
      ['ana'],
    )
    assert.deepEqual(
      (await listPeople(read, { disabled: true })).map((person) => person.id),
      ['ana', 'bo'],
    )
    // Coming back is a creation, and nothing of it was lost.
    assert.deepEqual(await c.apply(FILE), { created: 3, changed: 2, removed: 0 })
    assert.equal((await findService(read, 'proxy'))!.removedAt, null)
  })

  test('a reference that leads nowhere stops everything, with place and remedy', async () => {
    const wrong = copy()
    wrong.services.docs!.owner = 'wbe'
    wrong.people.ana!.contacts.push(
      { kind: 'pigeon', address: 'coop' },
      { kind: 'email', address: 'no address' },
    )
    await assert.rejects(c.apply(wrong), (error) => {
      assert.ok(error instanceof TocsinError)
      assert.equal(error.code, 'configuration-invalid')
      assert.deepEqual(
        error.problems.map((problem) => problem.path),
        ['services.docs.owner', 'people.ana.contacts.1.kind', 'people.ana.contacts.2.address.email'],
      )
      assert.ok(error.problems[0]!.remedy!.includes('"teams"'))
      return true
    })
    assert.deepEqual(await listPeople(store.read), [])
    assert.deepEqual(await c.facts(), [])
    await assert.rejects(c.apply(FILE, { policies: ['loud'], schedules: [] }), (error: TocsinError) =>
      error.problems.some(({ message }) => message === 'there is no policy "web-policy"'),
    )
    await c.apply(FILE, { policies: ['loud', 'web-policy'], schedules: ['web-week'] })
  })

  test('two people may exchange their addresses, and one may take that of somebody who leaves', async () => {
    await c.apply(FILE)
    const next = copy()
    next.people.ana!.email = 'bo@example.org'
    next.people.bo!.email = 'ana@example.org'
    await c.apply(next)
    assert.equal((await findPerson(store.read, 'ana'))!.email, 'bo@example.org')
    const last = copy()
    delete last.people.bo
    last.people.ana!.email = 'ana@example.org'
    last.teams = {}
    last.services = {}
    await c.apply(last)
    assert.equal((await findPerson(store.read, 'ana'))!.email, 'ana@example.org')
  })

  test('a changed address is unverified, one that stays keeps its verification', async () => {
    await c.apply(FILE)
    await c.travel(0)
    for (const { message } of c.capture.sent)
      await verifyContact(c.world, message.link!.url.split('/').at(-1)!)
    assert.equal((await verifiedContacts(store.read, 'ana')).length, 2)
    const next = copy()
    next.people.ana!.email = 'ana@elsewhere.example'
    next.people.ana!.contacts.unshift({ kind: 'slack', address: 'https://hooks.example.org/T/1' })
    await c.apply(next)
    assert.deepEqual(
      (await verifiedContacts(store.read, 'ana')).map((contact) => [contact.kind, contact.position]),
      [['webhook', 3]],
    )
    assert.equal((await c.facts('contact.removed')).length, 1)
    // Back to the old address: it is a new contact, and to be verified again.
    await c.apply(FILE)
    assert.deepEqual(
      (await verifiedContacts(store.read, 'ana')).map((contact) => contact.kind),
      ['webhook'],
    )
  })

  test('the file takes over what was made by hand, and refuses to be overridden', async () => {
    await createPerson(c.world, SYSTEM, { id: 'bo', name: 'Bo', email: 'old@example.org', role: 'viewer' })
    await saveTeam(c.world, SYSTEM, { id: 'net', members: ['bo'] })
    await saveService(c.world, SYSTEM, { id: 'mirror', owner: 'net' })
    await c.apply(FILE)
    assert.equal((await findPerson(store.read, 'bo'))!.managedBy, 'file')
    assert.equal((await findTeam(store.read, 'net'))!.managedBy, 'file')
    const refused = (work: Promise<unknown>) => assert.rejects(work, { code: 'managed-by-file' })
    await refused(saveService(c.world, SYSTEM, { id: 'docs', name: 'Mine' }))
    await refused(removeService(c.world, SYSTEM, { serviceId: 'docs' }))
    await refused(saveTeam(c.world, SYSTEM, { id: 'web' }))
    await refused(removeTeam(c.world, SYSTEM, { teamId: 'web' }))
    // What people made stays when the file says nothing of it.
    assert.equal((await findService(store.read, 'mirror'))!.removedAt, null)
  })

  test('the policy of a service is its own, else its team’s, else nobody’s', async () => {
    await c.apply(FILE)
    assert.equal(await policyFor(store.read, 'proxy'), 'loud')
    assert.equal(await policyFor(store.read, 'docs'), 'web-policy')
    assert.equal(await policyFor(store.read, 'nothing'), null)
    assert.deepEqual(await blastRadius(store.read, 'proxy'), [{ serviceId: 'docs', distance: 1 }])
    assert.deepEqual(
      (await teamsOf(store.read, 'bo')).map((team) => team.id),
      ['net', 'web'],
    )
  })

  test('services and teams are made by hand where no file does', async () => {
    await c.apply({ people: FILE.people })
    const editor = { id: 'person:ed', name: 'Ed', role: 'editor' as const, personId: 'ed' }
    await saveTeam(c.world, editor, { id: 'ops', name: ' Ops ', members: ['ana'] })
    await saveService(c.world, editor, { id: 'shop', owner: 'ops' })
    await saveService(c.world, editor, { id: 'shop', name: 'Shop', owner: 'ops', audience: 'public' })
    assert.equal((await findService(store.read, 'shop'))!.audience, 'public')
    assert.equal((await findTeam(store.read, 'ops'))!.name, 'Ops')
    const invalid = (work: Promise<unknown>) => assert.rejects(work, { code: 'invalid-input' })
    await invalid(saveService(c.world, editor, { id: 'x', owner: 'nobody' }))
    await invalid(saveService(c.world, editor, { id: 'x', dependsOn: ['x'] }))
    await invalid(saveService(c.world, editor, { id: 'x', managedBy: 'file' } as never))
    await invalid(saveTeam(c.world, editor, { id: 'x', members: ['nobody'] }))
    await assert.rejects(removeTeam(c.world, editor, { teamId: 'ops' }), { code: 'wrong-state' })
    await removeService(c.world, editor, { serviceId: 'shop' })
    await removeTeam(c.world, editor, { teamId: 'ops' })
    await assert.rejects(removeService(c.world, editor, { serviceId: 'shop' }), { code: 'not-found' })
    const responder = { ...editor, role: 'responder' as const }
    await assert.rejects(saveTeam(c.world, responder, { id: 'y' }), { code: 'forbidden' })
    await assert.rejects(saveService(c.world, responder, { id: 'y' }), { code: 'forbidden' })
  })
})
