import type { Said } from '../../tracker.ts'

/** What is said as a document of Jira Cloud: people's text stands in text nodes, which hold nothing but text. */
export function asDocument(said: readonly Said[]): unknown {
  const lines = (text: string) =>
    text.split(/\r?\n/).flatMap((line, place) => [
      ...(place > 0 ? [{ type: 'hardBreak' }] : []),
      // An empty text node is refused.
      ...(line === '' ? [] : [{ type: 'text', text: line }]),
    ])
  const paragraph = (content: unknown[]) => ({ type: 'paragraph', content })
  return {
    type: 'doc',
    version: 1,
    content: said.map((part) => {
      if (part.is === 'text') return paragraph(lines(part.text))
      if (part.is === 'quote') return { type: 'blockquote', content: [paragraph(lines(part.text))] }
      const marks = [{ type: 'link', attrs: { href: part.url } }]
      return paragraph([{ type: 'text', text: part.label, marks }])
    }),
  }
}

/** Wiki notation of a Jira of one's own, with everything escaped that it takes for notation. */
const escapeWiki = (text: string) => text.replace(/[\\{}[\]!*_?^~+|#@-]/g, '\\$&')

export function asWiki(said: readonly Said[]): string {
  return said
    .map((part) => {
      if (part.is === 'link') return `[${escapeWiki(part.label)}|${part.url}]`
      return part.is === 'quote' ? `{quote}\n${escapeWiki(part.text)}\n{quote}` : escapeWiki(part.text)
    })
    .join('\n\n')
}
