import { Feed } from 'feed'
import { escapeHtml } from './escape-html.ts'
import { renderMarkdown } from './render-markdown.ts'
import { incidentUrl, updateTitle } from './render-statuspage-json.ts'
import type { PageSnapshot } from './status-page.ts'

const NEWEST = 100

// Control characters are not XML, whatever the escaping.
function plain(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
}

/** The Atom feed: one entry per update, under an id that never changes, so that nothing is announced twice. */
export function renderFeed(snapshot: PageSnapshot): string {
  const { page } = snapshot
  const entries = snapshot.incidents
    .flatMap((incident) => incident.updates.map((update) => ({ incident, update })))
    .sort((a, b) => b.update.publishedAt - a.update.publishedAt || (a.update.id < b.update.id ? 1 : -1))
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
    updated: new Date(
      entries[0]?.update.publishedAt ?? snapshot.components[0]?.createdAt ?? snapshot.generatedAt,
    ),
    generator: 'Tocsin',
    author: { name: plain(page.name) },
    copyright: '',
  })
  for (const { incident, update } of entries) {
    const at = new Date(update.publishedAt)
    feed.addItem({
      id: `tag:${host},2005:Incident/${incident.id}/${update.id}`,
      // Atom titles are of the type html here, so text has to be escaped once more.
      title: escapeHtml(plain(updateTitle(incident, update))),
      link: `${incidentUrl(snapshot, incident.id)}#update-${update.id}`,
      date: at,
      published: at,
      content: renderMarkdown(update.body).html,
    })
  }
  return feed.atom1()
}
