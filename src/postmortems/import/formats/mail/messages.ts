import { cut, linesOf, type Placed, trim } from '../../placed-text.ts'

export interface Message {
  subject: Placed | null
  date: Placed | null
  body: Placed
}

const SEPARATOR = /^From \S+@?\S*\s+(?:\S+\s+){2,6}\d{4}\b/
const HEADER = /^([A-Za-z][\w-]{1,60}):[ \t]*/

/** The messages of a mailbox, or the one message, or a text without any header. */
export function splitMessages(source: Placed): Message[] {
  const starts: number[] = []
  let at = 0
  let blank = true
  for (const line of linesOf(source)) {
    if (blank && SEPARATOR.test(line.text.slice(0, 200))) starts.push(at)
    blank = line.text === ''
    at = source.text.indexOf('\n', at) + 1
    if (at === 0) break
  }
  if (starts.length === 0) return [readMessage(source)]
  return starts.map((from, i) => readMessage(cut(source, source.text.indexOf('\n', from) + 1, starts[i + 1])))
}

function readMessage(source: Placed): Message {
  const lines = linesOf(source.text.length > 200_000 ? cut(source, 0, 200_000) : source)
  if (
    !HEADER.test(lines[0]?.text ?? '') ||
    !/^(?:from|subject|date|to|received|message-id|return-path|delivered-to|mime-version|cc|reply-to):/im.test(
      lines
        .slice(0, 40)
        .map(({ text }) => text)
        .join('\n'),
    )
  )
    return { subject: null, date: null, body: source }
  let subject: Placed | null = null
  let date: Placed | null = null
  let at = 0
  for (const line of lines) {
    const next = source.text.indexOf('\n', at)
    if (line.text.trim() === '') break
    const header = HEADER.exec(line.text)
    if (header && /^subject$/i.test(header[1]!)) subject = trim(cut(line, header[0].length))
    if (header && /^date$/i.test(header[1]!)) date = trim(cut(line, header[0].length))
    at = next < 0 ? source.text.length : next + 1
  }
  return { subject, date, body: cut(source, at) }
}
