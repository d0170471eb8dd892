import { html, renderDocument, SafeHtml, visible } from '../../comms/index.ts'
import type { DocumentedIncident } from '../../contract/postmortem-document.ts'
import { formatDuration } from '../../kit/duration.ts'
import { utc } from '../draft-body.rules.ts'
import { PROMPT, splitSections } from '../sections.rules.ts'
import { DOCUMENT_POLICY, DOCUMENT_STYLE } from './document-style.ts'
import type { Shown, ShownAction } from './write-markdown.ts'

/** A post-mortem as one file of HTML: no script, nothing from elsewhere, every text of people as text. */
export function writeHtml(of: Shown): string {
  const { document, url } = of
  const title = visible(document.title)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${DOCUMENT_POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Tocsin">
<title>${title}</title>
<style>${new SafeHtml(DOCUMENT_STYLE)}</style>
</head>
<body>
<main>
<article>
<header>
<h1>${title}</h1>
<p class="kind">Post-mortem · ${of.state}</p>
${document.incident ? facts(document.incident) : null}</header>
${body(of)}</article>
<footer>
<p>Version ${document.version}, last changed ${utc(Date.parse(document.updatedAt))}.${
    document.source ? html` Imported from “${visible(document.source.name)}”.` : null
  }</p>
<p><a href="${url}">${url}</a></p>
</footer>
</main>
</body>
</html>
`.html
}

/** The text, with the actions as they stand now where the section "Actions" is. */
function body({ body, actions, showsActions }: Shown): SafeHtml {
  if (showsActions || actions.length === 0) return renderDocument(body)
  const lines = body.split(/\r?\n/)
  const sections = splitSections(body)
  const index = sections.findIndex(({ title }) => title.toLowerCase() === 'actions')
  if (index < 0)
    return html`${renderDocument(body)}
<h2>Actions</h2>
${actionsTable(actions)}`
  const end = sections[index + 1]?.line ?? lines.length
  const before = lines
    .slice(0, end)
    .filter((line, i) => i <= sections[index]!.line || !line.startsWith(PROMPT))
  return html`${renderDocument(before.join('\n'))}${actionsTable(actions)}${renderDocument(lines.slice(end).join('\n'))}`
}

function actionsTable(actions: readonly ShownAction[]): SafeHtml {
  return html`<div class="table" tabindex="0" role="region" aria-label="Actions"><table>
<thead><tr><th scope="col">Action</th><th scope="col">State</th></tr></thead>
<tbody>
${actions.map(
  (action) => html`<tr><td>${visible(action.title)}<span class="under">${[
    action.type,
    action.owner ? visible(action.owner.name) : 'nobody owns it',
    ...(action.with === null ? [] : [`with ${visible(action.with)}`]),
    ...(action.dueAt ? [`due ${action.dueAt.slice(0, 10)}`] : []),
  ].join(' · ')}</span><span class="under">Proved when: ${
    action.criterion.startsWith(PROMPT) ? 'not yet written' : visible(action.criterion)
  }</span></td><td class="state ${action.state}">${action.state}${
    action.note === null ? null : html`<span class="under">${visible(action.note)}</span>`
  }</td></tr>
`,
)}</tbody>
</table></div>
`
}

const TIMES = [
  ['impact_start', 'Impact start'],
  ['detected', 'Detected'],
  ['declared', 'Declared'],
  ['acknowledged', 'Acknowledged'],
  ['mitigated', 'Mitigated'],
  ['resolved', 'Resolved'],
] as const
const DETECTED = { monitor: 'by a monitor', person: 'by a person', customer: 'by a customer' } as const

function facts({ severity, services, detection, times, durations }: DocumentedIncident): SafeHtml {
  const none = html`<span class="none">not recorded</span>`
  return html`<div class="facts">
<dl>
<div><dt>Severity</dt><dd>${severity}</dd></div>
<div><dt>Services</dt><dd>${services.length > 0 ? services.map(({ name }) => visible(name)).join(', ') : none}</dd></div>
<div><dt>Noticed</dt><dd>${DETECTED[detection]}</dd></div>
</dl>
<dl>
${TIMES.map(
  ([key, label]) =>
    html`<div><dt>${label}</dt><dd>${times[key] === null ? none : toTheMinute(times[key])}</dd></div>\n`,
)}</dl>
<dl class="four">
${durations.map(
  ({ name, ms, formula, status, why }) =>
    html`<div><dt>${name}</dt><dd>${ms === null ? html`<span class="none">${status === 'invalid' ? why : 'not recorded'}</span>` : formatDuration(ms)}<small>${formula.replace(/^\w+ = /, '')}</small></dd></div>\n`,
)}</dl>
</div>
`
}

/** Seconds are said where there are some. */
const toTheMinute = (at: string) => utc(Date.parse(at)).replace(/(:\d\d):00 UTC$/, '$1 UTC')
