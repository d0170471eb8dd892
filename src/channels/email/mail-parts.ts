import type { ChannelMessage } from '../channel.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may stand anywhere in HTML, attribute values included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!)
}

function isWebLink(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

/** The plain part: what is said, then the link on a line of its own. */
export function textPart(message: ChannelMessage): string {
  const link = message.link ? `\n\n${message.link.label}:\n${message.link.url}` : ''
  return `${message.text}${link}\n`
}

/** The HTML part: the same words, escaped, and the link as a button that a thumb can hit. */
export function htmlPart(message: ChannelMessage): string {
  const words =
    message.html ??
    message.text
      .split(/\n{2,}/)
      .map((paragraph) => `<p style="margin:0 0 1em">${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
      .join('')
  const link =
    message.link && isWebLink(message.link.url)
      ? `<p><a href="${escapeHtml(message.link.url)}" style="display:inline-block;padding:12px 20px;` +
        'background:#1c4e80;color:#ffffff;text-decoration:none;border-radius:6px;font-weight:600">' +
        `${escapeHtml(message.link.label)}</a></p>`
      : ''
  return (
    '<!doctype html><html><body style="font:16px/1.5 system-ui,sans-serif;color:#1a1a1a">' +
    `${words}${link}</body></html>`
  )
}
