import { htmlBlocks } from '../../markup/html-blocks.ts'
import { oneLine, place } from '../../placed-text.ts'

const SHOWN = /^(?:from|to|cc|date|subject)$/i
const DEEPEST = 8
const MOST_PARTS = 200

interface Headers {
  all: [string, string][]
  get(name: string): string
}

/** A mail as its reader sees it: decoded headers and text. Null when nothing of it is encoded. */
export function readableMail(text: string): string | null {
  const { headers, body } = split(text)
  if (headers.all.length < 2) return null
  const encoding = headers.get('content-transfer-encoding').toLowerCase().trim()
  const type = headers.get('content-type').toLowerCase()
  const words = headers.all.some(([name, value]) => SHOWN.test(name) && value.includes('=?'))
  if (!words && !/^(?:base64|quoted-printable)$/.test(encoding) && !/^(?:multipart\/|text\/html)/.test(type))
    return null
  const shown = headers.all
    .filter(([name]) => SHOWN.test(name))
    .map(([name, value]) => `${name}: ${oneLine(decodeWords(value))}`)
  return `${shown.join('\n')}\n\n${bodyText(headers, body, 0).replaceAll('\r\n', '\n')}`
}

function split(text: string): { headers: Headers; body: string } {
  const m = /\r?\n\r?\n/.exec(text)
  const head = m ? text.slice(0, m.index) : text
  const all = head
    .slice(0, 100_000)
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .map((line) => /^([!-9;-~]{1,80}):[ \t]*(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map((found): [string, string] => [found[1]!, found[2]!])
  const get = (name: string) => all.find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
  return { headers: { all, get }, body: m ? text.slice(m.index + m[0].length) : '' }
}

function bodyText(headers: Headers, body: string, depth: number): string {
  const type = headers.get('content-type') || 'text/plain'
  const boundary = /boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(type)
  if (/^multipart\//i.test(type.trim()) && boundary && depth < DEEPEST) {
    const parts = body.split(`--${boundary[1] ?? boundary[2]}`).slice(1, MOST_PARTS)
    const read = parts
      .filter((part) => !part.startsWith('--'))
      .map((part) => split(part.replace(/^\r?\n/, '')))
    const plain = read.find(({ headers }) =>
      /^(?:text\/plain|multipart\/)|^$/i.test(headers.get('content-type').trim()),
    )
    const chosen = plain ?? read.find(({ headers }) => /^text\//i.test(headers.get('content-type').trim()))
    return chosen ? bodyText(chosen.headers, chosen.body, depth + 1) : ''
  }
  const charset = /charset=["']?([\w.:-]{1,40})/i.exec(type)?.[1] ?? 'utf-8'
  const decoded = transfer(body, headers.get('content-transfer-encoding').toLowerCase().trim(), charset)
  return /^text\/html/i.test(type.trim()) ? plainOfHtml(decoded) : decoded
}

function transfer(body: string, encoding: string, charset: string): string {
  if (encoding === 'base64')
    return decodeAs(Buffer.from(body.replaceAll(/[^A-Za-z0-9+/=]/g, ''), 'base64'), charset)
  if (encoding === 'quoted-printable')
    return decodeAs(quotedPrintable(body.replaceAll(/=[ \t]*\r?\n/g, '')), charset)
  return body
}

function quotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const out = Buffer.alloc(bytes.length)
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    const hex =
      bytes[i] === 0x3d
        ? Number.parseInt(
            text.length === bytes.length ? text.slice(i + 1, i + 3) : bytes.toString('latin1', i + 1, i + 3),
            16,
          )
        : Number.NaN
    if (Number.isNaN(hex)) out[length++] = bytes[i]!
    else {
      out[length++] = hex
      i += 2
    }
  }
  return out.subarray(0, length)
}

function decodeAs(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder('utf-8').decode(bytes)
  }
}

/** `=?utf-8?q?…?=` in headers. */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(
      /=\?([\w.:-]{1,40})(?:\*\w{1,10})?\?([qb])\?([^?\s]{0,400})\?=/gi,
      (_, charset: string, kind: string, text: string) =>
        /b/i.test(kind)
          ? decodeAs(Buffer.from(text, 'base64'), charset)
          : decodeAs(quotedPrintable(text.replaceAll('_', ' ')), charset),
    )
}

function plainOfHtml(html: string): string {
  return htmlBlocks(place(html))
    .map((block) => {
      const text = block.kind === 'code' ? block.text.text : block.text.text.replaceAll(/[ \t]+/g, ' ')
      const quoted = '> '.repeat(Math.min(block.quote, 10))
      if (block.kind === 'item') return `${quoted}${'  '.repeat(block.level)}- ${oneLine(text)}`
      if (block.kind === 'heading') return `\n${quoted}${oneLine(text)}\n`
      if (block.kind === 'definition' && block.term)
        return `${quoted}${oneLine(block.term.text)}: ${oneLine(text)}`
      return `${quoted}${text.replaceAll('\n', `\n${quoted}`)}\n`
    })
    .join('\n')
}
