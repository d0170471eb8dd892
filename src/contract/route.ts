import { z } from 'zod'

/** From the least to the most; each may do what those before it may. */
export const ROLES = ['viewer', 'responder', 'editor', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** Who may call a route: a role and above, anyone signed in or with a token, or everybody. */
export type Access = Role | 'public'

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  /** Unique, the OpenAPI operationId. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` parameters. */
  path: string
  summary: string
  room: string
  access: Access
  params: Params
  query: Query
  body: Body
  answer: Answer
  /** The status of success. */
  status: 200 | 201 | 202 | 204
  /** How many bytes its body may have, where it is more than usual. */
  largest?: number
}

const nothing = z.strictObject({})

/** Declares a route: one schema validates it, documents it and types the client. */
export function route<
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(definition: {
  id: string
  method: Route['method']
  path: string
  summary: string
  room: string
  access: Access
  params?: Params
  query?: Query
  body?: Body
  answer?: Answer
  status?: Route['status']
  largest?: number
}): Route<Params, Query, Body, Answer> {
  return {
    status: 200,
    params: nothing as unknown as Params,
    query: nothing as unknown as Query,
    body: z.undefined() as unknown as Body,
    answer: z.undefined() as unknown as Answer,
    ...definition,
  }
}

/** An instant: RFC 3339 in UTC. */
export const instant = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339' })
export const id = z.string().min(1).max(200)
/** An id that people write in configuration files. */
export const slug = z
  .string()
  .max(80)
  .regex(
    /^[a-z0-9][a-z0-9-]*$/,
    'use lower-case letters, digits and hyphens, and begin with a letter or digit',
  )
const LONGEST_NAME = 120
// Control characters, and those that turn the direction of what follows.
const NOT_IN_NAMES = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
export const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(LONGEST_NAME, `must not be longer than ${LONGEST_NAME} characters`)
  .regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'must not hold control characters')

/** A text from elsewhere as something that `name` takes: without what it refuses, and cut where it is too long. */
export function toName(text: string): string {
  const plain = text.replaceAll(NOT_IN_NAMES, ' ').trim()
  return plain.length > LONGEST_NAME ? `${plain.slice(0, LONGEST_NAME - 1)}…` : plain
}
export const text = z.string().trim().max(10_000)
export const byId = z.strictObject({ id })

/** One page of a list: `next` is handed back as `cursor`. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

export const pageQuery = z.strictObject({
  // The place of a row: its id, with its time before it where a list is ordered by time.
  cursor: z
    .string()
    .max(200)
    .regex(/^(?:\d{1,15}~)?[a-z0-9][a-z0-9-]*$/, 'is none that a list gave: begin again without it')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** RFC 9457, with the places that are wrong. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** Names this one occurrence in the log, where Tocsin itself broke. */
  instance: z.string().optional(),
  problems: z
    .array(z.object({ path: z.string(), message: z.string(), remedy: z.string().optional() }))
    .optional(),
})
export type ProblemBody = z.infer<typeof problem>
