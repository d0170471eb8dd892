import { PROMPT } from '../sections.rules.ts'

const PROMPTS = new RegExp(`${PROMPT}[^\\n]*?_(?=\\s|$)`, 'g')

/** Markdown as people read it, without the blanks that wait for somebody to write: nobody looks for those. */
export function plainText(markdown: string): string {
  return withoutEmptySections(markdown.replaceAll(PROMPTS, ''))
    .replaceAll(/^ {0,3}(?:`{3,}|~{3,}).*$/gm, '')
    .replaceAll(/\[([^\][\n]{1,500})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
    .replaceAll(/(?<!\\)(?:\*\*|__|~~|`)/g, '')
    .replaceAll(/\\([\\`*_{}[\]<>|#~&.)+=:-])/g, '$1')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

// A heading as a word and a colon, where anything stands below it.
function withoutEmptySections(markdown: string): string {
  const lines: string[] = []
  let waiting: { level: number; title: string }[] = []
  for (const line of markdown.split(/\r?\n/)) {
    const [, signs, title] = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#:]*$/.exec(line) ?? []
    if (signs !== undefined) {
      waiting = [
        ...waiting.filter(({ level }) => level < signs.length),
        { level: signs.length, title: title! },
      ]
      continue
    }
    if (line.trim() !== '' && waiting.length > 0) {
      lines.push('', `${waiting.map((one) => one.title).join(': ')}:`)
      waiting = []
    }
    lines.push(line)
  }
  return lines.join('\n')
}
