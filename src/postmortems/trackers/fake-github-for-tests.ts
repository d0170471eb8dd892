/** A GitHub Enterprise Server as far as its REST API of 2022-11-28 documents issues. */
import { createHmac } from 'node:crypto'
import {
  type Answer,
  type Asked,
  addIssue,
  type Dialect,
  type FakeIssue,
  type FakeTracker,
  SECRET,
  startFake,
  TOKEN,
  unknownKeys,
  withEtag,
} from './fake-tracker-for-tests.ts'

const REPO = 'acme/site'
const ISSUES = `/api/v3/repos/${REPO}/issues`

const invalid = (field: string, code: string): Answer => ({
  status: 422,
  json: { message: 'Validation Failed', errors: [{ resource: 'Issue', field, code }] },
})

const show = (fake: FakeTracker, issue: FakeIssue) => ({
  id: 9_000 + Number(issue.number),
  number: Number(issue.number),
  html_url: `${fake.url}/${REPO}/issues/${issue.number}`,
  title: issue.title,
  body: issue.body,
  state: issue.closed ? 'closed' : 'open',
  state_reason: issue.givenUp ? 'not_planned' : issue.closed ? 'completed' : null,
  closed_at: issue.closedAt,
  created_at: issue.createdAt,
  labels: issue.labels.map((name) => ({ name })),
  version: issue.version,
})

function paged<T>({ query }: Asked, all: T[]): Answer {
  const per = Number(query.get('per_page') ?? 30)
  const page = Number(query.get('page') ?? 1)
  if (per > 100 || per < 1) return invalid('per_page', 'invalid')
  return { status: 200, json: all.slice((page - 1) * per, page * per) }
}

function create(asked: Asked, fake: FakeTracker): Answer {
  const { title, body, labels } = asked.body
  const unknown = unknownKeys(asked.body, ['title', 'body', 'labels', 'assignees', 'milestone', 'type'])
  if (unknown.length > 0) return invalid(unknown[0]!, 'unprocessable')
  if (typeof title !== 'string' || title.trim() === '') return invalid('title', 'missing_field')
  if (title.length > 256) return invalid('title', 'too_long')
  if (typeof body !== 'string' || body.length > 65_536) return invalid('body', 'invalid')
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== 'string'))
    return invalid('labels', 'invalid')
  return { status: 201, json: show(fake, addIssue(fake, dialect.numberOf, { title, body, labels })) }
}

function change(asked: Asked, fake: FakeTracker, issue: FakeIssue): Answer {
  const { state, state_reason } = asked.body
  if (unknownKeys(asked.body, ['state', 'state_reason']).length > 0) return invalid('body', 'unprocessable')
  if (state !== 'open' && state !== 'closed') return invalid('state', 'invalid')
  const reasons = ['completed', 'not_planned', 'duplicate', 'reopened', null]
  if (!reasons.includes(state_reason as string)) return invalid('state_reason', 'invalid')
  fake.move(issue.number, state)
  return { status: 200, json: show(fake, issue) }
}

const dialect: Dialect = {
  project: REPO,
  entry: (url) =>
    `{ kind: github, url: "${url}", project: ${REPO}, token: ${TOKEN}, webhookSecret: ${SECRET} }`,
  addressOf: (url, number) => `${url}/${REPO}/issues/${number}`,
  numberOf: (count) => String(count),
  admit({ headers, path }) {
    if (!headers['user-agent'])
      return { status: 403, json: { message: 'Request forbidden by administrative rules.' } }
    if (headers.authorization !== `Bearer ${TOKEN}`)
      return { status: 401, json: { message: 'Bad credentials' } }
    if (headers.accept !== 'application/vnd.github+json')
      return { status: 415, json: { message: 'Unsupported Accept header' } }
    if (headers['x-github-api-version'] !== '2022-11-28')
      return { status: 400, json: { message: 'Invalid API version' } }
    return path.startsWith(`/api/v3/repos/${REPO}/`) ? null : { status: 404, json: { message: 'Not Found' } }
  },
  answer(asked, fake) {
    const { method, path, query } = asked
    if (path === ISSUES && method === 'POST') return create(asked, fake)
    if (path === ISSUES && method === 'GET') {
      const since = Date.parse(query.get('since') ?? '')
      if (Number.isNaN(since) || query.get('state') !== 'all') return invalid('since', 'invalid')
      const all = [...fake.issues.values()].filter(({ createdAt }) => Date.parse(createdAt) >= since)
      return paged(
        asked,
        all.reverse().map((issue) => show(fake, issue)),
      )
    }
    const [, number, rest] = new RegExp(`^${ISSUES}/(\\d+)(/comments)?$`).exec(path) ?? []
    const issue = number === undefined ? undefined : fake.issues.get(number)
    if (!issue) return null
    if (rest && method === 'GET')
      return paged(
        asked,
        issue.comments.map((one) => ({ body: one.body, created_at: one.createdAt })),
      )
    if (rest && method === 'POST') {
      const { body } = asked.body
      if (typeof body !== 'string' || body === '') return invalid('body', 'missing_field')
      issue.comments.push({ body, createdAt: new Date(fake.now()).toISOString() })
      return { status: 201, json: { id: 1, body } }
    }
    if (rest) return null
    if (method === 'GET') return withEtag(asked, show(fake, issue))
    return method === 'PATCH' ? change(asked, fake, issue) : null
  },
  webhook(fake, issue, more) {
    const payload = { action: 'closed', issue: show(fake, issue), repository: { full_name: REPO }, ...more }
    const body = JSON.stringify(payload)
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
      },
    }
  },
}

export const startGithub = (now: () => number) => startFake(dialect, now)
