import { html, type SafeHtml } from './escape-html.ts'
import { componentNames, document, timeElement } from './page-parts.ts'
import { renderDocument, visible } from './render-document.ts'
import type { PageDocument, PageIncident, PageSnapshot } from './status-page.ts'

/** Where the post-mortem of an incident stands among the public files. */
export function documentPath(incidentId: string): string {
  return `post-mortems/${encodeURIComponent(incidentId)}.html`
}

/** The page of one post-mortem. */
export function renderDocumentPage(
  snapshot: PageSnapshot,
  incident: PageIncident,
  { title, body, publishedAt, firstPublishedAt }: PageDocument,
): string {
  const touched = componentNames(snapshot, incident)
  return document(
    snapshot,
    `${visible(title)} — ${snapshot.page.name}`,
    '../',
    html`<article class="document">
<h1>${visible(title)}</h1>
<p class="facts">Post-mortem, ${timeElement(firstPublishedAt)}${
      publishedAt === firstPublishedAt ? null : html`, changed ${timeElement(publishedAt)}`
    }.${touched ? ` About ${touched}.` : ''} <a href="../incidents/${encodeURIComponent(incident.id)}.html">What was told while it lasted</a></p>
${renderDocument(body)}</article>
<p><a href="../index.html">All components</a></p>
`,
  )
}

/** The post-mortems of these incidents, the newest first; nothing where there is none. */
export function documentList(incidents: readonly PageIncident[]): SafeHtml | null {
  const published = incidents
    .flatMap(({ id, document }) => (document ? [{ id, document }] : []))
    .sort((a, b) => b.document.firstPublishedAt - a.document.firstPublishedAt || (a.id < b.id ? 1 : -1))
  if (published.length === 0) return null
  return html`<section aria-labelledby="post-mortems"><h2 id="post-mortems">Post-mortems</h2>
<ul class="documents">
${published.map(
  ({ id, document }) =>
    html`<li><a href="${documentPath(id)}">${visible(document.title)}</a> <span class="when">${timeElement(document.firstPublishedAt)}</span></li>\n`,
)}</ul>
</section>
`
}
