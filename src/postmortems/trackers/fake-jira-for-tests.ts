/** A Jira as far as its REST API documents issues: version 3 as in the cloud, or version 2 as on one's own server. */
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
} from './fake-tracker-for-tests.ts'

const USER = 'robot@example.org'
const TRANSITIONS = [
  { id: '11', name: 'Back to do', to: { statusCategory: { key: 'new' } } },
  { id: '21', name: 'In progress', to: { statusCategory: { key: 'indeterminate' } } },
  { id: '31', name: 'Done', to: { statusCategory: { key: 'done' } } },
]

const bad = (errors: object, errorMessages: string[] = []): Answer => ({
  status: 400,
  json: { errorMessages, errors },
})
const jiraTime = (iso: string | null) => iso?.replace('Z', '+0000') ?? null

const show = (issue: FakeIssue) => ({
  id: '10001',
  key: issue.number,
  fields: {
    summary: issue.title,
    status: { name: 'x', statusCategory: { key: issue.closed ? 'done' : 'new' } },
    resolution: issue.closed ? { name: issue.givenUp ? "Won't Do" : 'Done' } : null,
    resolutiondate: jiraTime(issue.closedAt),
    labels: issue.labels,
  },
})

/** The document format of Jira Cloud, as far as Tocsin uses it: anything else is refused as the real one does. */
function isDocument(value: unknown): boolean {
  const node = (one: unknown, kinds: readonly string[]): boolean => {
    const { type, text, content, marks } = one as Record<string, unknown>
    if (!kinds.includes(String(type))) return false
    if (type === 'hardBreak') return true
    if (type === 'text')
      return (
        typeof text === 'string' &&
        text !== '' &&
        (marks === undefined ||
          (marks as { type: string; attrs: { href: unknown } }[]).every(
            (mark) => mark.type === 'link' && typeof mark.attrs.href === 'string',
          ))
      )
    const inner = type === 'blockquote' ? ['paragraph'] : ['text', 'hardBreak']
    return Array.isArray(content) && content.every((child) => node(child, inner))
  }
  const { type, version, content } = (value ?? {}) as Record<string, unknown>
  return (
    type === 'doc' &&
    version === 1 &&
    Array.isArray(content) &&
    content.every((child) => node(child, ['paragraph', 'blockquote']))
  )
}

function dialectOf(version: 2 | 3): Dialect {
  const base = `/rest/api/${version}`
  const words = (value: unknown) => (version === 3 ? isDocument(value) : typeof value === 'string')
  const create = ({ body }: Asked, fake: FakeTracker): Answer => {
    const fields = (body.fields ?? {}) as Record<string, unknown>
    const unknown = unknownKeys(fields, ['project', 'issuetype', 'summary', 'description', 'labels'])
    if (unknown.length > 0) return bad({ [unknown[0]!]: 'It is not on the appropriate screen, or unknown.' })
    if ((fields.project as { key?: string })?.key !== 'OPS')
      return bad({ project: 'valid project is required' })
    if ((fields.issuetype as { name?: string })?.name !== 'Task')
      return bad({ issuetype: 'The issue type selected is invalid.' })
    const { summary, labels, description } = fields
    if (typeof summary !== 'string' || summary === '')
      return bad({ summary: 'You must specify a summary of the issue.' })
    if (summary.length > 255 || summary.includes('\n')) return bad({ summary: 'The summary is invalid.' })
    if (!words(description))
      return bad({
        description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
      })
    if (!Array.isArray(labels) || labels.some((label) => /\s/.test(label)))
      return bad({ labels: 'The label contains spaces which is invalid.' })
    const issue = addIssue(fake, dialect.numberOf, {
      title: summary,
      body: JSON.stringify(description),
      labels,
    })
    return { status: 201, json: { id: '10001', key: issue.number, self: `${fake.url}${base}/issue/10001` } }
  }
  const search = ({ body, path, method }: Asked, fake: FakeTracker): Answer | null => {
    if (method !== 'POST') return null
    // The cloud has given up the former way.
    if (version === 3 && path === `${base}/search`)
      return {
        status: 410,
        json: { errorMessages: ['The requested API has been removed. Please use /rest/api/3/search/jql.'] },
      }
    const label = /^project = "OPS" AND labels = "([a-z0-9-]+)"$/.exec(String(body.jql))?.[1]
    if (!label || !Array.isArray(body.fields)) return bad({}, ['Error in the JQL Query'])
    return {
      status: 200,
      json: { issues: [...fake.issues.values()].filter(({ labels }) => labels.includes(label)).map(show) },
    }
  }
  const dialect: Dialect = {
    project: 'OPS',
    entry: (url) =>
      `{ kind: jira, url: "${url}", edition: ${version === 3 ? 'cloud' : 'server'}, project: OPS, ${version === 3 ? `user: ${USER}, ` : ''}token: ${TOKEN}, webhookSecret: ${SECRET} }`,
    addressOf: (url, number) => `${url}/browse/${number}`,
    numberOf: (count) => `OPS-${count}`,
    admit({ headers, path }) {
      const basic = `Basic ${Buffer.from(`${USER}:${TOKEN}`).toString('base64')}`
      const right = version === 3 ? basic : `Bearer ${TOKEN}`
      if (headers.authorization !== right)
        return {
          status: 401,
          json: { errorMessages: ['Client must be authenticated to access this resource.'] },
        }
      return path.startsWith(base) ? null : { status: 404, raw: '<html>dead link</html>' }
    },
    answer(asked, fake) {
      const { method, path, query } = asked
      if (path === `${base}/issue` && method === 'POST') return create(asked, fake)
      if (path === `${base}/search` || path === `${base}/search/jql`) return search(asked, fake)
      const [, number, rest] =
        new RegExp(`^${base}/issue/([A-Z]+-\\d+)(?:/(comment|transitions))?$`).exec(path) ?? []
      const issue = number === undefined ? undefined : fake.issues.get(number)
      if (!issue)
        return {
          status: 404,
          json: {
            errorMessages: ['Issue does not exist or you do not have permission to see it.'],
            errors: {},
          },
        }
      if (rest === 'comment' && method === 'POST') {
        if (!words(asked.body.body)) return bad({ comment: 'Comment body is not valid!' })
        issue.comments.push({
          body: JSON.stringify(asked.body.body),
          createdAt: new Date(fake.now()).toISOString(),
        })
        return { status: 201, json: { id: '1' } }
      }
      if (rest === 'comment')
        return {
          status: 200,
          json: { comments: issue.comments.map(({ body }) => ({ body: JSON.parse(body) })).reverse() },
        }
      if (rest === 'transitions' && method === 'GET')
        // A workflow offers the ways that lead on from here.
        return {
          status: 200,
          json: { transitions: TRANSITIONS.filter(({ id }) => (id === '31') !== issue.closed) },
        }
      if (rest === 'transitions') {
        const { id } = (asked.body.transition ?? {}) as { id?: string }
        const way = TRANSITIONS.find((one) => one.id === id)
        if (!way || (id === '31') === issue.closed)
          return bad({}, ['The transition is not valid for the current state of the issue.'])
        fake.move(issue.number, id === '31' ? 'closed' : 'open')
        return { status: 204 }
      }
      if (method !== 'GET' || !query.get('fields')) return null
      return { status: 200, json: show(issue) }
    },
    webhook(_fake, issue, more) {
      const payload = {
        webhookEvent: 'jira:issue_updated',
        timestamp: issue.version,
        issue: show(issue),
        ...more,
      }
      const body = JSON.stringify(payload)
      return {
        body,
        headers: {
          'content-type': 'application/json',
          'x-atlassian-webhook-identifier': '4a1c-1',
          'x-hub-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
        },
      }
    },
  }
  return dialect
}

export const startJiraCloud = (now: () => number) => startFake(dialectOf(3), now)
export const startJiraServer = (now: () => number) => startFake(dialectOf(2), now)
