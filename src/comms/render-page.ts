import { DAY } from '../kit/duration.ts'
import { dayOf } from './component-days.rules.ts'
import { html, type SafeHtml } from './escape-html.ts'
import {
  COMPONENT_LABELS,
  componentNames,
  dayText,
  document,
  timeElement,
  UPDATE_LABELS,
  updateItem,
} from './page-parts.ts'
import { documentList, documentPath } from './render-document-page.ts'
import {
  type Component,
  PAST_DAYS,
  type PageIncident,
  type PageMaintenance,
  type PageSnapshot,
} from './status-page.ts'

/** The public page: HTML without a script, from a snapshot and nothing else. */
export function renderPage(snapshot: PageSnapshot): string {
  const open = snapshot.incidents.filter(({ status }) => status !== 'resolved')
  const planned = snapshot.maintenances.filter(({ status }) => status !== 'completed')
  return document(
    snapshot,
    `${snapshot.page.name}: ${snapshot.overall.description}`,
    '',
    html`<h1 class="banner ${snapshot.overall.indicator}">${snapshot.overall.description}</h1>
${snapshot.page.description ? html`<p class="lead">${snapshot.page.description}</p>\n` : null}${
  open.length > 0
    ? html`<section aria-labelledby="now"><h2 id="now">Happening now</h2>\n${open.map((incident) => activeIncident(snapshot, incident))}</section>\n`
    : null
}${
  planned.length > 0
    ? html`<section aria-labelledby="planned"><h2 id="planned">Planned work</h2>\n${planned.map((work) => maintenance(snapshot, work))}</section>\n`
    : null
}<section aria-labelledby="components"><h2 id="components">Components</h2>
${
  snapshot.components.length > 0
    ? html`<ul class="components">\n${snapshot.components.map(component)}</ul>\n`
    : html`<p>No component is shown here yet.</p>\n`
}</section>
<section aria-labelledby="past"><h2 id="past">Past ${PAST_DAYS} days</h2>
${pastDays(snapshot)}</section>
${documentList(snapshot.incidents)}`,
  )
}

/** The page of one incident, with all its updates. */
export function renderIncidentPage(snapshot: PageSnapshot, incident: PageIncident): string {
  const touched = componentNames(snapshot, incident)
  return document(
    snapshot,
    `${incident.title} — ${snapshot.page.name}`,
    '../',
    html`<h1>${incident.title}</h1>
<p class="facts">${UPDATE_LABELS[incident.status]}. Began ${timeElement(incident.startedAt)}${
      incident.resolvedAt === null ? null : html`, resolved ${timeElement(incident.resolvedAt)}`
    }.${touched ? ` Affects ${touched}.` : ''}</p>
<section aria-labelledby="updates"><h2 id="updates">Updates</h2>
<ol class="updates">
${incident.updates.map(updateItem)}</ol>
</section>
${
  incident.document
    ? html`<section aria-labelledby="post-mortem"><h2 id="post-mortem">Post-mortem</h2>
<p><a href="../${documentPath(incident.id)}">${incident.document.title}</a> <span class="when">${timeElement(incident.document.publishedAt)}</span></p>
</section>
`
    : null
}<p><a href="../index.html">All components</a></p>
`,
  )
}

function activeIncident(snapshot: PageSnapshot, incident: PageIncident): SafeHtml {
  const touched = componentNames(snapshot, incident)
  return html`<article class="incident ${incident.impact}">
<h3><a href="incidents/${encodeURIComponent(incident.id)}.html">${incident.title}</a></h3>
${touched ? html`<p class="facts">Affects ${touched}</p>\n` : null}<ol class="updates">
${incident.updates.map(updateItem)}</ol>
</article>
`
}

function maintenance(snapshot: PageSnapshot, work: PageMaintenance): SafeHtml {
  const touched = componentNames(snapshot, work)
  return html`<article class="incident maintenance">
<h3>${work.name}</h3>
<p class="facts">${work.status === 'in_progress' ? 'Going on' : 'Planned'}: ${timeElement(work.from)} to ${timeElement(work.to)}${touched ? `. Affects ${touched}` : ''}</p>
</article>
`
}

function component(one: Component): SafeHtml {
  const known = one.days.filter((day) => day.status !== null)
  const troubled = known.filter(
    (day) => day.status !== 'operational' && day.status !== 'under_maintenance',
  ).length
  const share =
    one.availability === null
      ? null
      : `${(Math.floor(one.availability * 10_000) / 100).toFixed(2)} % available`
  const said = `Last ${one.days.length} days: ${troubled === 0 ? 'no trouble' : `trouble on ${troubled} ${troubled === 1 ? 'day' : 'days'}`}; ${known.length} of ${one.days.length} days known`
  return html`<li class="component">
<div class="component-head"><h3>${one.name}</h3><span class="state ${one.status}">${COMPONENT_LABELS[one.status]}</span></div>
${one.description ? html`<p class="facts">${one.description}</p>\n` : null}<div class="bar" role="img" aria-label="${said}">${one.days.map(
    (day) =>
      html`<span class="${day.status ?? 'unknown'}" title="${day.day}: ${day.status === null ? 'not known' : COMPONENT_LABELS[day.status]}"></span>`,
  )}</div>
<p class="bar-legend"><span class="long">${one.days.length} days ago</span><span class="short">30 days ago</span>${share ? html`<span>${share}</span>` : null}<span>Today</span></p>
</li>
`
}

function pastDays(snapshot: PageSnapshot): SafeHtml[] {
  const byDay = Map.groupBy(snapshot.incidents, (incident) => dayOf(incident.createdAt))
  return Array.from({ length: PAST_DAYS }, (_, i) => {
    const at = snapshot.generatedAt - i * DAY
    const incidents = byDay.get(dayOf(at)) ?? []
    return html`<section class="day"><h3>${dayText(at)}</h3>
${
  incidents.length === 0
    ? html`<p class="quiet">No incidents reported.</p>\n`
    : html`<ul>\n${incidents.map((incident) => pastIncident(incident))}</ul>\n`
}</section>
`
  })
}

function pastIncident(incident: PageIncident): SafeHtml {
  const newest = incident.updates[0]
  return html`<li><a href="incidents/${encodeURIComponent(incident.id)}.html">${incident.title}</a> <span class="when">${UPDATE_LABELS[incident.status]}${
    newest ? html`, ${timeElement(newest.publishedAt)}` : null
  }</span>${
    incident.document ? html` <a class="when" href="${documentPath(incident.id)}">Post-mortem</a>` : null
  }</li>
`
}
