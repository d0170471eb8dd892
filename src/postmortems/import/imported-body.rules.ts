import { prompt, SECTIONS, type SectionName } from '../sections.rules.ts'
import type { Found, ReadIncident, SectionKind } from './reading.ts'

const LONGEST = 150_000

const TEXTS: Partial<Record<SectionName, SectionKind>> = {
  Summary: 'summary',
  Impact: 'impact',
  Trigger: 'trigger',
  'Root cause': 'rootCause',
  'Contributing factors': 'contributing',
  Detection: 'detection',
  Resolution: 'resolution',
  Takeaways: 'lessons',
}
const STATUS = { done: 'done', in_progress: 'in progress', open: 'open' } as const

/** What was read, as the text of a post-mortem with every section; what the document does not say is a blank to fill in. */
export function importedBody(incident: ReadIncident): string {
  const sections = SECTIONS.map((name) => `## ${name}\n\n${sectionBody(name, incident)}\n`).join('\n')
  const references = referencesOf(incident)
  const body = references === '' ? sections : `${sections}\n## References\n\n${references}\n`
  return body.length > LONGEST
    ? `${body.slice(0, LONGEST)}\n\n_Cut here: the whole text is in the source._\n`
    : body
}

/** Tickets and addresses that stand behind the words of the document: the text alone would lose them. */
function referencesOf({ references, sections, timeline, ...lists }: ReadIncident): string {
  const told = [
    ...Object.values(sections),
    ...timeline.map(({ text }) => text),
    ...lists.wentWell,
    ...lists.wentWrong,
    ...lists.lucky,
    ...lists.actions.map(({ text }) => text),
  ]
    .map(({ value }) => value)
    .join('\n')
  return references
    .filter(({ value }) => !told.includes(value))
    .map(({ value }) => (/^https?:\/\/[^\s<>]+$/i.test(value) ? `- <${value}>` : `- ${line(value)}`))
    .join('\n')
}

function sectionBody(name: SectionName, incident: ReadIncident): string {
  const kind = TEXTS[name]
  // The factors stand once, under the name that the document gives them.
  const doubled =
    name === 'Root cause' &&
    incident.sections.rootCause?.span.from === incident.sections.contributing?.span.from
  const text = kind && !doubled ? incident.sections[kind] : undefined
  if (text) return safe(text.value)
  if (name === 'Timeline' && incident.timeline.length > 0) return incident.timeline.map(entryLine).join('\n')
  if (name === 'Actions' && incident.actions.length > 0)
    return incident.actions
      .map(({ text, status, owner, due }) => {
        const facts = [
          status ? STATUS[status.value] : '',
          owner ? `owner: ${oneOf(owner)}` : '',
          due ? `due: ${oneOf(due)}` : '',
        ]
        const known = facts.filter((fact) => fact !== '').join(', ')
        return `- ${line(text.value)}${known === '' ? '' : ` (${known})`}`
      })
      .join('\n')
  const list =
    name === 'What went well'
      ? incident.wentWell
      : name === 'What went wrong'
        ? incident.wentWrong
        : name === 'Where we got lucky'
          ? incident.lucky
          : []
  if (list.length > 0) return list.map(({ value }) => `- ${line(value)}`).join('\n')
  return prompt('the document does not say it.')
}

const oneOf = (found: Found<string>) => line(found.value)

function entryLine({ at, end, approx, text }: ReadIncident['timeline'][number]): string {
  const time =
    at === null ? 'no time' : `${approx ? '~' : ''}${said(at.value)}${end ? ` – ${said(end.value)}` : ''}`
  return `- **${time}** — ${line(text.value)}`
}

/** `2026-01-31T14:05Z` as `2026-01-31 14:05 UTC`. */
function said(iso: string): string {
  return iso
    .replace('T', ' ')
    .replace(/Z$/, ' UTC')
    .replace(/([+-]\d\d:\d\d)$/, ' UTC$1')
}

/** Text from elsewhere in our Markdown: its headings and tags must not become ours. */
function safe(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      /^\s*- /.test(line)
        ? line.replace(/^(\s*- )(.*)$/, (_, sign: string, rest: string) => sign + plain(rest))
        : plain(line),
    )
    .join('\n')
}

const line = (text: string) => plain(text.replaceAll(/\s+/g, ' ').trim())

function plain(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>|#~&]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([-+=:])/, '\\$1')
}
