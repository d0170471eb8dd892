import { z } from 'zod'
import { checkHmac } from '../../check-secret.ts'
import { headerOf } from '../../classify-answer.rules.ts'
import { asMarkdown, hidden } from '../../said-as-markdown.ts'
import { commonSettings, trackerUrl } from '../../settings.ts'
import { type Ask, type IssueRef, type IssueSeen, TrackerFailed, type TrackerKind } from '../../tracker.ts'

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/

const schema = z
  .strictObject({
    kind: z.literal('github'),
    url: trackerUrl.default('https://github.com').meta({
      title: 'Address',
      description: 'Of a GitHub Enterprise Server, where it is not github.com.',
    }),
    project: z.string().trim().regex(REPOSITORY, 'must be a repository such as acme/website').meta({
      title: 'Repository',
      description: 'Where issues are created unless another is named.',
    }),
    ...commonSettings,
  })
  .meta({ title: 'GitHub' })
type Settings = z.output<typeof schema>

const issue = z.object({
  number: z.number().int().positive(),
  html_url: z.string().regex(/^https?:/),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  closed_at: z.string().nullish(),
  body: z.string().nullish(),
  repository_url: z.string().optional(),
  pull_request: z.unknown().optional(),
})
const GIVEN_UP = ['not_planned', 'duplicate']
const PER_PAGE = 100
const PAGES = 50

function seen(project: string, json: unknown, etag: string | null): IssueSeen {
  const read = issue.safeParse(json)
  if (!read.success) throw new TrackerFailed('unreadable', 'the answer is no issue')
  const { number, html_url, title, state, state_reason, closed_at } = read.data
  const closedAt = closed_at ? Date.parse(closed_at) : null
  const givenUp = state === 'closed' && GIVEN_UP.includes(state_reason ?? '')
  return { ref: { project, number: String(number) }, url: html_url, title, state, givenUp, closedAt, etag }
}

const path = ({ project, number }: IssueRef) => `/repos/${project}/issues/${number}`

/** The issues of a repository that were created since then, the newest first. */
async function* createdSince(ask: Ask, project: string, since: number) {
  for (let page = 1; page <= PAGES; page++) {
    const { json } = await ask(`/repos/${project}/issues`, {
      query: {
        state: 'all',
        sort: 'created',
        direction: 'desc',
        since: new Date(since).toISOString(),
        per_page: String(PER_PAGE),
        page: String(page),
      },
    })
    const found = z.array(issue.extend({ created_at: z.string() })).safeParse(json)
    if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of issues')
    for (const one of found.data) {
      if (Date.parse(one.created_at) < since) return
      yield one
    }
    if (found.data.length < PER_PAGE) return
  }
}

/** Issues of github.com and of GitHub Enterprise Server, by the REST API of 2022-11-28. */
export const trackerKind: TrackerKind<Settings> = {
  kind: 'github',
  title: 'GitHub',
  schema,
  api: ({ url }) => (new URL(url).host === 'github.com' ? 'https://api.github.com' : `${url}/api/v3`),
  headers: ({ token }) => ({
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }),
  readUrl(settings, url) {
    const found = /^\/([^/]+\/[^/]+)\/issues\/([1-9]\d{0,9})\/?$/.exec(url.pathname)
    if (url.origin !== new URL(settings.url).origin || !found || !REPOSITORY.test(found[1]!)) return null
    return { project: found[1]!, number: found[2]! }
  },
  async find(ask, _settings, project, marker, since) {
    for await (const one of createdSince(ask, project, since))
      if (one.pull_request === undefined && one.body?.includes(hidden(marker)))
        return seen(project, one, null)
    return null
  },
  async create(ask, _settings, project, { title, said, labels, marker }) {
    const body = { title, body: asMarkdown(said, marker), labels }
    const { json } = await ask(`/repos/${project}/issues`, { method: 'POST', body })
    return seen(project, json, null)
  },
  async read(ask, _settings, ref, etag) {
    const { status, headers, json } = await ask(path(ref), etag ? { headers: { 'if-none-match': etag } } : {})
    return status === 304 ? 'unchanged' : seen(ref.project, json, headerOf(headers, 'etag') || null)
  },
  async comment(ask, _settings, ref, said, marker) {
    await ask(`${path(ref)}/comments`, { method: 'POST', body: { body: asMarkdown(said, marker) } })
  },
  async hasComment(ask, _settings, ref, marker, since) {
    for (let page = 1; page <= PAGES; page++) {
      const { json } = await ask(`${path(ref)}/comments`, {
        query: { since: new Date(since).toISOString(), per_page: String(PER_PAGE), page: String(page) },
      })
      const found = z.array(z.object({ body: z.string().nullish() })).safeParse(json)
      if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of comments')
      if (found.data.some(({ body }) => body?.includes(hidden(marker)))) return true
      if (found.data.length < PER_PAGE) break
    }
    return false
  },
  async setState(ask, _settings, ref, to) {
    const body = { state: to, state_reason: to === 'open' ? 'reopened' : 'completed' }
    const { json } = await ask(path(ref), { method: 'PATCH', body })
    return seen(ref.project, json, null)
  },
  checkWebhook: ({ webhookSecret }, headers, body) =>
    checkHmac(webhookSecret, headers['x-hub-signature-256'], body),
  issueOfWebhook(_headers, payload) {
    const read = z
      .object({
        issue: z.object({ number: z.number().int().positive() }),
        repository: z.object({ full_name: z.string() }),
      })
      .safeParse(payload)
    return read.success
      ? { project: read.data.repository.full_name, number: String(read.data.issue.number) }
      : null
  },
}
