/** The sections of a post-mortem, in order. */
export const SECTIONS = [
  'Summary',
  'Impact',
  'Trigger',
  'Root cause',
  'Contributing factors',
  'Detection',
  'Resolution',
  'Timeline',
  'What went well',
  'What went wrong',
  'Where we got lucky',
  'Actions',
  'Takeaways',
] as const
export type SectionName = (typeof SECTIONS)[number]

/** Sections without which a draft is not ready to be read by others. */
export const NEEDED_FOR_REVIEW: readonly SectionName[] = ['Summary', 'Root cause']

/** Marks a blank that a person is to fill in. */
export const PROMPT = '_Not yet written:'

/** A blank with what belongs there. */
export function prompt(what: string): string {
  return `${PROMPT} ${what}_`
}

export interface Section {
  /** As written, without the signs. */
  title: string
  /** Of the heading, counted from 0. */
  line: number
  body: string
}

/** Splits Markdown at its second-level headings; those inside fenced code are text. */
export function splitSections(markdown: string): Section[] {
  const sections: (Section & { lines: string[] })[] = []
  let fence: string | null = null
  for (const [line, text] of markdown.split(/\r?\n/).entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1] ?? null
    if (mark && fence === null) fence = mark
    else if (mark && fence !== null && mark[0] === fence[0] && mark.length >= fence.length) fence = null
    const heading = fence === null ? /^ {0,3}##[ \t]+(.*?)[ \t#]*$/.exec(text) : null
    if (heading) sections.push({ title: heading[1]!, line, body: '', lines: [] })
    else sections.at(-1)?.lines.push(text)
  }
  return sections.map(({ title, line, lines }) => ({ title, line, body: lines.join('\n').trim() }))
}

/** The section with this name, or null. Case does not matter. */
export function findSection(markdown: string, name: SectionName): Section | null {
  return splitSections(markdown).find(({ title }) => title.toLowerCase() === name.toLowerCase()) ?? null
}

export type SectionState = 'written' | 'missing' | 'empty' | 'prompt-left'

/** Whether a person has written the section; a prompt that still stands in it says no. */
export function sectionState(markdown: string, name: SectionName): SectionState {
  const section = findSection(markdown, name)
  if (!section) return 'missing'
  if (section.body === '') return 'empty'
  return section.body.includes(PROMPT) ? 'prompt-left' : 'written'
}

/** Text from elsewhere as one line that Markdown shows as it is. */
export function plainLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>|#~&]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([-+=:])/, '\\$1')
}
