import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { route } from '../../src/contract/route.ts'
import { routes } from '../../src/contract/routes.ts'
import { readMe } from '../../src/contract/system.ts'
import { affectedRooms } from './affected.ts'
import { addressOf, call, onSignedOut } from './client.ts'
import { ApiProblem, byField, problemFrom } from './problem.ts'

const read = route({
  id: 'readThing',
  method: 'GET',
  path: '/api/v1/things/:id/parts',
  summary: 'A thing',
  room: 'test',
  access: 'viewer',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({ limit: z.number().optional(), state: z.string().optional() }),
  answer: z.object({ name: z.string() }),
})
const write = route({
  id: 'writeThing',
  method: 'POST',
  path: '/api/v1/things',
  summary: 'Write',
  room: 'test',
  access: 'viewer',
  body: z.strictObject({ name: z.string() }),
  status: 204,
})

/** Answers one call of `fetch` and tells what was asked. */
async function answering<T>(
  answer: Response | Error,
  work: () => Promise<T>,
): Promise<{ asked: { url: string; init: RequestInit }; result: PromiseSettledResult<T> }> {
  const real = globalThis.fetch
  let asked: { url: string; init: RequestInit } | null = null
  globalThis.fetch = async (url, init) => {
    asked = { url: String(url), init: init ?? {} }
    if (answer instanceof Error) throw answer
    return answer
  }
  try {
    const [result] = await Promise.allSettled([work()])
    return { asked: asked!, result: result! }
  } finally {
    globalThis.fetch = real
  }
}

function problemOf(result: PromiseSettledResult<unknown>): ApiProblem {
  assert.equal(result.status, 'rejected')
  assert.ok(result.reason instanceof ApiProblem)
  return result.reason
}

test('parameters are escaped and empty parts of the query left out', () => {
  assert.equal(addressOf(read, { id: 'a/b?c' }), '/api/v1/things/a%2Fb%3Fc/parts')
  assert.equal(
    addressOf(read, { id: 'x' }, { limit: 5, state: '', cursor: undefined }),
    '/api/v1/things/x/parts?limit=5',
  )
  assert.throws(() => addressOf(read, {}), /needs the parameter id/)
})

describe('a call', () => {
  test('sends JSON to its own origin and answers what was agreed', async () => {
    const { asked, result } = await answering(Response.json({ name: 'ok', more: 1 }), () =>
      call(read, { params: { id: 'x' } }),
    )
    assert.deepEqual(result, { status: 'fulfilled', value: { name: 'ok' } })
    assert.equal(asked.init.credentials, 'same-origin')
    const sent = await answering(new Response(null, { status: 204 }), () =>
      call(write, { body: { name: 'n' } }),
    )
    assert.equal(sent.asked.init.body, '{"name":"n"}')
    assert.equal(new Headers(sent.asked.init.headers).get('content-type'), 'application/json')
    assert.equal(sent.result.status, 'fulfilled')
  })

  test('throws what the server says is wrong, with the places', async () => {
    const body = {
      type: 'about:blank',
      title: 'The input is not valid',
      status: 400,
      detail: 'name is empty',
      code: 'invalid-input',
      problems: [{ path: 'name', message: 'must not be empty' }],
    }
    const { result } = await answering(Response.json(body, { status: 400 }), () =>
      call(write, { body: { name: '' } }),
    )
    const problem = problemOf(result)
    assert.deepEqual([problem.code, problem.status, problem.problems], ['invalid-input', 400, body.problems])
  })

  test('tells when nobody is signed in any more', async () => {
    let told = 0
    const stop = onSignedOut(() => told++)
    const body = { type: 't', title: 'Sign in first', status: 401, detail: 'd', code: 'not-signed-in' }
    await answering(Response.json(body, { status: 401 }), () => call(read, { params: { id: 'x' } }))
    assert.equal(told, 1)
    await answering(Response.json(body, { status: 401 }), () => call(readMe))
    assert.equal(told, 1, 'asking who is signed in tells nobody: those who hear ask exactly that')
    stop()
  })

  test('makes a problem of a dead line, of a page from a proxy and of an answer of another version', async () => {
    const dead = await answering(new TypeError('fetch failed'), () => call(read, { params: { id: 'x' } }))
    assert.equal(problemOf(dead.result).code, 'unreachable')
    const html = new Response('<h1>Bad gateway</h1>', { status: 502 })
    const proxy = await answering(html, () => call(read, { params: { id: 'x' } }))
    assert.deepEqual(
      [problemOf(proxy.result).code, problemOf(proxy.result).status],
      ['unreadable-answer', 502],
    )
    const other = await answering(Response.json({ nom: 1 }), () => call(read, { params: { id: 'x' } }))
    assert.match(problemOf(other.result).message, /name/)
  })
})

test('problems are found by the field they speak of', () => {
  const problems = [
    { path: 'body.settings.expect.status', message: 'is wrong', remedy: 'write 200' },
    { path: '/id', message: 'is taken' },
    { path: 'id', message: 'is short' },
  ]
  assert.deepEqual(byField(problems, 'settings.'), {
    'expect.status': 'is wrong – write 200',
    id: 'is taken; is short',
  })
  assert.equal(problemFrom(500, undefined).status, 500)
})

test('a fact names rooms of the contract, and an unknown one everything', () => {
  const rooms = new Set(routes.map(({ room }) => room))
  for (const word of [
    'monitor',
    'alert',
    'page',
    'incident',
    'update',
    'postmortem',
    'action',
    'drill',
    'contact',
  ]) {
    const affected = affectedRooms(`${word}.changed`)
    assert.ok(affected && affected.length > 0, word)
    for (const room of affected) assert.ok(rooms.has(room), `${word} names ${room}`)
  }
  assert.equal(affectedRooms('something.new'), null)
})
