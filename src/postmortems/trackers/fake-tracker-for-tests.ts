/** What the trackers of the tests have in common: a server on loopback that refuses what the real one refuses. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const TOKEN = 'token-0123456789abcdef'
export const SECRET = 'secret-of-the-webhook-0123456789'

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export interface Answer {
  status: number
  json?: unknown
  headers?: Record<string, string>
  /** In place of JSON. */
  raw?: string
}

export interface FakeIssue {
  number: string
  title: string
  body: string
  labels: string[]
  closed: boolean
  closedAt: string | null
  /** Closed without being done. */
  givenUp: boolean
  createdAt: string
  version: number
  comments: { body: string; createdAt: string }[]
}

/** What happens to the next request that fits: an answer in its place, or a lost line before or after its effect. */
export interface Mishap {
  on?: (asked: Asked) => boolean
  answer?: Answer
  lose?: 'before' | 'after'
  /** Called between effect and answer. */
  between?: () => void
  times?: number
}

export interface FakeTracker {
  url: string
  /** Its entry in the configuration, as YAML in one line. */
  entry: string
  project: string
  asked: Asked[]
  issues: Map<string, FakeIssue>
  mishaps: Mishap[]
  now: () => number
  /** How many requests were under way at once, at most. */
  most: number
  addressOf(number: string): string
  /** As somebody does it in the tracker. */
  move(number: string, to: 'open' | 'closed' | 'given-up'): void
  /** A webhook about the issue, as it stands or as whoever forges it wants it. */
  webhook(number: string, more?: object): { headers: Record<string, string>; body: string }
  stop(): Promise<void>
}

/** The parts in which trackers differ. */
export interface Dialect {
  /** Why the request is refused before anything is looked at, or null. */
  admit(asked: Asked): Answer | null
  /** Null where there is no such address. */
  answer(asked: Asked, fake: FakeTracker): Answer | null
  entry(url: string): string
  project: string
  addressOf(url: string, number: string): string
  webhook(
    fake: FakeTracker,
    issue: FakeIssue,
    more: object,
  ): { headers: Record<string, string>; body: string }
  numberOf(count: number): string
}

/** Starts one. `now` is the clock of the tracker. */
export async function startFake(dialect: Dialect, now: () => number): Promise<FakeTracker> {
  let underWay = 0
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://fake')
    const sent = await text(request)
    const asked: Asked = {
      method: request.method!,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: sent === '' ? {} : JSON.parse(sent),
    }
    fake.asked.push(asked)
    fake.most = Math.max(fake.most, ++underWay)
    response.on('close', () => underWay--)
    const mishap = fake.mishaps.find(({ on }) => on?.(asked) ?? true)
    if (mishap) {
      mishap.times = (mishap.times ?? 1) - 1
      if (mishap.times <= 0) fake.mishaps.splice(fake.mishaps.indexOf(mishap), 1)
      if (mishap.lose === 'before') return void request.socket.destroy()
    }
    const answer = mishap?.answer ??
      bodyProblem(request, sent) ??
      dialect.admit(asked) ??
      dialect.answer(asked, fake) ?? { status: 404, json: { message: 'Not Found' } }
    mishap?.between?.()
    if (mishap?.lose === 'after') return void request.socket.destroy()
    response.writeHead(answer.status, {
      'content-type': answer.raw === undefined ? 'application/json; charset=utf-8' : 'text/html',
      ...answer.headers,
    })
    response.end(
      answer.status === 304 || answer.status === 204
        ? undefined
        : (answer.raw ?? JSON.stringify(answer.json)),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fake: FakeTracker = {
    url,
    entry: dialect.entry(url),
    project: dialect.project,
    asked: [],
    issues: new Map(),
    mishaps: [],
    now,
    most: 0,
    addressOf: (number) => dialect.addressOf(url, number),
    move(number, to) {
      const issue = fake.issues.get(number)
      assert.ok(issue, `there is no issue ${number}`)
      issue.closed = to !== 'open'
      issue.givenUp = to === 'given-up'
      issue.closedAt = issue.closed ? new Date(now()).toISOString() : null
      issue.version++
    },
    webhook: (number, more = {}) => dialect.webhook(fake, fake.issues.get(number)!, more),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return fake
}

function bodyProblem(request: IncomingMessage, sent: string): Answer | null {
  if (sent === '') return null
  return request.headers['content-type'] === 'application/json'
    ? null
    : { status: 415, json: { message: 'Unsupported Media Type' } }
}

/** A new issue of a fake. */
export function addIssue(
  fake: FakeTracker,
  numberOf: Dialect['numberOf'],
  given: Pick<FakeIssue, 'title' | 'body' | 'labels'>,
): FakeIssue {
  const issue: FakeIssue = {
    ...given,
    number: numberOf(fake.issues.size + 1),
    closed: false,
    closedAt: null,
    givenUp: false,
    createdAt: new Date(fake.now()).toISOString(),
    version: 1,
    comments: [],
  }
  fake.issues.set(issue.number, issue)
  return issue
}

/** 304 where the reader has it already. */
export function withEtag(asked: Asked, json: unknown): Answer {
  const etag = `W/"${createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 32)}"`
  return asked.headers['if-none-match'] === etag
    ? { status: 304, headers: { etag } }
    : { status: 200, json, headers: { etag } }
}

/** Keys that the documentation does not name. */
export const unknownKeys = (body: object, known: readonly string[]): string[] =>
  Object.keys(body).filter((key) => !known.includes(key))
