import { Feed } from 'feed'
import { escapeHtml } from './escape-html.ts'
import { renderDocument } from './render-document.ts'
import { documentPath } from './render-document-page.ts'
import { renderMarkdown } from './render-markdown.ts'
import { incidentUrl, updateTitle } from './render-statuspage-json.ts'
import type { PageIncident, PageSnapshot } from './status-page.ts'

const NEWEST = 100

// Control characters are not XML, whatever the escaping.
function plain(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
}

interface Entry {
  /** Within the feed; it never changes. */
  id: string
  at: number
  first: number
  title: string
  link: string
  content: string
}

/** The updates of an incident, and its post-mortem: one entry that changes when a newer text is published. */
function entriesOf(snapshot: PageSnapshot, incident: PageIncident): Entry[] {
  const updates = incident.updates.map((update) => ({
    id: `${incident.id}/${update.id}`,
    at: update.publishedAt,
    first: update.publishedAt,
    title: updateTitle(incident, update),
    link: `${incidentUrl(snapshot, incident.id)}#update-${update.id}`,
    content: renderMarkdown(update.body).html,
  }))
  const { document } = incident
  if (!document) return updates
  const postmortem = {
    id: `${incident.id}/post-mortem`,
    at: document.publishedAt,
    first: document.firstPublishedAt,
    title: `[Post-mortem] ${document.title}`,
    link: `${snapshot.page.url}/${documentPath(incident.id)}`,
    content: renderDocument(document.body).html,
  }
  return [...updates, postmortem]
}

/** The Atom feed: one entry per update, under an id that never changes, so that nothing is announced twice. */
export function renderFeed(snapshot: PageSnapshot): string {
  const { page } = snapshot
  const entries = snapshot.incidents
    .flatMap((incident) => entriesOf(snapshot, incident))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .slice(0, NEWEST)
  const host = new URL(page.url).hostname
  const feed = new Feed({
    id: `tag:${host},2005:/history`,
    title: plain(page.name),
    description: plain(page.description) || undefined,
    link: page.url,
    feedLinks: { atom: `${page.url}/history.atom` },
    language: 'en',
    // The feed is as new as its newest entry, not as the last look at it.
    updated: new Date(entries[0]?.at ?? snapshot.components[0]?.createdAt ?? snapshot.generatedAt),
    generator: 'Tocsin',
    author: { name: plain(page.name) },
    copyright: '',
  })
  for (const { id, at, first, title, link, content } of entries)
    feed.addItem({
      id: `tag:${host},2005:Incident/${id}`,
      // Atom titles are of the type html here, so text has to be escaped once more.
      title: escapeHtml(plain(title)),
      link,
      date: new Date(at),
      published: new Date(first),
      content,
    })
  return feed.atom1()
}
