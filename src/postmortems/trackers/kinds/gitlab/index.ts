import { z } from 'zod'
import { checkToken } from '../../check-secret.ts'
import { headerOf } from '../../classify-answer.rules.ts'
import { asMarkdown, hidden } from '../../said-as-markdown.ts'
import { commonSettings, trackerUrl } from '../../settings.ts'
import { type IssueRef, type IssueSeen, TrackerFailed, type TrackerKind } from '../../tracker.ts'

const PROJECT = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/

const schema = z
  .strictObject({
    kind: z.literal('gitlab'),
    url: trackerUrl.default('https://gitlab.com').meta({
      title: 'Address',
      description: 'Of a GitLab of your own, where it is not gitlab.com.',
    }),
    project: z.string().trim().max(500).regex(PROJECT, 'must be a project such as acme/website').meta({
      title: 'Project',
      description: 'With its groups; where issues are created unless another is named.',
    }),
    ...commonSettings,
  })
  .meta({ title: 'GitLab' })
type Settings = z.output<typeof schema>

const issue = z.object({
  iid: z.number().int().positive(),
  web_url: z.string().regex(/^https?:/),
  title: z.string(),
  state: z.enum(['opened', 'closed']),
  closed_at: z.string().nullish(),
  description: z.string().nullish(),
})
const PER_PAGE = 100
const PAGES = 50
const LONGEST_TITLE = 255

const issues = (project: string) => `/projects/${encodeURIComponent(project)}/issues`
const path = ({ project, number }: IssueRef) => `${issues(project)}/${number}`

function seen(project: string, json: unknown, etag: string | null): IssueSeen {
  const read = issue.safeParse(json)
  if (!read.success) throw new TrackerFailed('unreadable', 'the answer is no issue')
  const { iid, web_url, title, state, closed_at } = read.data
  return {
    ref: { project, number: String(iid) },
    url: web_url,
    title,
    state: state === 'opened' ? 'open' : 'closed',
    // It does not say why an issue was closed.
    givenUp: false,
    closedAt: closed_at ? Date.parse(closed_at) : null,
    etag,
  }
}

/** Issues of gitlab.com and of a GitLab of one's own, by the REST API version 4. */
export const trackerKind: TrackerKind<Settings> = {
  kind: 'gitlab',
  title: 'GitLab',
  schema,
  api: ({ url }) => `${url}/api/v4`,
  headers: ({ token }) => ({ 'private-token': token, accept: 'application/json' }),
  readUrl(settings, url) {
    const base = new URL(settings.url)
    const below = base.pathname.replace(/\/$/, '')
    if (url.origin !== base.origin || !url.pathname.startsWith(`${below}/`)) return null
    const found = /^\/(.+?)\/(?:-\/)?(?:issues|work_items)\/([1-9]\d{0,9})\/?$/.exec(
      url.pathname.slice(below.length),
    )
    return found && PROJECT.test(found[1]!) ? { project: found[1]!, number: found[2]! } : null
  },
  async find(ask, _settings, project, marker, since) {
    const { json } = await ask(issues(project), {
      query: {
        search: marker,
        in: 'description',
        scope: 'all',
        created_after: new Date(since).toISOString(),
        per_page: String(PER_PAGE),
      },
    })
    const found = z.array(issue).safeParse(json)
    if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of issues')
    const ours = found.data.find(({ description }) => description?.includes(hidden(marker)))
    return ours ? seen(project, ours, null) : null
  },
  async create(ask, _settings, project, { title, said, labels, marker }) {
    const body = {
      title: title.slice(0, LONGEST_TITLE),
      description: asMarkdown(said, marker),
      labels: labels.join(','),
    }
    const { json } = await ask(issues(project), { method: 'POST', body })
    return seen(project, json, null)
  },
  async read(ask, _settings, ref, etag) {
    const { status, headers, json } = await ask(path(ref), etag ? { headers: { 'if-none-match': etag } } : {})
    return status === 304 ? 'unchanged' : seen(ref.project, json, headerOf(headers, 'etag') || null)
  },
  async comment(ask, _settings, ref, said, marker) {
    await ask(`${path(ref)}/notes`, { method: 'POST', body: { body: asMarkdown(said, marker) } })
  },
  async hasComment(ask, _settings, ref, marker, since) {
    for (let page = 1; page <= PAGES; page++) {
      const { json } = await ask(`${path(ref)}/notes`, {
        query: { order_by: 'created_at', sort: 'desc', per_page: String(PER_PAGE), page: String(page) },
      })
      const found = z.array(z.object({ body: z.string(), created_at: z.string() })).safeParse(json)
      if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of notes')
      if (found.data.some(({ body }) => body.includes(hidden(marker)))) return true
      const last = found.data.at(-1)
      if (found.data.length < PER_PAGE || !last || Date.parse(last.created_at) < since) break
    }
    return false
  },
  async setState(ask, _settings, ref, to) {
    const body = { state_event: to === 'open' ? 'reopen' : 'close' }
    const { json } = await ask(path(ref), { method: 'PUT', body })
    return seen(ref.project, json, null)
  },
  checkWebhook: ({ webhookSecret }, headers) => checkToken(webhookSecret, headers['x-gitlab-token']),
  issueOfWebhook(_headers, payload) {
    const read = z
      .object({
        object_kind: z.enum(['issue', 'work_item']),
        project: z.object({ path_with_namespace: z.string() }),
        object_attributes: z.object({ iid: z.number().int().positive() }),
      })
      .safeParse(payload)
    if (!read.success) return null
    const { project, object_attributes } = read.data
    return { project: project.path_with_namespace, number: String(object_attributes.iid) }
  },
}
