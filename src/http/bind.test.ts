import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { byId, route } from '../contract/route.ts'
import { TocsinError } from '../kit/errors.ts'
import { binder } from './bind.ts'
import { type Desk, openDesk, PUBLIC_URL } from './desk-for-tests.ts'
import { Plain } from './plain.ts'
import { sendProblem } from './problem.ts'
import { readJsonBodies } from './read-json.ts'

const base = { room: 'test', summary: 'A route of this test' }
const change = route({
  ...base,
  id: 'change',
  method: 'POST',
  path: '/api/things/:id',
  access: 'editor',
  params: byId,
  query: z.strictObject({ dry: z.enum(['yes', 'no']).optional() }),
  status: 201,
  body: z.strictObject({
    name: z.string().min(2),
    size: z.number().int(),
    tags: z.array(z.string()).default([]),
  }),
  answer: z.object({ id: z.string(), name: z.string(), calls: z.number() }),
})
const plain = route({ ...base, id: 'plain', method: 'GET', path: '/api/plain', access: 'public' })
const leaky = route({
  ...base,
  id: 'leaky',
  method: 'GET',
  path: '/api/leaky',
  access: 'public',
  answer: z.object({ seen: z.string() }),
})
const broken = route({ ...base, id: 'broken', method: 'GET', path: '/api/broken', access: 'public' })
const wrong = route({
  ...base,
  id: 'wrong',
  method: 'GET',
  path: '/api/wrong',
  access: 'public',
  answer: z.number(),
})
const bare = route({ ...base, id: 'bare', method: 'POST', path: '/api/bare', access: 'viewer', status: 204 })
const refusing = route({ ...base, id: 'refusing', method: 'POST', path: '/api/refusing', access: 'viewer' })

describe('the layer through which every route goes', () => {
  let desk: Desk
  let app: FastifyInstance
  let calls = 0

  before(async () => {
    desk = await openDesk()
    app = fastify({ bodyLimit: 10_000 })
    app.decorateRequest('identity', null)
    app.register(cookie)
    app.setErrorHandler((error, _request, reply) => sendProblem(desk.world, reply, error))
    app.register(async (api) => {
      readJsonBodies(api)
      const bind = binder(api, desk.options, new Set())
      bind(change, async ({ params, body }) => ({ id: params.id, name: body.name, calls: ++calls }))
      bind(plain, async () => new Plain('text/markdown', '# Hello'))
      bind(leaky, async () => ({ seen: 'yes', passwordHash: 'secret' }) as { seen: string })
      bind(broken, async () => {
        throw new Error('the secret is 42')
      })
      bind(wrong, async () => 'text' as unknown as number)
      bind(bare, async () => undefined)
      bind(refusing, async () => {
        calls++
        throw new TocsinError('wrong-state', 'Not now.', [
          { path: 'state', message: 'is another', remedy: 'Wait.' },
        ])
      })
    })
    await app.ready()
  })
  after(async () => {
    await app.close()
    await desk.close()
  })

  const post = async (
    payload: string,
    {
      role = 'editor',
      url = '/api/things/a',
      headers = {},
    }: { role?: 'editor' | 'viewer' | null; url?: string; headers?: object } = {},
  ) =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: {
        'content-type': 'application/json',
        ...(role ? { authorization: `Bearer ${await desk.token(role)}` } : {}),
        ...headers,
      },
    })
  const good = JSON.stringify({ name: 'thing', size: 3 })

  test('a good request is answered with the status of the route', async () => {
    const answer = await post(good)
    assert.equal(answer.statusCode, 201, answer.body)
    assert.equal(answer.json().name, 'thing')
    assert.equal(answer.headers['cache-control'], 'no-store')
  })

  test('everything that is wrong is told at once, each with its place', async () => {
    const answer = await post(JSON.stringify({ name: 'x', size: 1.5, tags: ['a', 1], nmae: 'y' }), {
      url: '/api/things/a?dry=maybe&when=now',
    })
    assert.equal(answer.statusCode, 400)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    const problem = answer.json()
    assert.equal(problem.code, 'invalid-input')
    assert.equal(problem.status, 400)
    assert.deepEqual(
      problem.problems.map((one: { path: string }) => one.path).sort(),
      ['name', 'nmae', 'query.dry', 'query.when', 'size', 'tags.1'].sort(),
    )
  })

  test('who may not is refused before the body is looked at', async () => {
    const stranger = await post('{ this is not JSON', { role: null })
    assert.equal(stranger.statusCode, 401)
    assert.equal(stranger.headers['www-authenticate'], 'Bearer')
    const viewer = await post('{ this is not JSON', { role: 'viewer' })
    assert.equal(viewer.statusCode, 403)
    assert.equal(viewer.json().code, 'forbidden')
  })

  for (const [what, payload, headers, status, code] of [
    ['text that is not JSON', '{ "name": ', {}, 400, 'invalid-input'],
    ['no body', '', {}, 400, 'invalid-input'],
    ['a body that is no object', '[]', {}, 400, 'invalid-input'],
    ['a body that nests too deep', '['.repeat(100) + ']'.repeat(100), {}, 400, 'invalid-input'],
    [
      'a prototype in disguise',
      '{"name":"ab","size":1,"__proto__":{"admin":true}}',
      {},
      400,
      'invalid-input',
    ],
    ['a body that is too large', JSON.stringify({ name: 'x'.repeat(20_000), size: 1 }), {}, 413, 'too-large'],
    [
      'a form',
      'name=thing',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'wrong-media-type',
    ],
    ['plain text', good, { 'content-type': 'text/plain' }, 415, 'wrong-media-type'],
  ] as const)
    test(`${what} is a problem of its own kind`, async () => {
      const answer = await post(payload, { headers })
      assert.equal(answer.statusCode, status, answer.body)
      assert.equal(answer.json().code, code)
    })

  test('keys that the contract does not name never leave', async () => {
    const answer = await app.inject('/api/leaky')
    assert.deepEqual(answer.json(), { seen: 'yes' })
  })

  test('of a bug the caller learns a number, and the log the rest', async () => {
    const answer = await app.inject('/api/broken')
    assert.equal(answer.statusCode, 500)
    assert.doesNotMatch(answer.body, /the secret|bind\.test/)
    const { instance, code } = answer.json()
    assert.equal(code, 'internal')
    const logged = desk.errors.find(
      (fields) => instance === `urn:uuid:${(fields as { instance: string }).instance}`,
    )
    assert.match(JSON.stringify(logged), /the secret is 42/)
  })

  test('an answer that breaks the contract does not leave where answers are checked strictly', async () => {
    assert.equal((await app.inject('/api/wrong')).statusCode, 500)
    assert.match(JSON.stringify(desk.errors.at(-1)), /the answer of wrong breaks the contract/)
  })

  test('an error for the caller carries its places and remedies', async () => {
    const answer = await post('', { url: '/api/refusing', headers: { 'content-type': undefined } })
    assert.equal(answer.statusCode, 409)
    assert.deepEqual(answer.json().problems, [{ path: 'state', message: 'is another', remedy: 'Wait.' }])
  })

  test('a route without a body takes none, or an empty object; and may answer nothing', async () => {
    for (const payload of ['', '{}']) {
      const answer = await post(payload, { url: '/api/bare' })
      assert.equal(answer.statusCode, 204, answer.body)
      assert.equal(answer.body, '')
    }
    assert.equal((await post('{"x":1}', { url: '/api/bare' })).statusCode, 400)
  })

  test('an answer may be text of another type', async () => {
    const answer = await app.inject('/api/plain')
    assert.equal(answer.headers['content-type'], 'text/markdown')
    assert.equal(answer.body, '# Hello')
  })

  test('a route cannot be bound twice', () => {
    const bind = binder(fastify(), desk.options, new Set(['plain']))
    assert.throws(() => bind(plain, async () => undefined), /bound twice/)
  })

  describe('a session', () => {
    let cookieHeader: string
    before(async () => {
      cookieHeader = (await desk.person('editor')).cookie
    })
    const withCookie = (headers: object) =>
      post(good, { role: null, headers: { cookie: cookieHeader, ...headers } })

    test('counts from our own pages', async () => {
      assert.equal((await withCookie({ origin: PUBLIC_URL })).statusCode, 201)
      assert.equal((await withCookie({ 'sec-fetch-site': 'same-origin' })).statusCode, 201)
    })

    test('does not count from another site, or from nowhere', async () => {
      for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, {}]) {
        const answer = await withCookie(headers)
        assert.equal(answer.statusCode, 403)
        assert.equal(answer.json().code, 'origin-refused')
      }
    })
  })

  describe('an Idempotency-Key', () => {
    const keyed = (key: string, payload = good, more: object = {}) =>
      post(payload, { headers: { 'idempotency-key': key }, ...more })

    test('makes the work done once and gives the same answer again', async () => {
      const first = await keyed('k-1')
      const again = await keyed('k-1')
      assert.equal(first.statusCode, 201)
      assert.equal(again.statusCode, 201)
      assert.equal(again.body, first.body)
      assert.equal(again.headers['idempotency-replayed'], 'true')
      assert.equal(first.headers['idempotency-replayed'], undefined)
    })

    test('of another request is refused', async () => {
      await keyed('k-2')
      const other = await keyed('k-2', JSON.stringify({ name: 'other', size: 3 }))
      assert.equal(other.statusCode, 422)
      assert.equal(other.json().code, 'idempotency-mismatch')
      assert.equal((await keyed('k-2', good, { url: '/api/things/b' })).statusCode, 422)
    })

    test('of two requests at the same time lets one through', async () => {
      const before = calls
      const answers = await Promise.all(Array.from({ length: 5 }, () => keyed('k-3')))
      assert.equal(calls, before + 1)
      for (const { statusCode } of answers)
        assert.ok(statusCode === 201 || statusCode === 409, String(statusCode))
    })

    test('belongs to who sent it', async () => {
      const mine = await keyed('k-4')
      const cookie = (await desk.person('editor', 'other')).cookie
      const theirs = await keyed('k-4', good, {
        role: null,
        headers: { cookie, origin: PUBLIC_URL, 'idempotency-key': 'k-4' },
      })
      assert.notEqual(theirs.json().calls, mine.json().calls)
    })

    test('is free again when the request came to nothing', async () => {
      const before = calls
      for (let i = 0; i < 2; i++)
        assert.equal((await keyed('k-5', '', { url: '/api/refusing' })).statusCode, 409)
      assert.equal(calls, before + 2)
    })

    test('without a visible character is refused', async () => {
      assert.equal((await keyed('two words')).statusCode, 400)
      assert.equal((await keyed('x'.repeat(201))).statusCode, 400)
    })
  })
})
