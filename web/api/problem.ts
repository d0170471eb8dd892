import type { ProblemBody } from '../../src/contract/route.ts'
import { problem } from '../../src/contract/route.ts'

/** One thing wrong in what was sent: where, what, and what to do about it. */
export interface FieldProblem {
  path: string
  message: string
  remedy?: string | undefined
}

/** What the server refused, or why it could not be asked; made to be shown to a person. */
export class ApiProblem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly problems: FieldProblem[]
  constructor(given: {
    code: string
    status: number
    title: string
    detail: string
    problems?: FieldProblem[]
  }) {
    super(given.detail)
    this.name = 'ApiProblem'
    this.code = given.code
    this.status = given.status
    this.title = given.title
    this.problems = given.problems ?? []
  }
}

/** Reads a refusal; an answer that is no problem document (a proxy's page) becomes one. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const parsed = problem.safeParse(body)
  if (parsed.success) return new ApiProblem(parsed.data satisfies ProblemBody)
  return new ApiProblem({
    code: 'unreadable-answer',
    status,
    title: 'The server answered something else',
    detail: `Status ${status} came without an explanation; a proxy on the way may have answered.`,
  })
}

/** Any thrown thing as a problem. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem({
    code: 'internal',
    status: 0,
    title: 'Something in this page broke',
    detail: error instanceof Error ? error.message : String(error),
  })
}

/** Problems by the field they speak of: the place with its prefix taken off, and the rest under ''. */
export function byField(problems: readonly FieldProblem[], prefix = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { path, message, remedy } of problems) {
    const trail = path
      .replace(/^body\.?/, '')
      .replace(/^\//, '')
      .replaceAll('/', '.')
    const key = prefix && trail.startsWith(prefix) ? trail.slice(prefix.length) : trail
    const said = remedy ? `${message} – ${remedy}` : message
    found[key] = found[key] ? `${found[key]}; ${said}` : said
  }
  return found
}
