import type { ProblemBody, Route } from '../contract/route.ts'
import { reasonOf } from '../kit/errors.ts'
import type { ServerFlags } from './main.ts'
import { UsageError } from './program.ts'

/** Calls a running Tocsin. */
export interface ApiClient {
  call<Answer>(route: Route, params?: Record<string, string>, body?: unknown): Promise<Answer>
}

/** What the server refused, in its own words. */
export class Refused extends Error {
  readonly code: string
  constructor(problem: ProblemBody) {
    const places = (problem.problems ?? []).map((p) => `\n  ${p.path}: ${p.message}`).join('')
    super(`${problem.title}: ${problem.detail}${places}`)
    this.code = problem.code
  }
}

/** A client from `--url` and `--token`; says what is missing. */
export function apiClient({ url, token }: ServerFlags): ApiClient {
  if (!url || !URL.canParse(url))
    throw new UsageError(
      url ? `"${url}" is not an address.` : 'Which Tocsin?',
      'Give --url http://host:port or set TOCSIN_URL.',
    )
  if (!token)
    throw new UsageError(
      'A token is needed.',
      'Give --token or set TOCSIN_TOKEN; `tocsin token create` makes one.',
    )
  return {
    async call<Answer>(route: Route, params: Record<string, string> = {}, body?: unknown) {
      const path = route.path.replace(/:([a-z]+)/gi, (_, name: string) =>
        encodeURIComponent(params[name] ?? ''),
      )
      const query = Object.entries(params).filter(([name]) => !route.path.includes(`:${name}`))
      const address = new URL(path + (query.length ? `?${new URLSearchParams(query)}` : ''), url)
      let response: Response
      try {
        response = await fetch(address, {
          method: route.method,
          headers: {
            authorization: `Bearer ${token}`,
            'user-agent': 'tocsin-cli',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(30_000),
        })
      } catch (error) {
        const cause = error instanceof Error && error.cause ? reasonOf(error.cause) : reasonOf(error)
        throw new Error(`${address.origin} does not answer: ${cause}`)
      }
      const text = await response.text()
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer
      if (/problem\+json/.test(response.headers.get('content-type') ?? ''))
        throw new Refused(JSON.parse(text) as ProblemBody)
      throw new Error(`${address.origin} answered ${response.status}; is it a Tocsin?`)
    },
  }
}
