import type { z } from 'zod'
import type { Route } from '../../src/contract/route.ts'
import { readMe } from '../../src/contract/system.ts'
import { ApiProblem, problemFrom } from './problem.ts'

/** What a route is called with: as it is written, before defaults are filled in. */
export interface CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  params?: z.input<P>
  query?: z.input<Q>
  body?: z.input<B>
  signal?: AbortSignal
}

/** The address of a route with its parameters and query filled in. */
export function addressOf(route: Route, params: unknown = {}, query: unknown = {}): string {
  const given = params as Record<string, unknown>
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = given[name]
    if (value === undefined) throw new Error(`${route.id} needs the parameter ${name}`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query as Record<string, unknown>))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}

const listeners = new Set<() => void>()
/** Calls `hear` when the server says that nobody is signed in any more. */
export function onSignedOut(hear: () => void): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}

/** Calls a route and answers what the contract promises; anything else is thrown as an `ApiProblem`. */
export async function call<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(route: Route<P, Q, B, A>, input: CallInput<P, Q, B> = {}): Promise<z.output<A>> {
  const response = await send(route, input)
  const body = await readBody(response)
  if (!response.ok) {
    const problem = problemFrom(response.status, body)
    // Those who hear ask who is signed in; that answer must not call them again.
    if (response.status === 401 && route.access !== 'public' && route.id !== readMe.id)
      for (const hear of listeners) hear()
    throw problem
  }
  if (response.status === 204) return undefined as z.output<A>
  const answer = route.answer.safeParse(body)
  if (answer.success) return answer.data
  throw new ApiProblem({
    code: 'unreadable-answer',
    status: response.status,
    title: 'This page is older or newer than the server',
    detail: `The answer to "${route.summary}" is not what was agreed: ${answer.error.issues[0]?.path.join('.')} ${answer.error.issues[0]?.message}. Reload the page.`,
  })
}

async function send(
  route: Route,
  { params, query, body, signal }: CallInput<z.ZodType, z.ZodType, z.ZodType>,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  try {
    return await fetch(addressOf(route, params, query), {
      method: route.method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem({
      code: 'unreachable',
      status: 0,
      title: 'The server cannot be reached',
      detail: 'Nothing was changed as far as this page knows. Check the connection and try again.',
    })
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
