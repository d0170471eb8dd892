import { z } from 'zod'
import type { Route } from '../contract/route.ts'

/** A call that must be refused, and the place that the answer must name, where there is one. */
export interface Malformed {
  what: string
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** The answer names this place or one below it. */
  place?: string
}

interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  minItems?: number
  default?: unknown
  items?: Schema
}

const JSON_TYPE = { 'content-type': 'application/json' }

function schemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
}

/** Something that the schema takes. */
function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const shapes = schema.anyOf ?? schema.oneOf
  if (shapes) return sampleOf(shapes.find(({ type }) => type !== 'null') ?? shapes[0]!)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          // One of several that are all optional is usually wanted.
          .filter(([key], i) => schema.required?.includes(key) ?? i === 0)
          .map(([key, inner]) => [key, sampleOf(inner)]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}))
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return true
    default:
      if (schema.format === 'date-time') return '2030-01-01T00:00:00Z'
      if (schema.format === 'email') return 'nobody@example.org'
      return 'x'.repeat(Math.max(1, schema.minLength ?? 1))
  }
}

function typesOf(schema: Schema): Set<string> {
  if (schema.anyOf) return new Set(schema.anyOf.flatMap((one) => [...typesOf(one)]))
  const type = schema.type ?? (schema.enum ?? [schema.const]).map((value) => typeof value)[0]!
  return new Set(type === 'integer' ? ['number'] : [type])
}

const OF_TYPE: [string, unknown][] = [
  ['null', null],
  ['number', 5],
  ['string', 'x'],
  ['boolean', true],
  ['array', [1]],
  ['object', { surprise: 1 }],
]

/** What is wrong with one property, by its schema. */
function* badValues(schema: Schema): Generator<[string, unknown]> {
  const types = typesOf(schema)
  for (const [type, value] of OF_TYPE)
    if (!types.has(type)) yield [`${type} for ${[...types].join('|')}`, value]
  if (types.has('string')) {
    // What may be longer than this is a whole document, and has a limit of its own.
    if ((schema.maxLength ?? 0) < 250_000) yield ['a text that is far too long', 'x'.repeat(250_000)]
    yield ['NUL in a text', 'a\u0000b']
    const other = '#nonsense#'
    if (schema.enum || schema.format || (schema.pattern && !new RegExp(schema.pattern, 'u').test(other)))
      yield ['a text that is none of those', other]
  }
  if (types.has('number')) {
    yield ['a fraction', 1.5]
    yield ['more than any counter holds', 1e300]
  }
  if (types.has('array')) {
    yield ['a list of the wrong things', [{ a: [] }]]
    yield ['a list that is far too long', Array.from({ length: 20_000 }, (_, i) => `x${i}`)]
  }
}

/** Calls of one route whose body is wrong. */
function* badBodies(route: Route, path: string): Generator<Malformed> {
  const schema = schemaOf(route.body)
  const sample = sampleOf(schema) as Record<string, unknown>
  const call = (what: string, body: Malformed['body'], place?: string): Malformed => ({
    ...{ what, method: route.method, path, body, headers: JSON_TYPE },
    ...(place === undefined ? {} : { place }),
  })
  yield call('no body', undefined)
  yield call('a body of spaces', '   ')
  for (const text of ['{', '{"a":', '[1,]', "{'a':1}", 'NaN', '\ufeff{}x', '{"a":1}{"b":2}', '\u0000'])
    yield call(`not JSON: ${JSON.stringify(text)}`, text)
  yield call('bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))
  for (const [type, value] of OF_TYPE)
    if (type !== 'object') yield call(`${type} instead of an object`, JSON.stringify(value))
  if ((schema.required ?? []).length > 0) yield call('an empty object', '{}', schema.required![0])
  yield call('an unknown key', JSON.stringify({ ...sample, surprise: 1 }), 'surprise')
  yield call('a key with NUL', JSON.stringify({ ...sample, 'a\u0000': 1 }))
  yield call('a key that would be a prototype', `{"__proto__":{"role":"administrator"}}`)
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    for (const [what, value] of badValues(inner))
      yield call(`${key}: ${what}`, JSON.stringify({ ...sample, [key]: value }), key)
    const others = JSON.stringify({ ...sample, [key]: null }).replace(`${JSON.stringify(key)}:null`, '')
    yield call(
      `${key}: nested without end`,
      others.replace('{', `{${JSON.stringify(key)}:${deep},`).replace(',}', '}'),
    )
  }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x',
  ])
    yield { ...call(`sent as ${type}`, JSON.stringify(sample)), headers: { 'content-type': type } }
}

/** Calls of one route whose address or headers are wrong. */
function* badAddresses(route: Route): Generator<Malformed> {
  const { method } = route
  const body =
    route.body instanceof z.ZodUndefined ? undefined : JSON.stringify(sampleOf(schemaOf(route.body)))
  const rest = { method, ...(body === undefined ? {} : { body, headers: JSON_TYPE }) }
  const plain = route.path.replace(/:[a-z]+/gi, 'x')
  yield { ...rest, what: 'an unknown parameter', path: `${plain}?surprise=1`, place: 'query.surprise' }
  for (const key of Object.keys((route.params as z.ZodObject).shape)) {
    const bad = [
      '%00',
      'a%00b',
      '%E0%A4%A',
      '%FF',
      'x'.repeat(201),
      'x'.repeat(5_000),
      '..%2F..%2Fetc',
      '%20',
      "'%3B--",
    ]
    for (const value of bad) {
      const path = route.path.replace(`:${key}`, value).replace(/:[a-z]+/gi, 'x')
      yield { ...rest, what: `${key} = ${value.slice(0, 40)}`, path }
    }
  }
  const query = (route.query as z.ZodObject).shape
  if ('limit' in query)
    for (const limit of ['0', '-1', '501', '1.5', 'abc', '1e9', 'NaN', '', '1&limit=2'])
      yield { ...rest, what: `limit=${limit}`, path: `${plain}?limit=${limit}`, place: 'query.limit' }
  if ('cursor' in query)
    for (const cursor of [
      '@@@',
      '%00',
      'a%00b',
      '%F0%9F%98%80',
      'x'.repeat(201),
      'bnVsbA',
      'eyJhdCI6IngifQ',
      '-1',
      '1~',
    ])
      yield {
        ...rest,
        what: `cursor=${cursor.slice(0, 40)}`,
        path: `${plain}?cursor=${cursor}`,
        place: 'query.cursor',
      }
  for (const key of Object.keys(query))
    if (key !== 'limit' && key !== 'cursor')
      yield { ...rest, what: `${key} given twice`, path: `${plain}?${key}=a&${key}=b`, place: `query.${key}` }
  if (method === 'POST' && route.access !== 'public')
    for (const key of ['a b', 'x'.repeat(201), 'caf\u00e9'])
      yield {
        ...rest,
        what: `Idempotency-Key: ${key.slice(0, 20)}`,
        path: plain,
        headers: { ...rest.headers, 'idempotency-key': key },
        place: 'Idempotency-Key',
      }
}

/** Every malformed call of a route that its schemas suggest. */
export function malformedCalls(route: Route): Malformed[] {
  const calls = [...badAddresses(route)]
  if (!(route.body instanceof z.ZodUndefined))
    calls.push(...badBodies(route, route.path.replace(/:[a-z]+/gi, 'x')))
  return calls
}
