/** What every route promises, whoever wrote it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { alert } from './alerts.ts'
import { incident } from './incidents.ts'
import { monitor } from './monitors.ts'
import { pageItem } from './oncall.ts'
import { action, postmortem } from './postmortems.ts'
import { drill, drillRun } from './proofs.ts'
import { instant, name, pageQuery, ROLES, type Route, slug } from './route.ts'
import { routes } from './routes.ts'

const keysOf = (schema: z.ZodType): string[] =>
  Object.keys(schema instanceof z.ZodObject ? (schema.shape as object) : {})
const all = (what: (route: Route) => boolean) =>
  routes.filter((route) => !what(route)).map((route) => route.id)

/** What refuses a key that it does not know. */
function isStrict(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodUnion) return schema.options.every((one) => isStrict(one as z.ZodType))
  return schema instanceof z.ZodObject && schema._zod.def.catchall instanceof z.ZodNever
}

describe('every route', () => {
  it('is listed, once, under one address: the files of the rooms hold no other', () => {
    const ids = routes.map((route) => route.id)
    assert.equal(new Set(ids).size, ids.length)
    const addresses = routes.map(({ method, path }) => `${method} ${path.replace(/:[^/]+/g, ':x')}`)
    assert.equal(new Set(addresses).size, addresses.length)
    const written = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.ts') && !/^(route|routes|contract\.test)\.ts$/.test(file))
      .flatMap((file) => [
        ...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/^export const (\w+) = route\(/gm),
      ])
      .map((match) => match[1])
    assert.deepEqual(ids.toSorted(), written.toSorted())
  })

  it('is exported under its id, so that the client and the reference call it the same', async () => {
    for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts'))) {
      if (/^(route|routes)\.ts$|\.test\.ts$/.test(file)) continue
      for (const [exported, value] of Object.entries(await import(`./${file}`)))
        if (routes.includes(value as Route)) assert.equal((value as Route).id, exported, file)
    }
  })

  it('names in its schema what its path names, and nothing else', () => {
    for (const { id, path, params } of routes) {
      const named = [...path.matchAll(/:(\w+)/g)].map((match) => match[1])
      assert.deepEqual([id, keysOf(params).toSorted()], [id, named.toSorted()])
    }
  })

  it('says who may call it, and only the door itself is open to everybody', () => {
    assert.deepEqual(
      all(({ access }) => access === 'public' || ROLES.includes(access)),
      [],
    )
    assert.deepEqual(
      routes
        .filter(({ access }) => access === 'public')
        .map(({ id }) => id)
        .toSorted(),
      ['acceptInvitation', 'completeSetup', 'readSetup', 'signIn'],
    )
  })

  it('that changes something takes more than a viewer, but for what is the viewer’s own', () => {
    assert.deepEqual(
      all(({ method, access, id }) => method === 'GET' || access !== 'viewer' || OWN.has(id)),
      [],
    )
  })

  it('that reads has no body, and what answers nothing says 204 or speaks no JSON', () => {
    const none = (schema: z.ZodType) => schema instanceof z.ZodUndefined
    assert.deepEqual(
      all(({ method, body }) => method !== 'GET' || none(body)),
      [],
    )
    assert.deepEqual(
      all(({ status, answer }) => status !== 204 || none(answer)),
      [],
    )
    const silent = routes.filter(({ status, answer }) => status !== 204 && none(answer)).map(({ id }) => id)
    assert.deepEqual(silent.toSorted(), [
      'exportPostmortem',
      'exportPostmortemHtml',
      'exportPostmortemPdf',
      'readEvents',
      'readScreenshot',
    ])
    assert.deepEqual(
      all(({ method, status }) => method !== 'DELETE' || status === 204),
      [],
    )
  })

  it('refuses keys that it does not know, in path, query and body', () => {
    assert.deepEqual(
      all(({ params, query }) => isStrict(params) && isStrict(query)),
      [],
    )
    assert.deepEqual(
      all(({ body }) => body instanceof z.ZodUndefined || isStrict(body)),
      [],
    )
  })

  it('has its room and a summary, in the order of a sentence', () => {
    assert.deepEqual(
      all(({ summary, room }) => /^[A-Z].{3,}[^.]$/.test(summary) && room.length > 0),
      [],
    )
    assert.deepEqual(
      all(({ path }) => /^\/api\/v1(\/[a-z-]+|\/:\w+)+$/.test(path)),
      [],
    )
  })
})

// What somebody who only reads may still do: begin and end a session, and change the own password.
const OWN = new Set(['signOut', 'changePassword'])

describe('every list', () => {
  const lists = routes.filter(({ id }) => id.startsWith('list'))

  it('answers a page of items and where the next begins', () => {
    assert.ok(lists.length > 15, 'there are lists to look at')
    // A list may say more about itself, such as what is usual in it.
    for (const { id, answer } of lists)
      assert.deepEqual([id, keysOf(answer).slice(0, 2)], [id, ['items', 'next']])
  })

  it('that can grow is asked for by pages', () => {
    // How many kinds, cases and trackers there are is decided by the program, and by what people wrote by hand.
    for (const { id, query } of lists)
      if (!id.endsWith('Kinds') && id !== 'listCases' && id !== 'listTrackers')
        assert.deepEqual(
          [id, Object.keys(pageQuery.shape).filter((key) => !keysOf(query).includes(key))],
          [id, []],
        )
  })

  it('gives a hundred when not told how many, and five hundred at most', () => {
    assert.equal(pageQuery.parse({}).limit, 100)
    assert.equal(pageQuery.parse({ limit: '500' }).limit, 500)
    for (const limit of ['0', '501', '-1', '1.5', 'many', ''])
      assert.equal(pageQuery.safeParse({ limit }).success, false, limit)
  })
})

describe('what has a state', () => {
  const things: [string, z.ZodObject, string[]][] = [
    ['monitor', monitor, ['serviceId']],
    ['alert', alert, ['serviceId', 'monitorId', 'incidentId']],
    ['incident', incident, ['serviceIds', 'alertIds', 'postmortemId']],
    ['page', pageItem, ['alertId', 'escalationId', 'personId']],
    ['action', action, ['postmortemId', 'drillId', 'provedByRunId']],
    ['drill', drill, ['monitorId', 'actionId', 'lastRunId']],
    ['run', drillRun, ['drillId']],
    ['post-mortem', postmortem, ['incidentId', 'actionIds']],
  ]
  for (const [what, schema, parents] of things)
    it(`a ${what} says which it is, how it stands, why, since when and what it belongs to`, () => {
      const keys = keysOf(schema)
      for (const key of ['id', 'state', 'reason', 'since', ...parents]) assert.ok(keys.includes(key), key)
      // Not optional: a client that shows it must not have to guess.
      for (const key of ['id', 'state', 'reason', 'since'])
        assert.equal(
          (schema.shape as Record<string, z.ZodType>)[key]!.safeParse(undefined).success,
          false,
          key,
        )
      assert.equal(
        (schema.shape as Record<string, z.ZodType>).since!.safeParse(1_700_000_000_000).success,
        false,
      )
    })
})

describe('what an answer never holds', () => {
  it('is a secret, but for the routes that make one', () => {
    const secret = /password|secret|hash|token/i
    const makes = new Map([
      ['createToken', ['secret']],
      // Of the text that was handed in, so that it is known again.
      ['importPostmortem', ['hash']],
      ['readPostmortemSource', ['hash']],
    ])
    for (const { id, answer } of routes) {
      const items =
        answer instanceof z.ZodObject ? (answer.shape as Record<string, z.ZodType>).items : undefined
      const keys = [
        ...keysOf(answer),
        ...(items instanceof z.ZodArray ? keysOf(items.element as z.ZodType) : []),
      ]
      const found = keys.filter((key) => secret.test(key) && key !== 'hasPassword')
      assert.deepEqual([id, found], [id, makes.get(id) ?? []])
    }
  })
})

describe('the words of the contract', () => {
  const cases: [string, z.ZodType, unknown[], unknown[]][] = [
    [
      'an instant',
      instant,
      ['2026-01-05T09:00:00Z', '2026-01-05T09:00:00.123Z', '2026-01-05T09:00:00+01:00'],
      ['2026-01-05', '2026-01-05T09:00:00', '2026-13-05T09:00:00Z', 'now', 0, null],
    ],
    [
      'a slug',
      slug,
      ['a', '0', 'docs-certificate', 'x'.repeat(80)],
      ['', '-a', 'A', 'a_b', 'a b', 'é', 'x'.repeat(81), 'a\n'],
    ],
    [
      'a name',
      name,
      ['Ana', '  Ana  ', 'Ærø 🔔', 'x'.repeat(120)],
      ['', '   ', 'a\u0000b', 'a\nb', 'x'.repeat(121)],
    ],
  ]
  for (const [what, schema, good, bad] of cases)
    it(`${what} is what it should be`, () => {
      for (const value of good) assert.equal(schema.safeParse(value).success, true, JSON.stringify(value))
      for (const value of bad) assert.equal(schema.safeParse(value).success, false, JSON.stringify(value))
    })

  it('stand in files that the browser can load: they import zod and one another', () => {
    for (const file of readdirSync(import.meta.dirname)) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
      for (const [, from] of text.matchAll(/from '([^']+)'/g))
        assert.ok(from === 'zod' || /^\.\/[a-z-]+\.ts$/.test(from!), `${file} imports ${from}`)
    }
  })
})
