import type { Block, Format, Piece, Read } from '../../block.ts'
import { sectionOf } from '../../headings.rules.ts'
import { textBlocks } from '../../markup/text-blocks.ts'
import { cut, type Placed, place, trim } from '../../placed-text.ts'
import { readTimeAt } from '../../time/read-time.ts'
import { splitMessages } from './messages.ts'
import { readableMail } from './mime.ts'
import { joinThread } from './thread.rules.ts'

const ATTRIBUTION = /(?:wrote|writes|a écrit|schrieb[^\n]{0,80}|escribió|ha scritto)\s*[:：]\s*$/m

/** Mails, mailing-list pages and mailboxes: quotes are looked through, and replies go to what they answer. */
export const mail: Format = {
  name: 'mail',
  title: 'Mail and mailing-list threads',
  extensions: ['eml', 'mbox', 'mail'],
  mediaTypes: ['message/rfc822', 'application/mbox'],
  looks(source) {
    const head = source.slice(0, 30_000)
    if (
      /^(?:From \S+ .{5,80}\r?\n)?(?:[A-Z][\w-]{1,40}:[ \t].{0,500}\r?\n(?:[ \t].{0,500}\r?\n){0,20}){2,}/.test(
        head,
      ) &&
      /^(?:From|Subject|Message-ID|Date):/im.test(head.slice(0, 4_000)) &&
      /^(?:Subject|From|Message-ID|Received|MIME-Version):[ \t]/m.test(head.slice(0, 4_000))
    )
      return 0.95
    const quoted = head.match(/^[ \t]?>/gm)?.length ?? 0
    return quoted >= 5 && ATTRIBUTION.test(head) ? 0.9 : 0
  },
  decode: readableMail,
  read: (source) => readMail(source),
}

function readMail(source: string): Read {
  const whole = place(source)
  const messages = splitMessages(whole)
  const threads = new Map<string, typeof messages>()
  for (const message of messages) {
    const key = bareSubject(message.subject?.text ?? '').toLowerCase()
    const thread = threads.get(key)
    if (thread) thread.push(message)
    else threads.set(key, [message])
  }
  const pieces: Piece[] = []
  const notes: Read['notes'] = []
  for (const thread of threads.values()) {
    const read = thread.map(({ body }) => {
      const { blocks, notes: odd } = textBlocks(body, { quotes: true })
      notes.push(...odd)
      return blocks.filter((block) => !isAttribution(block))
    })
    const first = thread[0]!
    const piece: Piece = { blocks: joinThread(read) }
    const title = first.subject ?? firstLine(read[0] ?? [])
    if (title) piece.title = withoutPrefix(title)
    const date = first.date ?? read[0]?.slice(0, 6).find(({ text }) => looksLikeDate(text.text))?.text
    if (date) piece.date = date
    if (!first.subject) piece.blocks = piece.blocks.filter(({ text }) => text !== title && text !== date)
    pieces.push(piece)
  }
  return { pieces, notes }
}

function isAttribution(block: Block): boolean {
  return block.kind === 'paragraph' && block.text.text.length < 300 && ATTRIBUTION.test(block.text.text)
}

/** Pages of mailing lists begin with the subject. */
function firstLine(blocks: readonly Block[]): Placed | undefined {
  const first = blocks.find(({ quote }) => quote === 0)
  if (!first || first.text.text.length > 200 || sectionOf(first.text.text)) return undefined
  return first.text
}

function looksLikeDate(text: string): boolean {
  const time = text.length < 60 ? readTimeAt(text, 0) : null
  return time !== null && time.start.month !== null && time.start.hour !== null
}

const PREFIX = /^\s*(?:(?:re|aw|fwd?|wg|sv|antw)\s*(?:\[\d+\])?:\s*|\[[^\]\n]{1,40}\]\s*)+/i

function bareSubject(subject: string): string {
  return subject.replace(PREFIX, '').replaceAll(/\s+/g, ' ').trim()
}

function withoutPrefix(title: Placed): Placed {
  const prefix = PREFIX.exec(title.text)
  return trim(prefix && prefix[0].length < title.text.length ? cut(title, prefix[0].length) : title)
}
