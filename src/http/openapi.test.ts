/** The OpenAPI document is one that generators and validators can rely on, and the true answers keep to it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { story, USUAL } from '../../test/harness/story.ts'
import { routes } from '../contract/routes.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'
import { openApiDocument } from './openapi.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any

const document: Json = JSON.parse(JSON.stringify(openApiDocument('1.2.3')))
const operations: { path: string; method: string; operation: Json }[] = Object.entries<Json>(
  document.paths,
).flatMap(([path, methods]) =>
  Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
)

/** Every object in the document, with its place. */
function* walk(value: Json, place = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return
  yield [place, value]
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${place}/${key}`)
}

function resolveRef(ref: string): Json {
  assert.match(ref, /^#\//, `${ref} leads out of the document`)
  return ref
    .slice(2)
    .split('/')
    .reduce((node: Json, part) => node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}

describe('the OpenAPI document', () => {
  test('says which OpenAPI it is, and whose', () => {
    assert.match(document.openapi, /^3\.1\.\d$/)
    assert.deepEqual([document.info.title, document.info.version], ['Tocsin', '1.2.3'])
    assert.equal(operations.length, routes.length)
  })

  test('every $ref leads somewhere', () => {
    let seen = 0
    for (const [place, { $ref }] of walk(document)) {
      if (typeof $ref !== 'string') continue
      seen++
      assert.ok(resolveRef($ref), `${place}: ${$ref} leads nowhere`)
    }
    assert.ok(seen > 50)
  })

  test('every part of a path is declared, required, and declared once; and nothing else is', () => {
    for (const { path, method, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
      assert.doesNotMatch(path, /[:?#]/)
      const declared = operation.parameters.filter((one: Json) => one.in === 'path')
      assert.deepEqual(declared.map((one: Json) => one.name).sort(), inPath.sort(), `${method} ${path}`)
      for (const one of declared) assert.equal(one.required, true)
      const all = operation.parameters.map((one: Json) => one.$ref ?? `${one.in} ${one.name}`)
      assert.equal(new Set(all).size, all.length, `${method} ${path}: a parameter twice`)
      for (const one of operation.parameters) if (!one.$ref) assert.ok(one.schema, `${method} ${path}`)
    }
  })

  test('no two paths are the same but for the names in them, and ids of operations are unique', () => {
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{[^}]+\}/g, '{}'))
    assert.equal(new Set(shapes).size, shapes.length)
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ids) assert.match(id, /^[a-z][A-Za-z]+$/)
  })

  test('security, tags and answers are of the kinds that the document declares', () => {
    const schemes = Object.keys(document.components.securitySchemes)
    const tags = document.tags.map(({ name }: { name: string }) => name)
    for (const { path, method, operation } of operations) {
      const told = `${method} ${path}`
      for (const need of operation.security)
        for (const name of Object.keys(need)) assert.ok(schemes.includes(name), told)
      for (const tag of operation.tags) assert.ok(tags.includes(tag), told)
      assert.ok(operation.summary.length > 3, told)
      for (const [status, answer] of Object.entries<Json>(operation.responses)) {
        assert.match(status, /^(20[0-4]|default)$/, told)
        assert.ok(answer.description, told)
        if (status === '204') assert.equal(answer.content, undefined, told)
      }
      assert.ok(operation.responses.default.content['application/problem+json'], told)
      if (operation.requestBody) assert.notEqual(method, 'get', told)
    }
  })

  test('what is required is there, and a body that knows its keys refuses others', () => {
    for (const [place, schema] of walk(document.paths)) {
      if (!Array.isArray(schema.required) || typeof schema.properties !== 'object') continue
      for (const key of schema.required) assert.ok(key in schema.properties, `${place}: ${key}`)
    }
    for (const { path, method, operation } of operations) {
      const schema = operation.requestBody?.content['application/json'].schema
      // A body of several shapes refuses in each of them.
      for (const shape of schema?.oneOf ?? schema?.anyOf ?? (schema ? [schema] : []))
        assert.equal(shape.additionalProperties, false, `${method} ${path}`)
    }
  })
})

describe('true answers', () => {
  const answers: { path: string; method: string; url: string; status: number; body: string }[] = []

  before(() =>
    story(
      { config: `${USUAL}drills: { docs-faults: { kind: monitor-faults, monitor: docs-port } }\n` },
      async (it) => {
        const desk: Desk = await openDesk({ world: it.tocsin().world, publicDirectory: it.publicDirectory })
        const call = async (
          method: string,
          path: string,
          ids: Record<string, string> = {},
          body?: unknown,
        ) => {
          const url = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => ids[name]!)
          const { statusCode, body: text } = await desk.call('administrator', method, url, body)
          answers.push({
            path: path.split('?')[0]!,
            method: method.toLowerCase(),
            url,
            status: statusCode,
            body: text,
          })
          return text.startsWith('{') ? JSON.parse(text) : text
        }
        try {
          await it.travel('2m')
          const incident = await call(
            'POST',
            '/api/v1/incidents',
            {},
            { title: 'Down', severity: 'SEV2', serviceIds: ['docs'] },
          )
          const { id } = incident
          await call('POST', '/api/v1/incidents/{id}/timeline', { id }, { text: 'seen' })
          await call(
            'POST',
            '/api/v1/incidents/{id}/updates',
            { id },
            { status: 'identified', body: 'Found.' },
          )
          const postmortem = await call('POST', '/api/v1/incidents/{id}/postmortem', { id })
          const of = { id: postmortem.id as string }
          const wanted = { title: 'Watch it', type: 'detect', criterion: 'it pages' }
          const action = await call('POST', '/api/v1/postmortems/{id}/actions', of, wanted)
          await call('POST', '/api/v1/tokens', {}, { name: 'ci', role: 'viewer' })
          for (const { path, method } of operations) {
            if (method !== 'get' || path === '/api/v1/events' || /\/(markdown|html|pdf)$/.test(path)) continue
            if (!path.includes('{')) await call('GET', path)
          }
          for (const [path, one] of [
            ['/api/v1/monitors/{id}', 'docs-port'],
            ['/api/v1/monitors/{id}/history', 'docs-port'],
            ['/api/v1/incidents/{id}', id],
            ['/api/v1/incidents/{id}/timeline', id],
            ['/api/v1/incidents/{id}/updates', id],
            ['/api/v1/postmortems/{id}', of.id],
            ['/api/v1/actions/{id}', action.id],
            ['/api/v1/drills/{id}', 'docs-faults'],
            ['/api/v1/drills/{id}/runs', 'docs-faults'],
          ] as const)
            await call('GET', path, { id: one })
          // Refusals keep to the document as well.
          await call('GET', '/api/v1/monitors/{id}', { id: 'none' })
          await call('POST', '/api/v1/incidents', {}, { title: '', surprise: 1 })
          await call('DELETE', '/api/v1/monitors/{id}', { id: 'docs-port' })
          await it.settle()
        } finally {
          await desk.close()
        }
      },
    ),
  )
  after(() => answers.splice(0))

  test('are valid by the schema of the document itself', () => {
    assert.ok(answers.length > 30)
    for (const { path, method, url, status, body } of answers) {
      const { responses } = document.paths[path][method]
      const answer = responses[status] ?? responses.default
      const content = answer.content?.[status < 300 ? 'application/json' : 'application/problem+json']
      assert.ok(content, `${method} ${url} answers ${status}, which is not documented`)
      const schema = content.schema.$ref ? resolveRef(content.schema.$ref) : content.schema
      // Read back from the JSON of the document: what zod itself knows does not help it here.
      const result = z.fromJSONSchema(schema).safeParse(JSON.parse(body))
      assert.ok(
        result.success,
        `${method} ${url}: ${result.error && z.prettifyError(result.error)}\n${body.slice(0, 500)}`,
      )
    }
  })

  test('an answer with a member missing or of another type would not be', () => {
    const { schema } = document.paths['/api/v1/me'].get.responses[200].content['application/json']
    const me = JSON.parse(answers.find(({ path }) => path === '/api/v1/me')!.body)
    const reader = z.fromJSONSchema(schema)
    assert.ok(reader.safeParse(me).success)
    assert.ok(!reader.safeParse({ ...me, role: 'king' }).success)
    assert.ok(!reader.safeParse({ ...me, name: undefined }).success)
  })
})
