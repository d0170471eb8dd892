import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import {
  type CatalogWorld,
  catalogWorld,
  HERE,
  SYSTEM,
  sharePostgres,
} from '../../test/harness/catalog-world.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import type { Store } from '../store/store.ts'
import {
  acceptInvitation,
  actorOfSession,
  changePassword,
  changePerson,
  completeSetup,
  createPerson,
  createSetupLink,
  createToken,
  findPerson,
  invitePerson,
  listPeople,
  listSessions,
  needsSetup,
  type OpenedSession,
  readInvitation,
  SignInLimited,
  signIn,
  signOut,
} from './index.ts'

const PASSWORD = 'correct horse battery'
const OTHER = 'staple the battery horse'
const EMAIL = 'ana@example.org'

sharePostgres()

onEveryStore('who somebody is', (under) => {
  let store: Store
  let c: CatalogWorld
  beforeEach(async () => {
    store = await under.open()
    c = await catalogWorld(store)
  })
  afterEach(() => store.close())

  async function setUp(): Promise<OpenedSession> {
    const link = await createSetupLink(c.world, SYSTEM)
    return completeSetup(
      c.world,
      { secret: link!.secret, name: 'Ana', email: EMAIL, password: PASSWORD },
      HERE,
    )
  }
  const enter = (password = PASSWORD, email = EMAIL, ip = HERE.ip) =>
    signIn(c.world, { email, password }, { ...HERE, ip })
  const wrong = (work: Promise<unknown>) =>
    assert.rejects(work, {
      code: 'wrong-credentials',
      message: 'The e-mail address or the password is wrong.',
    })
  const limited = (work: Promise<unknown>) => assert.rejects(work, (error) => error instanceof SignInLimited)

  test('the first administrator is set up once, with the newest link, within a day', async () => {
    assert.equal(await needsSetup(store.read), true)
    const first = await createSetupLink(c.world, SYSTEM)
    const link = await createSetupLink(c.world, SYSTEM)
    assert.match(link!.url, /^https:\/\/tocsin\.example\.org\/setup#[\w-]{43}$/)
    assert.equal(link!.expiresAt, c.clock.now() + DAY)
    const input = { name: 'Ana', email: EMAIL, password: PASSWORD }
    const complete = (secret: string) => completeSetup(c.world, { ...input, secret }, HERE)
    await assert.rejects(complete(first!.secret), { code: 'token-spent' })
    const session = await complete(link!.secret)
    assert.deepEqual(session.actor, { id: 'person:ana', name: 'Ana', role: 'administrator', personId: 'ana' })
    assert.deepEqual(await actorOfSession(c.world, session.secret), session.actor)
    await assert.rejects(complete(link!.secret), { code: 'token-spent' })
    assert.equal(await createSetupLink(c.world, SYSTEM), null)
    assert.equal(await needsSetup(store.read), false)
    const [set] = await c.facts('person.password-set')
    assert.deepEqual(set!.data, { personId: 'ana', how: 'first-administrator', endedSessions: 0 })
  })

  test('a set-up link expires, and two people with it at once make one administrator', async () => {
    const old = await createSetupLink(c.world, SYSTEM)
    await c.travel(DAY)
    const input = { name: 'Ana', password: PASSWORD }
    await assert.rejects(completeSetup(c.world, { ...input, email: EMAIL, secret: old!.secret }, HERE), {
      code: 'token-spent',
    })
    const { secret } = (await createSetupLink(c.world, SYSTEM))!
    const both = await Promise.allSettled(
      ['a@example.org', 'b@example.org'].map((email) =>
        completeSetup(c.world, { ...input, email, secret }, HERE),
      ),
    )
    assert.deepEqual(both.map((end) => end.status).sort(), ['fulfilled', 'rejected'])
    assert.equal((await listPeople(store.read)).length, 1)
  })

  test('set-up gives the administrator of the file a password, and no more rights to anybody else', async () => {
    await c.apply({
      people: {
        ana: { email: EMAIL, role: 'administrator', name: 'Ana of the file' },
        bo: { email: 'bo@example.org' },
      },
    })
    const { secret } = (await createSetupLink(c.world, SYSTEM))!
    const input = { secret, name: 'Somebody', password: PASSWORD }
    await assert.rejects(completeSetup(c.world, { ...input, email: 'bo@example.org' }, HERE), {
      code: 'duplicate',
    })
    assert.equal((await findPerson(store.read, 'bo'))!.role, 'responder')
    const session = await completeSetup(c.world, { ...input, email: 'ANA@example.org' }, HERE)
    assert.equal(session.actor.name, 'Ana of the file')
    assert.equal((await listPeople(store.read)).length, 2)
  })

  test('signing in opens a session; a wrong password, address, or no password at all does not', async () => {
    await setUp()
    await createPerson(c.world, SYSTEM, { id: 'bo', name: 'Bo', email: 'bo@example.org', role: 'viewer' })
    const session = await enter(PASSWORD, ' Ana@Example.org ')
    assert.equal((await actorOfSession(c.world, session.secret))!.personId, 'ana')
    await wrong(enter(OTHER))
    await wrong(enter(PASSWORD, 'nobody@example.org'))
    await wrong(enter(PASSWORD, 'bo@example.org'))
    const [fact] = await c.facts('person.signed-in')
    assert.deepEqual(fact!.data, { personId: 'ana', sessionId: session.sessionId, ip: HERE.ip })
    await assert.rejects(
      signIn(c.world, { email: EMAIL, password: PASSWORD, role: 'administrator' } as never, HERE),
      { code: 'invalid-input' },
    )
  })

  test('neither passwords nor secrets stand in the database', async () => {
    const session = await setUp()
    const { token, secret } = await createToken(c.world, SYSTEM, { name: 'ci', role: 'viewer' })
    const everything = await Promise.all(
      (['people', 'sessions', 'api_tokens', 'setup_links', 'sign_in_failures', 'facts'] as const).map(
        (table) => store.read.selectFrom(table).selectAll().execute(),
      ),
    )
    const text = JSON.stringify(everything)
    assert.ok(text.includes(token.id))
    for (const hidden of [PASSWORD, session.secret, secret]) assert.equal(text.includes(hidden), false)
  })

  test('after five failures this place must wait, others need not; a success forgives', async () => {
    await setUp()
    for (let i = 0; i < 4; i++) await wrong(enter(OTHER))
    await enter()
    for (let i = 0; i < 5; i++) await wrong(enter(OTHER))
    await limited(enter())
    await limited(enter(OTHER))
    await enter(PASSWORD, EMAIL, '198.51.100.9')
    await c.travel(14 * MINUTE)
    await limited(enter())
    await c.travel(MINUTE)
    await enter()
  })

  test('many attempts at once do not slip in below the limit', async () => {
    await setUp()
    const ends = await Promise.allSettled(Array.from({ length: 12 }, () => enter(OTHER)))
    const codes = ends.map((end) => (end as PromiseRejectedResult).reason.code)
    assert.ok(codes.filter((code) => code === 'wrong-credentials').length <= 5, String(codes))
    assert.ok(codes.includes('too-many-requests'))
  })

  test('one place trying many accounts is stopped, also for accounts that do not exist', async () => {
    await store.transaction(async (db) => {
      for (let i = 0; i < 50; i++)
        await db
          .insertInto('sign_in_failures')
          .values({ id: `f${i}`, account_key: `k${i}`, ip: HERE.ip, at: c.clock.now() })
          .execute()
    })
    await limited(enter(PASSWORD, 'nobody@example.org'))
    await wrong(enter(PASSWORD, 'nobody@example.org', '2001:db8::1'))
  })

  test('a session idles out, expires in the end, and is ended by signing out', async () => {
    const session = await setUp()
    const open = async () => (await actorOfSession(c.world, session.secret)) !== null
    for (let i = 0; i < 60; i++) {
      await c.travel(12 * HOUR - 1)
      if (i < 59) assert.equal(await open(), true, `day ${i / 2}`)
    }
    await c.travel(HOUR)
    assert.equal(await open(), false, 'after 30 days')
    const idle = await enter()
    await c.travel(12 * HOUR)
    assert.equal(await actorOfSession(c.world, idle.secret), null)
    const left = await enter()
    const stays = await enter()
    await signOut(c.world, left.secret)
    await signOut(c.world, left.secret)
    assert.equal(await actorOfSession(c.world, left.secret), null)
    assert.notEqual(await actorOfSession(c.world, stays.secret), null)
    assert.equal((await c.facts('person.signed-out')).length, 1)
    assert.ok((await listSessions(store.read, 'ana', c.clock.now())).some((s) => s.id === stays.sessionId))
    assert.equal(await actorOfSession(c.world, 'no session'), null)
  })

  test('changing the password ends every session, this one too', async () => {
    const session = await setUp()
    const elsewhere = await enter()
    const change = (current: string, next: string) =>
      changePassword(c.world, session.actor, { current, next })
    await assert.rejects(change(OTHER, 'another long password'), { code: 'wrong-credentials' })
    await assert.rejects(change(PASSWORD, 'short'), { code: 'invalid-input' })
    await assert.rejects(change(PASSWORD, PASSWORD), { code: 'invalid-input' })
    await change(PASSWORD, OTHER)
    for (const { secret } of [session, elsewhere]) assert.equal(await actorOfSession(c.world, secret), null)
    await wrong(enter(PASSWORD))
    await enter(OTHER)
    assert.deepEqual((await c.facts('person.password-set')).at(-1)!.data, {
      personId: 'ana',
      how: 'by-the-person',
      endedSessions: 2,
    })
    for (let i = 0; i < 5; i++)
      await assert.rejects(change(PASSWORD, 'another long password'), { code: 'wrong-credentials' })
    await limited(change(OTHER, 'another long password'))
    await enter(OTHER)
    const token = { id: 'token:1', name: 'ci', role: 'administrator' as const, personId: null }
    await assert.rejects(changePassword(c.world, token, { current: OTHER, next: 'another long password' }), {
      code: 'wrong-state',
    })
  })

  test('a person of the file sets a password with an invitation, once; the newest counts', async () => {
    const admin = await setUp()
    await c.apply({ people: { bo: { email: 'bo@example.org', name: 'Bo' } } })
    await wrong(enter(PASSWORD, 'bo@example.org'))
    const first = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    const link = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    assert.match(link.url, /\/invitation#[\w-]{43}$/)
    await assert.rejects(readInvitation(c.world, first.secret), { code: 'token-spent' })
    assert.equal((await readInvitation(c.world, link.secret)).name, 'Bo')
    const accept = (secret: string, password = OTHER) => acceptInvitation(c.world, { secret, password }, HERE)
    await assert.rejects(accept(link.secret, 'short'), { code: 'invalid-input' })
    const session = await accept(link.secret)
    assert.equal(session.actor.personId, 'bo')
    await assert.rejects(accept(link.secret), { code: 'token-spent' })
    await enter(OTHER, 'bo@example.org')
    // Forgotten: a new link sets another password and ends what was open.
    const again = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    await accept(again.secret, PASSWORD)
    assert.equal(await actorOfSession(c.world, session.secret), null)
    await assert.rejects(invitePerson(c.world, session.actor, { personId: 'bo' }), { code: 'forbidden' })
    await assert.rejects(invitePerson(c.world, admin.actor, { personId: 'zoe' }), { code: 'not-found' })
    await assert.rejects(
      accept((await invitePerson(c.world, admin.actor, { personId: 'bo' })).secret.slice(1)),
      { code: 'token-spent' },
    )
  })

  test('a set-up link is no invitation and an invitation no set-up link', async () => {
    const setup = (await createSetupLink(c.world, SYSTEM))!
    await assert.rejects(acceptInvitation(c.world, { secret: setup.secret, password: PASSWORD }, HERE), {
      code: 'token-spent',
    })
    await c.apply({ people: { bo: { email: 'bo@example.org' } } })
    const invitation = await invitePerson(c.world, SYSTEM, { personId: 'bo' })
    const input = { secret: invitation.secret, name: 'Bo', email: 'bo2@example.org', password: PASSWORD }
    await assert.rejects(completeSetup(c.world, input, HERE), { code: 'token-spent' })
  })

  test('who is disabled is out at once, and out of the file is disabled', async () => {
    const admin = await setUp()
    await c.apply({ people: { bo: { email: 'bo@example.org' } } })
    const { secret } = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    const session = await acceptInvitation(c.world, { secret, password: OTHER }, HERE)
    const open = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    await c.apply({ people: {} })
    assert.equal(await actorOfSession(c.world, session.secret), null)
    await wrong(enter(OTHER, 'bo@example.org'))
    await assert.rejects(acceptInvitation(c.world, { secret: open.secret, password: OTHER }, HERE), {
      code: 'token-spent',
    })
    await assert.rejects(invitePerson(c.world, admin.actor, { personId: 'bo' }), { code: 'wrong-state' })
    // The address is free again, and coming back does not bring the old password back.
    await c.apply({ people: { bo: { email: 'bo@example.org' } } })
    await wrong(enter(OTHER, 'bo@example.org'))
  })

  test('a role taken away is gone with the next request', async () => {
    const admin = await setUp()
    await createPerson(c.world, admin.actor, {
      id: 'bo',
      name: 'Bo',
      email: 'bo@example.org',
      role: 'administrator',
    })
    const { secret } = await invitePerson(c.world, admin.actor, { personId: 'bo' })
    const session = await acceptInvitation(c.world, { secret, password: OTHER }, HERE)
    await changePerson(c.world, admin.actor, { id: 'bo', role: 'viewer' })
    assert.equal((await actorOfSession(c.world, session.secret))!.role, 'viewer')
  })

  test('people are added and changed by administrators, strictly; the last of them stays', async () => {
    const { actor } = await setUp()
    const bo = { id: 'bo', name: ' Bo ', email: 'bo@example.org', role: 'viewer' as const }
    assert.equal((await createPerson(c.world, actor, bo)).name, 'Bo')
    await assert.rejects(createPerson(c.world, actor, bo), { code: 'duplicate' })
    await assert.rejects(createPerson(c.world, actor, { ...bo, id: 'cy', email: 'ANA@example.org' }), {
      code: 'duplicate',
    })
    for (const more of [
      { passwordHash: 'x' },
      { managedBy: 'file' },
      { id: 'B O' },
      { name: 'B\u0007o' },
      { name: 'x'.repeat(121) },
      { role: 'root' },
    ])
      await assert.rejects(
        createPerson(c.world, actor, { ...bo, id: 'dee', email: 'd@example.org', ...more } as never),
        { code: 'invalid-input' },
      )
    await assert.rejects(changePerson(c.world, actor, { id: 'ana', role: 'viewer' }), { code: 'wrong-state' })
    await assert.rejects(changePerson(c.world, actor, { id: 'ana', disabled: true }), { code: 'wrong-state' })
    await assert.rejects(changePerson(c.world, actor, { id: 'bo', hasPassword: true } as never), {
      code: 'invalid-input',
    })
    await assert.rejects(changePerson(c.world, actor, { id: 'bo', email: EMAIL }), { code: 'duplicate' })
    await assert.rejects(
      changePerson(c.world, { ...actor, role: 'editor' }, { id: 'bo', role: 'administrator' }),
      { code: 'forbidden' },
    )
    await assert.rejects(createPerson(c.world, { ...actor, role: 'editor' }, { ...bo, id: 'cy' }), {
      code: 'forbidden',
    })
    await changePerson(c.world, actor, { id: 'bo', timezone: 'Europe/Zurich', name: 'Robert' })
    const facts = (await c.facts('catalog.configured')).length
    await changePerson(c.world, actor, { id: 'bo', name: 'Robert' })
    assert.equal((await c.facts('catalog.configured')).length, facts, 'no change, no fact')
    const robert = (await findPerson(store.read, 'bo'))!
    assert.deepEqual([robert.name, robert.timezone, robert.role], ['Robert', 'Europe/Zurich', 'viewer'])
    await c.apply({ people: { cy: { email: 'cy@example.org' } } })
    await assert.rejects(changePerson(c.world, actor, { id: 'cy', role: 'editor' }), {
      code: 'managed-by-file',
    })
  })

  test('what has expired long ago is cleared out, what counts stays', async () => {
    const gone = await setUp()
    await wrong(enter(OTHER))
    await c.travel(61 * DAY)
    const stays = await enter()
    await c.travel(DAY)
    const count = async (table: 'sessions' | 'setup_links' | 'sign_in_failures' | 'contact_verifications') =>
      (await store.read.selectFrom(table).selectAll().execute()).length
    assert.equal(await count('sessions'), 1)
    assert.equal(await count('setup_links'), 0)
    assert.equal(await count('sign_in_failures'), 0)
    assert.equal(await count('contact_verifications'), 0)
    assert.notEqual(gone.sessionId, stays.sessionId)
    assert.equal((await listPeople(store.read)).length, 1)
  })
})
