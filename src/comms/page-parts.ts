import { iso } from '../kit/clock.ts'
import { html, type SafeHtml } from './escape-html.ts'
import { renderMarkdown } from './render-markdown.ts'
import type { ComponentStatus, PageIncident, PageSnapshot, PageUpdate, UpdateStatus } from './status-page.ts'

/** How states are called on the page. */
export const COMPONENT_LABELS: Record<ComponentStatus, string> = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
}

export const UPDATE_LABELS: Record<UpdateStatus, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
}

/** `31 Jan 2026, 14:05 UTC`, in an element that machines can read. */
export function timeElement(at: number): SafeHtml {
  const date = new Date(at)
  const text = `${dayText(at)}, ${date.toISOString().slice(11, 16)} UTC`
  return html`<time datetime="${iso(at)}">${text}</time>`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `31 Jan 2026`. */
export function dayText(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

export function updateItem(update: PageUpdate): SafeHtml {
  return html`<li class="update update-${update.status}" id="update-${update.id}">
<p class="update-head"><strong>${UPDATE_LABELS[update.status]}</strong> <span class="when">${timeElement(update.publishedAt)}</span></p>
<div class="body">${renderMarkdown(update.body)}</div>
</li>
`
}

/** The head and foot that every page of the snapshot shares; `up` leads to the root of the public files. */
export function document(snapshot: PageSnapshot, title: string, up: string, main: SafeHtml): string {
  const { page } = snapshot
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="stylesheet" href="${up}style.css">
<link rel="alternate" type="application/atom+xml" title="${page.name}: updates" href="${up}history.atom">
</head>
<body>
<a class="skip" href="#main">Skip to the status</a>
<header class="site"><a class="name" href="${up}index.html">${page.name}</a></header>
<main id="main">
${main}</main>
<footer class="site">
<p>Last updated ${timeElement(snapshot.generatedAt)}.</p>
<p><a href="${up}history.atom">Atom feed</a> · <a href="${up}api/v2/summary.json">JSON</a></p>
</footer>
</body>
</html>
`.html
}

/** The names of the components that an incident touches. */
export function componentNames(snapshot: PageSnapshot, incident: Pick<PageIncident, 'serviceIds'>): string {
  return snapshot.components
    .filter(({ id }) => incident.serviceIds.includes(id))
    .map(({ name }) => name)
    .join(', ')
}
