import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { type MonitorKind, monitorKinds } from '../../src/monitors/index.ts'
import { everyField, type Field, formFields, leaves } from './fields.ts'
import {
  beginningOf,
  carryOver,
  keepFields,
  problemsIn,
  readAt,
  readLiteral,
  readPairs,
  variantOf,
  writeAt,
  writeLiteral,
  writePairs,
} from './values.ts'

const schema = z.strictObject({
  url: z.string().meta({ title: 'Address', description: 'What to fetch' }),
  method: z.enum(['GET', 'POST']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(100_000).optional(),
  expect: z
    .strictObject({
      status: z
        .union([z.union([z.int(), z.string()]), z.array(z.union([z.int(), z.string()]))])
        .default('200-299'),
      contains: z.union([z.string(), z.array(z.string())]).default([]),
    })
    .prefault({}),
  followRedirects: z.int().min(0).default(5),
  postOnly: z.boolean().default(false),
  port: z.union([z.int(), z.string()]).optional(),
  owner: z.string().nullable().default(null),
  faults: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  steps: z.array(z.strictObject({ send: z.string() })).default([]),
  password: z.string().optional(),
  from: z.iso.date().optional(),
  equals: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  floor: z.union([z.int(), z.string().regex(/%$/)]).default('50%'),
  everyAddress: z.union([z.boolean(), z.array(z.string())]).default(false),
  clients: z.array(
    z.union([z.enum(['modern', 'old']), z.strictObject({ name: z.string(), store: z.string() })]),
  ),
  members: z.array(z.union([z.string(), z.strictObject({ address: z.string() })])).default([]),
  goto: z.union([z.string(), z.strictObject({ url: z.string(), status: z.int().optional() })]).optional(),
  act: z
    .discriminatedUnion('do', [
      z.strictObject({ do: z.literal('open'), url: z.string() }),
      z.strictObject({ do: z.literal('press'), key: z.string() }),
    ])
    .optional(),
  rules: z.record(
    z.string(),
    z.strictObject({ title: z.string(), of: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
  ),
  anything: z.unknown(),
})

function fields(): Map<string, Field> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  return new Map(leaves(formFields(json)).map((field) => [field.path, field]))
}

describe('a form is drawn from the schema of a kind', () => {
  test('each type has its control', () => {
    const controls = Object.fromEntries([...fields()].map(([path, { control }]) => [path, control]))
    assert.deepEqual(controls, {
      url: 'text',
      method: 'choice',
      headers: 'pairs',
      body: 'long-text',
      'expect.status': 'texts',
      'expect.contains': 'texts',
      followRedirects: 'number',
      postOnly: 'switch',
      port: 'text',
      owner: 'text',
      faults: 'texts',
      steps: 'list',
      password: 'secret',
      from: 'date',
      equals: 'value',
      floor: 'text',
      everyAddress: 'either',
      clients: 'mixed',
      members: 'mixed',
      goto: 'either',
      act: 'either',
      rules: 'map',
      anything: 'json',
    })
  })

  test('only what has no default is required, and defaults are hints', () => {
    const required = [...fields().values()].filter((field) => field.required).map(({ path }) => path)
    assert.deepEqual(required, ['url', 'clients', 'rules', 'anything'])
    assert.equal(fields().get('followRedirects')!.fallback, '5')
    assert.equal(fields().get('headers')!.fallback, '')
  })

  test('lists and maps know what they consist of, by places inside an entry', () => {
    const inside = (path: string) =>
      fields()
        .get(path)!
        .items!.fields.map((field) => [field.path, field.control])
    assert.deepEqual(inside('steps'), [['send', 'text']])
    assert.deepEqual(inside('clients'), [
      ['name', 'text'],
      ['store', 'text'],
    ])
    assert.deepEqual(fields().get('clients')!.choices, ['modern', 'old'])
    assert.deepEqual(fields().get('members')!.choices, [])
    assert.deepEqual(inside('rules'), [
      ['title', 'text'],
      ['of', 'pairs'],
    ])
    assert.ok(fields().get('rules')!.items!.fields[1]!.literal)
    assert.ok(!fields().get('headers')!.literal)
  })

  test('shapes are called by what tells them apart', () => {
    const titles = (path: string) =>
      fields()
        .get(path)!
        .variants.map(({ title }) => title)
    assert.deepEqual(titles('everyAddress'), ['No', 'Yes', 'These'])
    assert.deepEqual(titles('goto'), ['In short', 'In detail'])
    assert.deepEqual(titles('act'), ['Open', 'Press'])
  })

  test('a value is recognized by its shape, and a shape begins with what is fixed in it', () => {
    const shape = (path: string, value: unknown) => variantOf(fields().get(path)!, value)
    assert.deepEqual(
      [false, true, ['a'], undefined, {}].map((value) => shape('everyAddress', value)),
      [0, 1, 2, null, null],
    )
    assert.deepEqual(
      ['/', { url: '/' }].map((value) => shape('goto', value)),
      [0, 1],
    )
    assert.equal(shape('act', { do: 'press', key: 'a' }), 1)
    assert.equal(shape('act', { do: 'press' }), 1, 'also while it is being written')
    assert.deepEqual(beginningOf(fields().get('act')!.variants[1]!), { do: 'press' })
    assert.equal(beginningOf(fields().get('everyAddress')!.variants[1]!), true)
    assert.equal(beginningOf(fields().get('goto')!.variants[0]!), undefined)
  })

  test('titles come from the schema, or from the name', () => {
    assert.equal(fields().get('url')!.title, 'Address')
    assert.equal(fields().get('followRedirects')!.title, 'Follow redirects')
  })

  test('settings drawn elsewhere are left out', () => {
    const json = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>
    assert.ok(!formFields(json, ['url', 'expect']).some(({ path }) => path === 'url' || path === 'expect'))
  })

  test('definitions that are named once and used twice are followed', () => {
    const duration = { type: 'string', title: 'Duration' }
    const [field] = formFields({
      properties: { every: { $ref: '#/$defs/duration', description: 'How often' } },
      $defs: { duration },
    })
    assert.deepEqual([field!.control, field!.title, field!.description], ['text', 'Duration', 'How often'])
  })
})

describe('the values of a form', () => {
  test('are set in their place, and leave nothing empty behind', () => {
    const set = writeAt({ url: 'x' }, 'expect.status', ['200'])
    assert.deepEqual(set, { url: 'x', expect: { status: ['200'] } })
    assert.equal(readAt(set, 'expect.contains'), undefined)
    assert.deepEqual(writeAt(set, 'expect.status', []), { url: 'x' })
    assert.deepEqual(writeAt({ postOnly: true }, 'postOnly', false), { postOnly: false })
    assert.deepEqual(writeAt({ a: 'b' }, 'a', ''), {})
    assert.deepEqual(writeAt({}, 'expect.equals', null), { expect: { equals: null } }, 'none is a value too')
  })

  test('of another kind are carried over where they fit', () => {
    const other = formFields({
      properties: {
        timeout: { type: 'string' },
        port: { type: 'integer' },
        method: { enum: ['GET', 'PUT'] },
        clients: { type: 'array', items: { enum: ['modern'] } },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
        everyAddress: { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
      },
    })
    const before = {
      service: 'docs',
      timeout: '5s',
      port: 'https',
      method: 'POST',
      clients: ['old'],
      headers: { A: 'b' },
      everyAddress: ['192.0.2.1'],
      url: 'x',
    }
    assert.deepEqual(carryOver(before, other, ['service']), {
      service: 'docs',
      timeout: '5s',
      headers: { A: 'b' },
      everyAddress: ['192.0.2.1'],
    })
  })

  test('single values are what they look like, unless they are quoted', () => {
    for (const [text, value] of [
      ['3', 3],
      ['-1.5', -1.5],
      ['true', true],
      ['null', null],
      ['"3"', '3'],
      ['3 apples', '3 apples'],
      ['"unfinished', '"unfinished'],
      ['', undefined],
    ] as const)
      assert.equal(readLiteral(text), value, text)
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 1 }), fc.boolean(), fc.integer(), fc.constant(null)),
        (value) => {
          assert.equal(readLiteral(writeLiteral(value)), value)
        },
      ),
    )
  })

  test('problems are told to the place that they are about', () => {
    const problems = { 'expect.json': 'too many', 'expect.json.0.path': 'bad', 'expect.jsonish': 'other' }
    assert.deepEqual(problemsIn(problems, 'expect.json'), { '': 'too many', '0.path': 'bad' })
    assert.deepEqual(problemsIn(problemsIn(problems, 'expect.json'), '0'), { path: 'bad' })
  })

  test('lose what the new kind does not know', () => {
    const tcp = formFields({ properties: { target: { type: 'string' }, timeout: { type: 'string' } } })
    const before = { service: 'docs', url: 'https://x', timeout: '5s', expect: { status: ['200'] } }
    assert.deepEqual(keepFields(before, tcp, ['service']), { service: 'docs', timeout: '5s' })
  })

  test('pairs are lines, and come back the same', () => {
    const pairs = { Accept: 'text/html', 'X-Time': '12:30' }
    assert.deepEqual(readPairs(writePairs(pairs)), pairs)
    assert.deepEqual(readPairs('\n  Host : example.org \nBare\n'), { Host: 'example.org', Bare: '' })
  })
})

describe('every setting of every kind has a control', () => {
  for (const { kind, schema } of Object.values(monitorKinds) as unknown as MonitorKind[])
    test(kind, () => {
      const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
      const written = everyField(formFields(json)).filter(({ control }) => control === 'json')
      assert.deepEqual(
        written.map(({ path, title }) => path || title),
        [],
        'would have to be written as JSON',
      )
    })
})
