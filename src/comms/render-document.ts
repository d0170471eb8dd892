import MarkdownIt from 'markdown-it'
import { escapeHtml, SafeHtml } from './escape-html.ts'

const DEEPEST = 100

const markdown = new MarkdownIt({
  html: false,
  linkify: false,
  breaks: false,
  typographer: false,
  maxNesting: DEEPEST,
})
markdown.validateLink = (url) => /^(?:https?:|mailto:)/i.test(url.trim())
markdown.renderer.rules.link_open = (tokens, i, options, _env, self) => {
  tokens[i]!.attrSet('rel', 'nofollow noopener noreferrer')
  return self.renderToken(tokens, i, options)
}
// Reading must call nobody: a picture is a link to it.
markdown.renderer.rules.image = (tokens, i) => {
  const { attrs, content } = tokens[i]!
  const address = attrs?.find(([name]) => name === 'src')?.[1]
  const text = escapeHtml(content.trim() || 'picture')
  return `<a href="${escapeHtml(String(address ?? ''))}" rel="nofollow noopener noreferrer">${text}</a>`
}
// The title of the document is its only heading of the first level.
for (const rule of ['heading_open', 'heading_close'] as const)
  markdown.renderer.rules[rule] = (tokens, i, options, _env, self) => {
    const token = tokens[i]!
    token.tag = `h${Math.min(6, Math.max(2, Number(token.tag.slice(1))))}`
    return self.renderToken(tokens, i, options)
  }
markdown.renderer.rules.table_open = () =>
  '<div class="table" tabindex="0" role="region" aria-label="Table"><table>\n'
markdown.renderer.rules.table_close = () => '</table></div>\n'

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g
// These turn what follows around, however it is written: a reader must see that they are there.
const TURNING = /[\u202d\u202e]/g

/** Text without what no document may hold, and with what would turn its direction made visible. */
export function visible(text: string): string {
  return text
    .replaceAll(CONTROL, '')
    .replaceAll(TURNING, (sign) => `\u27e8U+${sign.charCodeAt(0).toString(16).toUpperCase()}\u27e9`)
}

/**
 * The Markdown of a longer text as HTML that is safe to show: HTML in it stays text, nothing is loaded, and its headings
 * begin at the second level.
 */
export function renderDocument(text: string): SafeHtml {
  return new SafeHtml(markdown.render(visible(text)))
}
