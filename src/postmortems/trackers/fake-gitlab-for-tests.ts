/** A GitLab as far as version 4 of its REST API documents issues and notes. */
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

const PROJECT = 'acme/web/site'
const ISSUES = `/api/v4/projects/${encodeURIComponent(PROJECT)}/issues`

const bad = (message: string): Answer => ({ status: 400, json: { message } })

const show = (fake: FakeTracker, issue: FakeIssue) => ({
  id: 9_000 + Number(issue.number),
  iid: Number(issue.number),
  web_url: `${fake.url}/${PROJECT}/-/issues/${issue.number}`,
  title: issue.title,
  description: issue.body,
  state: issue.closed ? 'closed' : 'opened',
  closed_at: issue.closedAt,
  created_at: issue.createdAt,
  labels: issue.labels,
  version: issue.version,
})

function list({ query }: Asked, fake: FakeTracker): Answer {
  const search = query.get('search') ?? ''
  if (search.length < 3) return bad('search is too short')
  if (query.get('in') !== 'description' || query.get('scope') !== 'all') return bad('would not find it')
  const after = Date.parse(query.get('created_after') ?? '')
  if (Number.isNaN(after)) return bad('created_after is invalid')
  const found = [...fake.issues.values()].filter(
    ({ body, createdAt }) => body.includes(search) && Date.parse(createdAt) >= after,
  )
  return { status: 200, json: found.map((issue) => show(fake, issue)) }
}

function create({ body: sent }: Asked, fake: FakeTracker): Answer {
  const { title, description, labels } = sent
  const unknown = unknownKeys(sent, ['title', 'description', 'labels', 'due_date', 'confidential'])
  if (unknown.length > 0) return bad(`${unknown[0]} is unknown`)
  if (typeof title !== 'string' || title === '') return { status: 400, json: { error: 'title is missing' } }
  if (title.length > 255)
    return { status: 400, json: { message: { title: ['is too long (maximum is 255 characters)'] } } }
  if (typeof description !== 'string' || description.length > 1_048_576) return bad('description is invalid')
  if (typeof labels !== 'string') return { status: 400, json: { error: 'labels is invalid' } }
  // A line that begins with a slash is a command to GitLab.
  if (/^\s{0,3}\/[a-z_]+/m.test(description)) return bad('Commands were applied')
  const issue = addIssue(fake, dialect.numberOf, { title, body: description, labels: labels.split(',') })
  return { status: 201, json: show(fake, issue) }
}

function notes(asked: Asked, fake: FakeTracker, issue: FakeIssue): Answer | null {
  if (asked.method === 'GET') {
    if (asked.query.get('order_by') !== 'created_at' || asked.query.get('sort') !== 'desc') return bad('sort')
    return {
      status: 200,
      json: issue.comments.map(({ body, createdAt }) => ({ body, created_at: createdAt })).reverse(),
    }
  }
  const { body } = asked.body
  if (asked.method !== 'POST') return null
  if (typeof body !== 'string' || body === '') return { status: 400, json: { error: 'body is missing' } }
  issue.comments.push({ body, createdAt: new Date(fake.now()).toISOString() })
  return { status: 201, json: { id: 1, body } }
}

const dialect: Dialect = {
  project: PROJECT,
  entry: (url) =>
    `{ kind: gitlab, url: "${url}", project: ${PROJECT}, token: ${TOKEN}, webhookSecret: ${SECRET} }`,
  addressOf: (url, number) => `${url}/${PROJECT}/-/issues/${number}`,
  numberOf: (count) => String(count),
  admit({ headers, path }) {
    if (headers['private-token'] !== TOKEN) return { status: 401, json: { message: '401 Unauthorized' } }
    return path.startsWith(ISSUES) ? null : { status: 404, json: { message: '404 Project Not Found' } }
  },
  answer(asked, fake) {
    const { method, path } = asked
    if (path === ISSUES && method === 'POST') return create(asked, fake)
    if (path === ISSUES && method === 'GET') return list(asked, fake)
    const rest = path.slice(ISSUES.length).split('/')
    const issue = fake.issues.get(rest[1] ?? '')
    if (!issue) return { status: 404, json: { message: '404 Not found' } }
    if (rest[2] === 'notes') return notes(asked, fake, issue)
    if (method === 'GET') return withEtag(asked, show(fake, issue))
    if (method !== 'PUT') return null
    const { state_event } = asked.body
    if (state_event !== 'close' && state_event !== 'reopen')
      return { status: 400, json: { error: 'state_event does not have a valid value' } }
    fake.move(issue.number, state_event === 'close' ? 'closed' : 'open')
    return { status: 200, json: show(fake, issue) }
  },
  webhook(_fake, issue, more) {
    const payload = {
      object_kind: 'issue',
      event_type: 'issue',
      project: { path_with_namespace: PROJECT },
      object_attributes: {
        iid: Number(issue.number),
        state: issue.closed ? 'closed' : 'opened',
        action: issue.closed ? 'close' : 'update',
        version: issue.version,
      },
      ...more,
    }
    return {
      body: JSON.stringify(payload),
      headers: {
        'content-type': 'application/json',
        'x-gitlab-event': 'Issue Hook',
        'x-gitlab-token': SECRET,
        'x-gitlab-event-uuid': '13792a34-cac6-4fda-95a8-c58e00a3954e',
      },
    }
  },
}

export const startGitlab = (now: () => number) => startFake(dialect, now)
