/** What the pages say by themselves must be what the server does: compared with its rules, not written twice. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { channels } from '../../src/channels/registry.ts'
import { incidentState } from '../../src/contract/incidents.ts'
import { actionState, postmortemState } from '../../src/contract/postmortems.ts'
import { routes } from '../../src/contract/routes.ts'
import { decideMove } from '../../src/incidents/state.rules.ts'
import { monitorKinds } from '../../src/monitors/kinds/registry.ts'
import { decideByHand } from '../../src/postmortems/action-state.rules.ts'
import { decidePostmortemMove } from '../../src/postmortems/postmortem-state.rules.ts'
import { drillKindsWithSettings, FAULTS } from '../../src/proofs/index.ts'
import { affectedRooms } from '../../web/api/affected.ts'
import { isAt, PLACES } from '../../web/app/places.ts'
import { lookOf } from '../../web/parts/states.ts'
import { leavesTo } from '../../web/rooms/actions/sort-actions.ts'
import { nextStates } from '../../web/rooms/incidents/next-states.ts'
import { MOVES } from '../../web/rooms/postmortems/moves.ts'
import { everyField, type Field, formFields, leaves } from '../../web/schema-form/fields.ts'
import { keepFields, readAt, writeAt } from '../../web/schema-form/values.ts'

describe('what may be done next', () => {
  test('an incident is led only where the server lets it go, and every way is offered', () => {
    for (const from of incidentState.options) {
      const { usual, others } = nextStates(from)
      const offered = [...(usual ? [usual] : []), ...others].sort()
      const allowed = incidentState.options.filter((to) => decideMove(from, to).outcome === 'move').sort()
      assert.deepEqual(offered, allowed, from)
    }
  })

  test('the menu of a post-mortem offers every way that its state allows', () => {
    // A body whose sections are all missing: what is refused for that is a way all the same.
    for (const from of postmortemState.options) {
      const allowed = postmortemState.options.filter((to) => {
        const { reason } = decidePostmortemMove({ state: from, body: '' }, to, [])
        return reason !== 'already-there' && reason !== 'not-from-here'
      })
      assert.deepEqual(MOVES[from].map(([to]) => to).sort(), allowed.sort(), from)
    }
  })

  test('an action is dropped and taken back by hand exactly where the rule says so', () => {
    for (const from of actionState.options)
      for (const to of ['open', 'dropped'] as const)
        assert.equal(leavesTo(from, to), decideByHand(from, to).outcome !== 'refuse', `${from} to ${to}`)
  })
})

describe('the live line', () => {
  const written = globSync('src/*/**/*.ts')
    .filter((path) => !path.includes('.test.') && !path.includes('for-tests'))
    .flatMap((path) => readFileSync(path, 'utf8').split('defineFact').slice(1))
    .flatMap((after) => /^[\s\S]*?\(\s*'([a-z-]+\.[a-z-]+)'/.exec(after)?.[1] ?? [])
  const types = [...new Set(written)].sort()
  // These tell nothing that any page shows.
  const UNSEEN = new Set(['engine', 'link'])

  test('knows every kind of fact that the server writes', () => {
    assert.ok(types.length > 50, `only ${types.length} found`)
    const strange = types.filter(
      (type) => affectedRooms(type) === null && !UNSEEN.has(type.split('.')[0] ?? ''),
    )
    assert.deepEqual(strange, [], 'each of these would fetch everything anew')
  })

  test('names rooms that the contract has', () => {
    const rooms = new Set(routes.map(({ room }) => room))
    for (const type of types)
      for (const room of affectedRooms(type) ?? []) assert.ok(rooms.has(room), `${type} names ${room}`)
  })

  test('fetches anew the room in which the fact was written', () => {
    const homes: Record<string, string> = {
      'monitor.verdict-changed': 'monitors',
      'alert.opened': 'alerts',
      'override.created': 'oncall',
      'incident.noted': 'incidents',
      'postmortem.edited': 'postmortems',
      'action.proved': 'postmortems',
      'drill.passed': 'proofs',
      'contact.verified': 'catalog',
      'token.revoked': 'catalog',
      'update.published': 'comms',
    }
    for (const [type, room] of Object.entries(homes)) {
      assert.ok(types.includes(type), `nobody writes ${type} any more`)
      assert.ok(affectedRooms(type)?.includes(room), `${type} leaves ${room} as it was`)
    }
  })
})

describe('every state of the contract has its own look', () => {
  const states = new Map<string, string>()
  const collect = (schema: z.ZodType, room: string): void => {
    const json = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any' }))) as unknown
    const walk = (node: unknown, name: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { enum: options, properties } = node as { enum?: string[]; properties?: object }
      if (options && /^(state|verdict|severity|status)$/.test(name))
        for (const option of options) states.set(`${room}:${option}`, option)
      for (const [key, value] of Object.entries(properties ?? {})) walk(value, key)
      for (const key of ['items', 'anyOf', 'allOf'] as const) {
        const inner = (node as Record<string, unknown>)[key]
        for (const one of Array.isArray(inner) ? inner : [inner]) walk(one, name)
      }
    }
    walk(json, '')
  }
  for (const route of routes) collect(route.answer, route.room)
  // Said in words of their own, beside the figure.
  for (const [key, state] of states) if (/^(?:not recorded|recorded|invalid)$/.test(state)) states.delete(key)

  test('none falls back to a plain dash', () => {
    assert.ok(states.size > 30, `only ${states.size} states found`)
    const rooms: Record<string, string> = { alerts: 'alert', postmortems: 'action' }
    const unknown = [...states].filter(([key, state]) => {
      const { tone, sign, word } = lookOf(state, rooms[key.split(':')[0]!])
      return tone === 'plain' && sign === 'dash' && word === state
    })
    assert.deepEqual(unknown, [])
  })
})

test('every place has a key of its own, and only the overview is entered exactly', () => {
  const keys = PLACES.map(({ key }) => key)
  assert.equal(new Set(keys).size, keys.length, `two places share a key: ${keys.join(' ')}`)
  assert.ok(keys.every((key) => key.length === 1 && key !== 'g' && key !== '/' && key !== '?'))
  for (const { to } of PLACES) assert.deepEqual(PLACES.filter((place) => isAt(place.to, to)).length, 1, to)
})

describe('the forms that are drawn from the schema of a kind', () => {
  const json = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  const monitors = Object.values(monitorKinds) as unknown as { kind: string; schema: z.ZodType }[]
  const kinds: [string, Record<string, unknown>][] = [
    ...monitors.map(({ kind, schema }): [string, Record<string, unknown>] => [
      `monitor ${kind}`,
      json(schema),
    ]),
    ...Object.values(channels).map(({ kind, schema }): [string, Record<string, unknown>] => [
      `channel ${kind}`,
      json(schema),
    ]),
    ...drillKindsWithSettings().map(({ kind, settings }): [string, Record<string, unknown>] => [
      `drill ${kind}`,
      json(settings),
    ]),
  ]

  for (const [kind, schema] of kinds)
    test(kind, () => {
      const fields = formFields(schema)
      const drawn = leaves(fields)
      assert.ok(drawn.length > 0, 'an empty form')
      const paths = drawn.map(({ path }) => path)
      assert.equal(new Set(paths).size, paths.length, 'each value has one control')
      assert.deepEqual(fields.map(({ path }) => path).sort(), Object.keys(schema.properties ?? {}).sort())
      for (const field of drawn) {
        assert.notEqual(field.title, '', field.path)
        if (field.control === 'choice' || field.control === 'choices')
          assert.ok(field.choices.length > 1, `${field.path} offers nothing to choose`)
      }
      const written = everyField(fields).filter(({ control }) => control === 'json')
      assert.deepEqual(
        written.map(({ path, title }) => path || title),
        [],
        'would have to be written as JSON',
      )
      // Whatever is written comes back from where it was written, and survives a change of the kind to itself.
      let values = {}
      for (const { path } of drawn) values = writeAt(values, path, `at ${path}`)
      for (const { path } of drawn) assert.equal(readAt(values, path), `at ${path}`)
      assert.deepEqual(keepFields(values, fields, []), values)
    })

  const of = (kind: string): Map<string, Field> =>
    new Map(leaves(formFields(kinds.find(([name]) => name === kind)![1])).map((field) => [field.path, field]))

  test('faults are chosen from the list of those that can be played', () => {
    const names = FAULTS.map(({ name }) => name)
    const faults = of('drill monitor-faults').get('faults')!
    assert.deepEqual([faults.control, faults.fallback, faults.choices], ['choices', 'all', names])
    const fault = of('drill end-to-end').get('fault')!
    assert.deepEqual([fault.control, fault.choices], ['choice', names])
  })

  test('an instant is asked for as a time, and only what must be given is required', () => {
    const endToEnd = of('drill end-to-end')
    assert.equal(endToEnd.get('at')!.control, 'time')
    const required = [...endToEnd.values()].filter((field) => field.required).map(({ path }) => path)
    assert.deepEqual(required.sort(), ['expect.within', 'kind', 'monitor'])
  })
})
