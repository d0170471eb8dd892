import { escapeMarkdown } from '../../channels/index.ts'
import type { Said } from './tracker.ts'

/** What hides a marker in Markdown. */
export const hidden = (marker: string): string => `<!-- ${marker} -->`

/**
 * What is said as Markdown. People's text stands in a quotation with everything escaped, so that it mentions nobody,
 * closes nothing, and is no command of the tracker: those begin a line.
 */
export function asMarkdown(said: readonly Said[], marker: string): string {
  const blocks = said.map((part) => {
    if (part.is === 'link') return `[${escapeMarkdown(part.label)}](${part.url})`
    if (part.is === 'text') return part.text
    const lines = part.text.split(/\r?\n/)
    return lines.map((line) => `> ${escapeMarkdown(line)}`).join('\n')
  })
  return [...blocks, hidden(marker)].join('\n\n')
}
