/** What belongs to one person is out of reach of a teammate and of a stranger, whatever role they have. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { story, USUAL } from '../../test/harness/story.ts'
import {
  ensureAdminToken,
  findContact,
  findService,
  listContacts,
  saveService,
  saveTeam,
} from '../catalog/index.ts'
import { type Desk, openDesk, PUBLIC_URL } from './desk-for-tests.ts'

describe('a contact', () => {
  let desk: Desk
  const cookies: Record<string, string> = {}

  before(async () => {
    desk = await openDesk()
    for (const [id, role] of [
      ['ana', 'responder'],
      ['bo', 'responder'],
      ['ed', 'editor'],
      ['vi', 'viewer'],
      ['cy', 'administrator'],
    ] as const)
      cookies[id] = (await desk.person(role, id)).cookie
  })
  after(() => desk.close())

  /** As the person's browser does it, from our own pages unless said otherwise. */
  const as = (who: string, method: string, url: string, body?: unknown, origin = PUBLIC_URL) =>
    desk.call(null, method, url, body, { cookie: cookies[who], origin })
  const add = (who: string, of: string, path: string) =>
    as(who, 'POST', `/api/v1/people/${of}/contacts`, {
      kind: 'webhook',
      address: { url: `https://hooks.example.org/${path}` },
    })
  const stateOf = async (id: string) => (await findContact(desk.world.store.read, id))?.state ?? 'gone'

  test('is added by its owner and by administrators, and by nobody else of any role', async () => {
    assert.equal((await add('ana', 'ana', 'own')).statusCode, 201)
    assert.equal((await add('cy', 'ana', 'by-administrator')).statusCode, 201)
    for (const who of ['bo', 'ed', 'vi']) {
      const answer = await add(who, 'ana', `by-${who}`)
      assert.equal(answer.statusCode, 403, `${who}: ${answer.body}`)
    }
    const kept = await listContacts(desk.world.store.read, 'ana')
    assert.equal(kept.length, 3, 'the e-mail address, her own and the administrator’s')
  })

  test('is verified again and removed by its owner and by administrators only', async () => {
    const { id } = (await add('ana', 'ana', 'to-be-removed')).json()
    for (const who of ['bo', 'ed', 'vi'])
      for (const [method, url] of [
        ['POST', `/api/v1/contacts/${id}/send-verification`],
        ['DELETE', `/api/v1/contacts/${id}`],
      ] as const) {
        const answer = await as(who, method, url)
        assert.equal(answer.statusCode, 403, `${who} ${method}: ${answer.body}`)
      }
    for (const role of ['responder', 'editor'] as const)
      assert.equal(
        (await desk.call(role, 'DELETE', `/api/v1/contacts/${id}`)).statusCode,
        403,
        `a token: ${role}`,
      )
    assert.equal((await desk.call(null, 'DELETE', `/api/v1/contacts/${id}`)).statusCode, 401)
    assert.equal(await stateOf(id), 'unverified', 'nobody verified it by asking, and it is still there')
    assert.equal((await as('ana', 'DELETE', `/api/v1/contacts/${id}`)).statusCode, 204)
    assert.equal(await stateOf(id), 'gone')
  })

  test('of hers stays when another site sends her browser here', async () => {
    const { id } = (await add('ana', 'ana', 'wanted-by-others')).json()
    for (const origin of [
      'https://evil.example',
      'null',
      `${PUBLIC_URL}.evil.example`,
      'http://tocsin.test:81',
    ]) {
      const answer = await as('ana', 'DELETE', `/api/v1/contacts/${id}`, undefined, origin)
      assert.equal(answer.statusCode, 403, `${origin}: ${answer.body}`)
      assert.equal(answer.json().code, 'origin-refused')
    }
    const bare = await desk.call(null, 'DELETE', `/api/v1/contacts/${id}`, undefined, { cookie: cookies.ana })
    assert.equal(bare.statusCode, 403, 'a browser that says nothing of where it comes from')
    assert.equal(await stateOf(id), 'unverified')
  })

  test('a role is not taken by naming it: not in a body, not in a header, not by a second credential', async () => {
    const tried = await as('ana', 'PATCH', '/api/v1/people/ana', { role: 'administrator' })
    assert.equal(tried.statusCode, 403)
    const smuggled = await as('ana', 'POST', '/api/v1/people/ana/contacts', {
      kind: 'webhook',
      address: { url: 'https://hooks.example.org/x' },
      state: 'verified',
    })
    assert.equal(smuggled.statusCode, 400)
    // Who sends a token means it: her cookie does not lift a viewer's token, nor does a bad token fall back on it.
    const both = { cookie: cookies.cy, origin: PUBLIC_URL }
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/tokens', undefined, both)).statusCode, 403)
    const bad = { ...both, authorization: 'Bearer made-up' }
    assert.equal((await desk.call(null, 'GET', '/api/v1/tokens', undefined, bad)).statusCode, 401)
  })

  test('who is disabled is out with the next request, and who loses a role loses what it allowed', async () => {
    assert.equal((await as('ed', 'GET', '/api/v1/me')).json().role, 'editor')
    await as('cy', 'PATCH', '/api/v1/people/ed', { role: 'viewer' })
    assert.equal(
      (await as('ed', 'POST', '/api/v1/incidents', { title: 'x', severity: 'SEV4' })).statusCode,
      403,
    )
    assert.equal((await as('cy', 'PATCH', '/api/v1/people/bo', { disabled: true })).statusCode, 200)
    assert.equal((await as('bo', 'GET', '/api/v1/me')).statusCode, 401)
    assert.equal((await as('cy', 'PATCH', '/api/v1/people/bo', { disabled: false })).statusCode, 200)
    assert.equal((await as('bo', 'GET', '/api/v1/me')).statusCode, 401, 'the session does not come back')
  })
})

test('the token of the environment stops at once when it is revoked, and a restart does not revive it', async () => {
  const desk = await openDesk()
  const secret = 'a-token-of-the-environment-0123456789'
  const me = () => desk.call(null, 'GET', '/api/v1/me', undefined, { authorization: `Bearer ${secret}` })
  try {
    assert.equal((await me()).statusCode, 401, 'not before it is stored')
    await ensureAdminToken(desk.world, secret)
    assert.equal((await me()).json().role, 'administrator')
    const { items } = (await desk.call('administrator', 'GET', '/api/v1/tokens')).json()
    const { id } = items.find((token: { name: string }) => token.name === 'TOCSIN_ADMIN_TOKEN')
    assert.equal((await desk.call('administrator', 'DELETE', `/api/v1/tokens/${id}`)).statusCode, 204)
    assert.equal((await me()).statusCode, 401)
    await ensureAdminToken(desk.world, secret)
    assert.equal((await me()).statusCode, 401)
  } finally {
    await desk.close()
  }
})

test('who guesses passwords is told in Retry-After the time that the answer names', async () => {
  const desk = await openDesk()
  await desk.person('responder', 'ana')
  const guess = () =>
    desk.call(null, 'POST', '/api/v1/sign-in', { email: 'ana@example.org', password: 'a wrong guess' })
  try {
    for (let i = 0; i < 5; i++) assert.equal((await guess()).statusCode, 401)
    const answer = await guess()
    assert.equal(answer.statusCode, 429)
    const seconds = Number(answer.headers['retry-after'])
    assert.ok(seconds > 14 * 60 && seconds <= 15 * 60, String(seconds))
    assert.match(answer.json().detail, /Try again in 1[45]m/)
  } finally {
    await desk.close()
  }
})

test('what was made by hand goes on when the file is applied, which may name its policies and schedules', () =>
  story({}, async (it) => {
    const { world } = it.tocsin()
    const admin = it.as('cy', 'administrator')
    await saveTeam(world, admin, { id: 'desk', members: ['ana'], policy: 'usual', schedule: 'week' })
    await saveService(world, admin, { id: 'shop', owner: 'desk', policy: 'usual', dependsOn: ['docs'] })
    await it.apply(USUAL.replace('name: Documentation', 'name: Manual'))
    await it.restart()
    const shop = await findService(it.store.read, 'shop')
    assert.deepEqual(
      [shop!.removedAt, shop!.owner, shop!.policy, shop!.managedBy],
      [null, 'desk', 'usual', 'api'],
    )
    assert.equal((await findService(it.store.read, 'docs'))!.name, 'Manual')
  }))
