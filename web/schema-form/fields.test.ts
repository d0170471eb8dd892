import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { type Field, formFields, leaves } from './fields.ts'
import { keepFields, readAt, readPairs, writeAt, writePairs } from './values.ts'

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
      steps: 'json',
    })
  })

  test('only what has no default is required, and defaults are hints', () => {
    const required = [...fields().values()].filter((field) => field.required).map(({ path }) => path)
    assert.deepEqual(required, ['url'])
    assert.equal(fields().get('followRedirects')!.fallback, '5')
    assert.equal(fields().get('headers')!.fallback, '')
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
