import MarkdownIt from 'markdown-it'
import { SafeHtml } from './escape-html.ts'

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true, typographer: false })
markdown.disable(['image', 'heading', 'lheading'])
markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim())
markdown.renderer.rules.link_open = (tokens, i, options, _env, self) => {
  tokens[i]!.attrSet('rel', 'nofollow noopener')
  return self.renderToken(tokens, i, options)
}

/**
 * The Markdown of an update as HTML. HTML in it stays text; images would load from elsewhere and headings would
 * break the outline of the page, so both stay text too.
 */
export function renderMarkdown(text: string): SafeHtml {
  return new SafeHtml(
    markdown.render(text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')),
  )
}
