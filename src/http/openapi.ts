import { z } from 'zod'
import { problem, type Route } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import { SESSION_COOKIE } from './context.ts'

type JsonSchema = Record<string, unknown>

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  return rest
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): JsonSchema[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, inner]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: inner,
  }))
}

const PROBLEM = {
  description: 'What is wrong, as RFC 9457',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}
const STATUS_TEXT = { 200: 'Done', 201: 'Created', 202: 'Accepted', 204: 'Done; no content' } as const
// The answers that are not JSON.
const OTHER_TYPES: Record<string, string> = {
  readEvents: 'text/event-stream',
  exportPostmortem: 'text/markdown',
  exportPostmortemHtml: 'text/html',
  exportPostmortemPdf: 'application/pdf',
  readScreenshot: 'image/jpeg',
}

function operationOf(route: Route): JsonSchema {
  const takesBody = !(route.body instanceof z.ZodUndefined)
  const answers = !(route.answer instanceof z.ZodUndefined)
  const other = OTHER_TYPES[route.id]
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.room],
    'x-role': route.access,
    security: route.access === 'public' ? [] : [{ token: [] }, { session: [] }],
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(route.method === 'POST' && route.access !== 'public'
        ? [{ $ref: '#/components/parameters/IdempotencyKey' }]
        : []),
    ],
    ...(takesBody
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [route.status]: {
        description: STATUS_TEXT[route.status],
        ...(answers ? { content: { 'application/json': { schema: schemaOf(route.answer, 'output') } } } : {}),
        ...(other ? { content: { [other]: { schema: { type: 'string' } } } } : {}),
      },
      default: PROBLEM,
    },
  }
}

/** The contract as an OpenAPI 3.1 document. */
export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:([a-z]+)/gi, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version,
      description:
        'Lists come in pages: hand `next` back as `cursor`. Times are RFC 3339. Unknown keys are refused.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.room))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'The same key with the same request is done once; its answer is kept for a day.',
          schema: { type: 'string', minLength: 1, maxLength: 200 },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
    },
  }
}
