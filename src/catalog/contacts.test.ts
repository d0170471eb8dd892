import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type CatalogWorld, catalogWorld, SYSTEM, sharePostgres } from '../../test/harness/catalog-world.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import type { Actor } from '../engine/world.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import type { Store } from '../store/store.ts'
import {
  addContact,
  changeContact,
  changePerson,
  createPerson,
  findContact,
  listContacts,
  readVerification,
  removeContact,
  sendVerification,
  verifiedContacts,
  verifyContact,
} from './index.ts'

const ana: Actor = { id: 'person:ana', name: 'Ana', role: 'responder', personId: 'ana' }
const bo: Actor = { id: 'person:bo', name: 'Bo', role: 'editor', personId: 'bo' }
const HOOK = 'https://hooks.example.org/services/abcdefghijkl'

sharePostgres()

onEveryStore('contacts', (under) => {
  let store: Store
  let c: CatalogWorld
  beforeEach(async () => {
    store = await under.open()
    c = await catalogWorld(store)
    await createPerson(c.world, SYSTEM, {
      id: 'ana',
      name: 'Ana',
      email: 'ana@example.org',
      role: 'responder',
    })
    await createPerson(c.world, SYSTEM, { id: 'bo', name: 'Bo', email: 'bo@example.org', role: 'editor' })
    await c.travel(0)
  })
  afterEach(() => store.close())

  const mailOf = (person: string) =>
    c.capture.sent.filter(({ address }) => address.email === `${person}@example.org`)
  const secretOf = (person: string) => mailOf(person).at(-1)!.message.link!.url.split('/').at(-1)!
  const spent = (work: Promise<unknown>) => assert.rejects(work, { code: 'token-spent' })

  test('an address counts once its owner has confirmed it', async () => {
    const [mail] = mailOf('ana')
    assert.match(mail!.message.link!.url, /^https:\/\/tocsin\.example\.org\/verify\/[\w-]{43}$/)
    assert.match(mail!.message.text, /^Ana, /)
    assert.deepEqual(await verifiedContacts(store.read, 'ana'), [])
    const seen = await readVerification(c.world, secretOf('ana'))
    assert.deepEqual([seen.person.name, seen.contact.kind, seen.state], ['Ana', 'email', 'pending'])
    assert.deepEqual(await verifiedContacts(store.read, 'ana'), [], 'reading the link changes nothing')
    const done = await verifyContact(c.world, secretOf('ana'))
    assert.deepEqual([done.contact.state, done.state], ['verified', 'done'])
    assert.deepEqual(
      (await verifiedContacts(store.read, 'ana')).map((contact) => contact.address),
      [{ email: 'ana@example.org' }],
    )
    const [fact, ...more] = await c.facts('contact.verified')
    assert.equal(more.length, 0)
    assert.deepEqual(fact!.data, { contactId: done.contact.id, personId: 'ana', kind: 'email' })
    assert.equal(fact!.actor, 'person:ana')
  })

  test('pressing the button twice is harmless and one fact', async () => {
    const secret = secretOf('ana')
    const both = await Promise.all([verifyContact(c.world, secret), verifyContact(c.world, secret)])
    assert.deepEqual(
      both.map((v) => v.state),
      ['done', 'done'],
    )
    assert.equal((await readVerification(c.world, secret)).state, 'done')
    assert.equal((await c.facts('contact.verified')).length, 1)
  })

  test('the secret stands nowhere in the database', async () => {
    const secret = secretOf('ana')
    for (const table of ['outbox', 'contact_verifications', 'contacts', 'facts'] as const)
      assert.equal(
        JSON.stringify(await store.read.selectFrom(table).selectAll().execute()).includes(secret),
        false,
        table,
      )
  })

  test('a link expires after a day, and a made-up one opens nothing', async () => {
    const secret = secretOf('ana')
    await c.travel(24 * HOUR - 1)
    assert.equal((await readVerification(c.world, secret)).state, 'pending')
    await c.travel(1)
    await spent(readVerification(c.world, secret))
    await spent(verifyContact(c.world, secret))
    await spent(verifyContact(c.world, 'x'.repeat(43)))
    assert.deepEqual(await verifiedContacts(store.read, 'ana'), [])
  })

  test('another address un-verifies the contact and voids the links to the old one', async () => {
    const contact = await addContact(c.world, ana, { personId: 'ana', kind: 'slack', address: HOOK })
    await c.travel(0)
    const first = c.lastSecret()
    await verifyContact(c.world, first)
    const changed = await changeContact(c.world, ana, { contactId: contact.id, address: `${HOOK}2` })
    assert.deepEqual([changed.state, changed.verifiedAt], ['unverified', null])
    assert.deepEqual(await verifiedContacts(store.read, 'ana'), [])
    await spent(readVerification(c.world, first))
    await spent(verifyContact(c.world, first))
    await c.travel(0)
    assert.deepEqual(c.capture.sent.at(-1)!.address, { url: `${HOOK}2` })
    await verifyContact(c.world, c.lastSecret())
    assert.equal((await verifiedContacts(store.read, 'ana')).length, 1)
    assert.deepEqual((await c.facts('contact.added', 'contact.changed')).at(-1)!.type, 'contact.changed')
  })

  test('a queued verification of an address that was changed is not sent to it', async () => {
    const contact = await addContact(c.world, ana, { personId: 'ana', kind: 'slack', address: HOOK })
    await changeContact(c.world, ana, { contactId: contact.id, address: `${HOOK}2` })
    await c.travel(0)
    assert.deepEqual(
      c.capture.sent.filter(({ kind }) => kind === 'slack').map(({ address }) => address),
      [{ url: `${HOOK}2` }],
    )
  })

  test('the person’s e-mail address and its contact change together', async () => {
    await verifyContact(c.world, secretOf('ana'))
    await changePerson(c.world, SYSTEM, { id: 'ana', email: 'ana@elsewhere.example' })
    const [contact] = await listContacts(store.read, 'ana')
    assert.deepEqual([contact!.address, contact!.state], [{ email: 'ana@elsewhere.example' }, 'unverified'])
  })

  test('a verification is sent again on demand, once a minute, and not to a verified contact', async () => {
    const [contact] = await listContacts(store.read, 'ana')
    const input = { contactId: contact!.id }
    await assert.rejects(sendVerification(c.world, ana, input), { code: 'too-many-requests' })
    await c.travel(MINUTE)
    await sendVerification(c.world, ana, input)
    await c.travel(0)
    assert.equal(mailOf('ana').length, 2)
    assert.notEqual(mailOf('ana')[0]!.message.key, mailOf('ana')[1]!.message.key)
    await verifyContact(c.world, secretOf('ana'))
    await c.travel(MINUTE)
    await assert.rejects(sendVerification(c.world, ana, input), { code: 'wrong-state' })
  })

  test('a failed delivery is tried again, and its end is in the log', async () => {
    c.capture.answer = () => ({ result: 'retry', reason: 'busy' })
    const contact = await addContact(c.world, ana, { personId: 'ana', kind: 'slack', address: HOOK })
    await c.travel(MINUTE)
    c.capture.answer = () => ({ result: 'sent' })
    await c.travel(HOUR)
    assert.equal(c.capture.sent.filter(({ kind }) => kind === 'slack').length, 1)
    c.capture.answer = () => ({ result: 'refused', reason: 'HTTP 404: no_service' })
    await sendVerification(c.world, ana, { contactId: contact.id })
    await c.travel(0)
    const [failed] = await c.facts('contact.verification-failed')
    assert.deepEqual(failed!.data, {
      contactId: contact.id,
      personId: 'ana',
      kind: 'slack',
      reason: 'HTTP 404: no_service',
    })
  })

  test('everybody manages their own contacts, administrators anyone’s', async () => {
    const [mine] = await listContacts(store.read, 'ana')
    const forbidden = (work: Promise<unknown>) => assert.rejects(work, { code: 'forbidden' })
    await forbidden(addContact(c.world, bo, { personId: 'ana', kind: 'slack', address: HOOK }))
    await forbidden(changeContact(c.world, bo, { contactId: mine!.id, address: 'x@example.org' }))
    await forbidden(sendVerification(c.world, bo, { contactId: mine!.id }))
    await forbidden(removeContact(c.world, bo, { contactId: mine!.id }))
    const viewer = { ...ana, role: 'viewer' as const }
    await addContact(c.world, viewer, { personId: 'ana', kind: 'slack', address: HOOK })
    await addContact(c.world, SYSTEM, { personId: 'bo', kind: 'slack', address: HOOK })
    assert.deepEqual(
      (await listContacts(store.read, 'ana')).map((contact) => contact.position),
      [1, 2],
    )
  })

  test('input is strict: no state, no owner, no unknown channel, no duplicate, no flood', async () => {
    const add = (more: object) =>
      addContact(c.world, ana, { personId: 'ana', kind: 'slack', address: HOOK, ...more })
    for (const more of [
      { state: 'verified' },
      { managedBy: 'file' },
      { verifiedAt: 1 },
      { kind: 'pigeon' },
      { address: 'x' },
      { address: { url: HOOK, admin: true } },
    ])
      await assert.rejects(add(more), { code: 'invalid-input' }, JSON.stringify(more))
    await add({})
    await assert.rejects(add({}), { code: 'duplicate' })
    const twice = { kind: 'webhook' }
    const both = await Promise.allSettled([add(twice), add(twice)])
    assert.deepEqual(both.map((end) => end.status).sort(), ['fulfilled', 'rejected'])
    for (let i = 0; i < 17; i++) await add({ address: `${HOOK}/${i}` })
    await assert.rejects(add({ address: `${HOOK}/last` }), { code: 'wrong-state' })
    await assert.rejects(addContact(c.world, SYSTEM, { personId: 'zoe', kind: 'slack', address: HOOK }), {
      code: 'not-found',
    })
  })

  test('a removed contact is gone, its link spent, its row kept', async () => {
    const contact = await addContact(c.world, ana, { personId: 'ana', kind: 'slack', address: HOOK })
    await c.travel(0)
    const secret = c.lastSecret()
    await removeContact(c.world, ana, { contactId: contact.id })
    assert.equal(await findContact(store.read, contact.id), null)
    await spent(verifyContact(c.world, secret))
    await assert.rejects(removeContact(c.world, ana, { contactId: contact.id }), { code: 'not-found' })
    const row = await store.read
      .selectFrom('contacts')
      .select('removed_at')
      .where('id', '=', contact.id)
      .executeTakeFirst()
    assert.equal(row!.removed_at, c.clock.now())
  })

  test('contacts of the file are changed there; those a person added follow behind and stay', async () => {
    const people = { cy: { email: 'cy@example.org' } }
    await c.apply({ people })
    const [fromFile] = await listContacts(store.read, 'cy')
    const byFile = (work: Promise<unknown>) => assert.rejects(work, { code: 'managed-by-file' })
    await byFile(removeContact(c.world, SYSTEM, { contactId: fromFile!.id }))
    await byFile(changeContact(c.world, SYSTEM, { contactId: fromFile!.id, address: 'x@example.org' }))
    await addContact(c.world, SYSTEM, { personId: 'cy', kind: 'slack', address: HOOK })
    await c.apply({
      people: { cy: { email: 'cy@example.org', contacts: [{ kind: 'webhook', address: HOOK }] } },
    })
    const kinds = async () =>
      (await listContacts(store.read, 'cy')).map(({ kind, position }) => `${position} ${kind}`)
    assert.deepEqual(await kinds(), ['1 email', '2 webhook', '3 slack'])
    await c.apply({ people })
    assert.deepEqual(await kinds(), ['1 email', '2 slack'])
  })

  test('nobody disabled is reached, and an old link does not bring them back', async () => {
    const secret = secretOf('ana')
    await changePerson(c.world, SYSTEM, { id: 'ana', disabled: true })
    await spent(verifyContact(c.world, secret))
    await changePerson(c.world, SYSTEM, { id: 'ana', disabled: false })
    await verifyContact(c.world, secret)
    assert.equal((await verifiedContacts(store.read, 'ana')).length, 1)
    await changePerson(c.world, SYSTEM, { id: 'ana', disabled: true })
    assert.deepEqual(await verifiedContacts(store.read, 'ana'), [])
  })
})
