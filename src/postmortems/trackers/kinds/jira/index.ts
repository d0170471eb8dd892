import { z } from 'zod'
import { checkHmac } from '../../check-secret.ts'
import { headerOf } from '../../classify-answer.rules.ts'
import { commonSettings, trackerUrl } from '../../settings.ts'
import { type Ask, type IssueRef, type IssueSeen, TrackerFailed, type TrackerKind } from '../../tracker.ts'
import { asDocument, asWiki } from './said-for-jira.ts'

const PROJECT = /^[A-Z][A-Z0-9_]{1,79}$/

const schema = z
  .strictObject({
    kind: z.literal('jira'),
    url: trackerUrl.meta({
      title: 'Address',
      description: 'https://acme.atlassian.net, or that of your own Jira.',
    }),
    edition: z.enum(['cloud', 'server']).optional().meta({
      title: 'Edition',
      description:
        '`cloud` speaks version 3 of the API, `server` (and Data Center) version 2. Known by the address.',
    }),
    project: z.string().trim().regex(PROJECT, 'must be the key of a project such as OPS').meta({
      title: 'Project',
      description: 'Its key; where issues are created unless another is named.',
    }),
    issueType: z.string().trim().min(1).max(100).default('Task').meta({ title: 'Type of issue' }),
    user: z.string().trim().min(1).max(320).optional().meta({
      title: 'User',
      description: 'The mailbox whose token it is (Cloud). Left out, the token is a personal access token.',
    }),
    closeBy: z.string().trim().min(1).max(100).optional().meta({
      title: 'Transition that closes',
      description: 'By its name, where the workflow has several ways to a state that is done.',
    }),
    reopenBy: z.string().trim().min(1).max(100).optional().meta({
      title: 'Transition that re-opens',
      description: 'By its name, where the workflow has several ways back.',
    }),
    givenUpAs: z
      .array(z.string().trim().min(1).max(100))
      .max(20)
      .default(["Won't Do", "Won't Fix", 'Duplicate', 'Declined', 'Cannot Reproduce'])
      .meta({
        title: 'Resolutions that are no work',
        description: 'An issue that is closed with one of these claims nothing.',
      }),
    ...commonSettings,
  })
  .meta({ title: 'Jira' })
type Settings = z.output<typeof schema>

const isCloud = ({ edition, url }: Settings) =>
  edition === undefined ? new URL(url).hostname.endsWith('.atlassian.net') : edition === 'cloud'

const FIELDS = 'summary,status,resolution,resolutiondate'
const category = z.object({ statusCategory: z.object({ key: z.string() }) })
const issue = z.object({
  key: z.string(),
  fields: z.object({
    summary: z.string(),
    status: category,
    resolution: z.object({ name: z.string() }).nullish(),
    resolutiondate: z.string().nullish(),
  }),
})
const LONGEST_SUMMARY = 255

// Jira writes `2026-01-05T10:00:00.000+0000`.
const instant = (text: string): number | null => {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at) ? null : at
}

function seen(settings: Settings, json: unknown, etag: string | null): IssueSeen {
  const read = issue.safeParse(json)
  if (!read.success) throw new TrackerFailed('unreadable', 'the answer is no issue')
  const { key, fields } = read.data
  const isDone = fields.status.statusCategory.key === 'done'
  return {
    ref: { project: key.replace(/-\d+$/, ''), number: key },
    url: `${settings.url}/browse/${key}`,
    title: fields.summary,
    state: isDone ? 'closed' : 'open',
    givenUp: isDone && isOneOf(settings.givenUpAs, fields.resolution?.name),
    closedAt: isDone && fields.resolutiondate ? instant(fields.resolutiondate) : null,
    etag,
  }
}

const isOneOf = (names: readonly string[], name: string | undefined) =>
  name !== undefined && names.some((one) => one.toLowerCase() === name.toLowerCase())

const path = ({ number }: IssueRef) => `/issue/${encodeURIComponent(number)}`

async function readIssue(ask: Ask, settings: Settings, ref: IssueRef, etag: string | null) {
  const { status, headers, json } = await ask(path(ref), {
    query: { fields: FIELDS },
    ...(etag ? { headers: { 'if-none-match': etag } } : {}),
  })
  return status === 304 ? 'unchanged' : seen(settings, json, headerOf(headers, 'etag') || null)
}

const transitions = z.object({
  transitions: z.array(z.object({ id: z.string(), name: z.string(), to: category })),
})

/** The way to the wanted state: the one that is named, else the only kind of state that fits. */
async function transitionTo(
  ask: Ask,
  settings: Settings,
  ref: IssueRef,
  to: 'open' | 'closed',
): Promise<string> {
  const { json } = await ask(`${path(ref)}/transitions`)
  const read = transitions.safeParse(json)
  if (!read.success) throw new TrackerFailed('unreadable', 'the answer is no list of transitions')
  const name = to === 'closed' ? settings.closeBy : settings.reopenBy
  const ways = read.data.transitions.filter((one) =>
    name
      ? one.name.toLowerCase() === name.toLowerCase()
      : (one.to.statusCategory.key === 'done') === (to === 'closed'),
  )
  // Back to where the work begins, rather than to where somebody is at it.
  const way = ways.find((one) => one.to.statusCategory.key === 'new') ?? ways[0]
  if (way) return way.id
  const setting = to === 'closed' ? 'closeBy' : 'reopenBy'
  throw new TrackerFailed(
    'refused',
    `the workflow of ${ref.number} has no transition ${name ? `"${name}"` : `to a state that is ${to}`}; name one in "${setting}"`,
  )
}

/** Issues of Jira Cloud (REST API version 3) and of a Jira of one's own (version 2). */
export const trackerKind: TrackerKind<Settings> = {
  kind: 'jira',
  title: 'Jira',
  schema,
  api: (settings) => `${settings.url}/rest/api/${isCloud(settings) ? 3 : 2}`,
  headers: ({ user, token }) => ({
    authorization: user ? `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` : `Bearer ${token}`,
    accept: 'application/json',
  }),
  readUrl(settings, url) {
    const base = new URL(settings.url)
    const below = base.pathname.replace(/\/$/, '')
    const found = /^\/browse\/([A-Z][A-Z0-9_]{1,79})-([1-9]\d{0,9})\/?$/.exec(
      url.pathname.slice(below.length),
    )
    if (url.origin !== base.origin || !url.pathname.startsWith(`${below}/`) || !found) return null
    return { project: found[1]!, number: `${found[1]}-${found[2]}` }
  },
  // Jira hides nothing in a text, so that the marker is a label; both are letters, digits and hyphens.
  async find(ask, settings, project, marker, _since) {
    const jql = `project = "${project}" AND labels = "${marker}"`
    const body = { jql, fields: FIELDS.split(','), maxResults: 5 }
    const { json } = await ask(isCloud(settings) ? '/search/jql' : '/search', { method: 'POST', body })
    const found = z.object({ issues: z.array(z.unknown()) }).safeParse(json)
    if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of issues')
    return found.data.issues.length > 0 ? seen(settings, found.data.issues[0], null) : null
  },
  async create(ask, settings, project, { title, said, labels, marker }) {
    const fields = {
      project: { key: project },
      issuetype: { name: settings.issueType },
      summary: title.slice(0, LONGEST_SUMMARY),
      description: isCloud(settings) ? asDocument(said) : asWiki(said),
      // A label of Jira is one word.
      labels: [...labels.map((label) => label.replace(/\s+/g, '-')), marker],
    }
    const { json } = await ask('/issue', { method: 'POST', body: { fields } })
    const made = z.object({ key: z.string() }).safeParse(json)
    if (!made.success) throw new TrackerFailed('unreadable', 'the answer names no issue')
    return {
      ref: { project, number: made.data.key },
      url: `${settings.url}/browse/${made.data.key}`,
      title,
      state: 'open',
      givenUp: false,
      closedAt: null,
      etag: null,
    }
  },
  read: readIssue,
  async comment(ask, settings, ref, said, marker) {
    const link = said.find((part) => part.is === 'link')
    // The address of the action carries the marker, behind the sign that browsers do not send.
    const marked = said.map((part) => (part === link ? { ...link, url: `${link.url}#${marker}` } : part))
    const body = isCloud(settings) ? asDocument(marked) : asWiki(marked)
    await ask(`${path(ref)}/comment`, { method: 'POST', body: { body } })
  },
  async hasComment(ask, _settings, ref, marker, _since) {
    const { json } = await ask(`${path(ref)}/comment`, {
      query: { orderBy: '-created', maxResults: '100' },
    })
    const found = z.object({ comments: z.array(z.object({ body: z.unknown() })) }).safeParse(json)
    if (!found.success) throw new TrackerFailed('unreadable', 'the answer is no list of comments')
    return found.data.comments.some(({ body }) => JSON.stringify(body).includes(`#${marker}`))
  },
  async setState(ask, settings, ref, to) {
    const before = await readIssue(ask, settings, ref, null)
    if (before !== 'unchanged' && before.state === to) return before
    const id = await transitionTo(ask, settings, ref, to)
    await ask(`${path(ref)}/transitions`, { method: 'POST', body: { transition: { id } } })
    const after = await readIssue(ask, settings, ref, null)
    if (after === 'unchanged') throw new TrackerFailed('unreadable', 'the answer is no issue')
    return after
  },
  checkWebhook: ({ webhookSecret }, headers, body) =>
    checkHmac(webhookSecret, headers['x-hub-signature'], body),
  issueOfWebhook(_headers, payload) {
    const read = z.object({ issue: z.object({ key: z.string() }) }).safeParse(payload)
    if (!read.success) return null
    const { key } = read.data.issue
    return { project: key.replace(/-\d+$/, ''), number: key }
  },
}
