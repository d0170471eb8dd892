import { excerpt, LONGEST_BODY, LONGEST_HEAD } from './message.rules.ts'

/** Cuts a stream into messages by their Content-Length (RFC 3261, 18.3). */
export interface Splitter {
  /** The messages that are complete now, and why no more will come when the stream makes no sense. */
  feed(chunk: Buffer): { messages: Buffer[]; broken: string | null }
  /** How many bytes wait for the end of their message. */
  held(): number
}

/** A splitter for one connection; it holds at most one message. */
export function createSplitter(): Splitter {
  let chunks: Buffer[] = []
  let held = 0
  /** Head and body of the message that is being read; null while its head is not complete. */
  let needed: number | null = null
  let broken: string | null = null

  function cut(messages: Buffer[]): void {
    let rest = Buffer.concat(chunks)
    for (;;) {
      if (needed === null) {
        // Blank lines between messages keep a connection alive.
        let blank = 0
        while (rest[blank] === 0x0d || rest[blank] === 0x0a) blank++
        rest = rest.subarray(blank)
        const length = messageLength(rest)
        if (typeof length === 'string') {
          broken = length
          rest = rest.subarray(rest.length)
          break
        }
        needed = length
      }
      if (needed === null || rest.length < needed) break
      messages.push(rest.subarray(0, needed))
      rest = rest.subarray(needed)
      needed = null
    }
    chunks = [rest]
    held = rest.length
  }

  return {
    held: () => held,
    feed(chunk) {
      const messages: Buffer[] = []
      if (broken !== null) return { messages, broken }
      chunks.push(chunk)
      held += chunk.length
      if (needed === null || held >= needed) cut(messages)
      return { messages, broken }
    },
  }
}

/** The length of the message at the beginning of these bytes: null while unknown, a complaint where there is none. */
function messageLength(bytes: Buffer): number | null | string {
  const line = bytes.indexOf('\n')
  if (line >= 0 && !/SIP\/2\.0/i.test(bytes.toString('latin1', 0, Math.min(line, 1_024))))
    return `it begins with "${excerpt(bytes.toString('latin1', 0, Math.min(line, 40)).trim(), 40)}"`
  const end = bytes.indexOf('\r\n\r\n')
  if ((end < 0 ? bytes.length : end) > LONGEST_HEAD) return `its head has more than ${LONGEST_HEAD} bytes`
  if (end < 0) return null
  const given = /(?:^|\n)(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?(?:\n|$)/i.exec(
    bytes.toString('latin1', 0, end),
  )
  if (!given) return 'it does not say how long its body is'
  const body = Number(given[1])
  if (body > LONGEST_BODY) return `it claims a body of ${body} bytes`
  return end + 4 + body
}
