/** SIP messages as text (RFC 3261, sections 7, 18 and 20): written, and read without trust. */

export const LONGEST_HEAD = 16_384
export const LONGEST_BODY = 65_536
const MOST_HEADERS = 200

/** A response as it was read. */
export interface SipResponse {
  status: number
  phrase: string
  /** By lower-case full name, each with its lines in order. */
  headers: Map<string, string[]>
}

/** What a datagram or a framed message turned out to be. */
export type ReadMessage =
  | { is: 'response'; response: SipResponse }
  /** The other side asks us something; a check answers nothing. */
  | { is: 'request' }
  | { is: 'nonsense'; why: string }

const FULL_NAMES: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  s: 'subject',
  c: 'content-type',
  e: 'content-encoding',
  k: 'supported',
}

/** Reads one message; the body is not looked at. */
export function readMessage(bytes: Buffer): ReadMessage {
  const end = headEnd(bytes)
  if (end > LONGEST_HEAD) return { is: 'nonsense', why: `its head has more than ${LONGEST_HEAD} bytes` }
  const [first = '', ...rest] = unfolded(bytes.toString('utf8', 0, end))
  if (/^[A-Z]+ \S+ SIP\/2\.0$/i.test(first)) return { is: 'request' }
  const start = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(first)
  if (!start) return { is: 'nonsense', why: `it begins with "${excerpt(first, 40)}"` }
  if (rest.length > MOST_HEADERS) return { is: 'nonsense', why: `it has more than ${MOST_HEADERS} headers` }
  const headers = new Map<string, string[]>()
  for (const line of rest) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (!/^[a-z0-9!%*_+`'~.-]+$/.test(name))
      return { is: 'nonsense', why: `"${excerpt(line, 40)}" is no header` }
    const full = FULL_NAMES[name] ?? name
    const lines = headers.get(full)
    const value = line.slice(colon + 1).trim()
    if (lines) lines.push(value)
    else headers.set(full, [value])
  }
  return {
    is: 'response',
    response: { status: Number(start[1]), phrase: excerpt(start[2] ?? '', 80), headers },
  }
}

/** Where the head ends, without the blank line. */
function headEnd(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? bytes.length : end
}

/** Lines, each with those that continue it. */
function unfolded(head: string): string[] {
  const lines: string[] = []
  for (const line of head.split(/\r?\n/)) {
    if (/^[ \t]/.test(line) && lines.length > 0) lines.push(`${lines.pop()} ${line.trim()}`)
    else if (line !== '') lines.push(line)
    if (lines.length > MOST_HEADERS + 2) break
  }
  return lines
}

/** Text of the other side, fit for one line of ours. */
export function excerpt(text: string, longest: number): string {
  const clean = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?')
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean
}

/** The first line of a header, or null. */
export function header(response: SipResponse, name: string): string | null {
  return response.headers.get(name)?.[0] ?? null
}

/** What a request is recognized by in the answers to it. */
export interface Identity {
  branch: string
  callId: string
  cseq: number
  method: string
}

/** Whether a response answers this very request, and not another one, or somebody else's. */
export function answers(response: SipResponse, asked: Identity): boolean {
  const via = /;\s*branch\s*=\s*([^;,\s]+)/i.exec(splitList(header(response, 'via') ?? '')[0] ?? '')
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(header(response, 'cseq') ?? '')
  return (
    via?.[1] === asked.branch &&
    header(response, 'call-id') === asked.callId &&
    Number(cseq?.[1]) === asked.cseq &&
    cseq?.[2]?.toUpperCase() === asked.method
  )
}

/** The elements of a comma-separated header; commas in quotes and in angle brackets separate nothing. */
export function splitList(text: string): string[] {
  const parts: string[] = []
  let [begin, quoted, bracketed] = [0, false, false]
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '<') bracketed = true
    else if (char === '>') bracketed = false
    else if (char === ',' && !bracketed) {
      parts.push(text.slice(begin, at).trim())
      begin = at + 1
    }
  }
  parts.push(text.slice(begin).trim())
  return parts.filter((part) => part !== '')
}

/** A contact of a registration. */
export interface Binding {
  uri: string
  /** Seconds; null where the registrar does not say. */
  expires: number | null
}

/** The contacts that a registrar lists. */
export function bindingsOf(response: SipResponse): Binding[] {
  return (response.headers.get('contact') ?? []).flatMap(splitList).map((contact) => {
    // A quoted name may hold brackets of its own.
    const named = /^"(?:[^"\\]|\\.)*"/.exec(contact)?.[0].length ?? 0
    const open = contact.indexOf('<', named)
    const close = contact.indexOf('>', open)
    const bracketed = open >= 0 && close > open
    const uri = bracketed ? contact.slice(open + 1, close) : contact.split(';')[0]!.trim()
    const parameters = bracketed ? contact.slice(close + 1) : contact.slice(uri.length)
    const expires = /;\s*expires\s*=\s*"?(\d{1,10})/i.exec(parameters)?.[1]
    return { uri, expires: expires === undefined ? null : Number(expires) }
  })
}

/** A request with its headers in order; no value may hold a line break, which the schema and the parser ensure. */
export function writeRequest(method: string, uri: string, headers: [name: string, value: string][]): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`${method} ${uri} SIP/2.0`, ...lines, 'Content-Length: 0', '', ''].join('\r\n'))
}
