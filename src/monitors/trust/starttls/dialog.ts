import { failure, type StepFailure } from '../../net/failure.ts'

/** How a conversation in plain text goes wrong; each kind puts its own family before it: `starttls.hung`. */
export const DIALOG_FAULTS = [
  'service-refused',
  'not-offered',
  'refused',
  'malformed',
  'too-long',
  'hung',
  'closed',
  'injection',
] as const
export type DialogFault = (typeof DIALOG_FAULTS)[number]
export type DialogFailure = StepFailure<DialogFault>

/** One step of a dialog: something to say, then something to wait for. */
export interface Step {
  say?: string | Uint8Array
  /** How many of the bytes heard are the whole answer; 0 while more are needed. Nothing is waited for without it. */
  take?: (heard: Buffer) => number
  /** An answer that is longer is given up. */
  most?: number
  /** What is waited for, in words: `its greeting`. */
  waiting: string
}

/**
 * A dialog says its steps and is given the bytes of each answer. It opens nothing and waits for nothing itself, so
 * that it can be fed whatever a hostile server may say.
 */
export type Dialog<Outcome> = Generator<Step, Outcome | DialogFailure, Buffer>

const LONGEST_LINE = 4_096
const MOST_LINES = 100

const untilNewline = (heard: Buffer) => heard.indexOf(0x0a) + 1

/** One line without its end. */
export function* line(waiting: string, say?: string): Dialog<{ text: string }> {
  const heard = yield { say, take: untilNewline, most: LONGEST_LINE, waiting }
  return { text: heard.toString('latin1').replace(/\r?\n$/, '') }
}

/** Lines up to the one that `ends`, which is the last of those answered. */
export function* linesUntil(
  ends: (text: string) => boolean,
  waiting: string,
  say?: string,
): Dialog<{ lines: string[] }> {
  const lines: string[] = []
  for (let next: string | undefined = say; lines.length < MOST_LINES; next = undefined) {
    const heard = yield* line(waiting, next)
    if ('failed' in heard) return heard
    lines.push(heard.text)
    if (ends(heard.text)) return { lines }
  }
  return failure('too-long', `more than ${MOST_LINES} lines came while waiting for ${waiting}`)
}

/** An answer of a protocol with three-digit codes, whose lines before the last have a dash after the code. */
export interface Reply {
  code: number
  /** The texts of its lines, without codes. */
  texts: string[]
}

const REPLY_LINE = /^(\d{3})(?:[ -](.*))?$/

/** A reply as in SMTP and FTP. Between its first line and its last anything may stand, before them nothing. */
export function* reply(waiting: string, say?: string): Dialog<Reply> {
  let first = true
  const ends = (text: string) => {
    const alien = first && !REPLY_LINE.test(text)
    first = false
    return alien || (REPLY_LINE.test(text) && text[3] !== '-')
  }
  const heard = yield* linesUntil(ends, waiting, say)
  if ('failed' in heard) return heard
  const last = REPLY_LINE.exec(heard.lines.at(-1)!)
  if (!last) return malformed(waiting, heard.lines.at(-1)!)
  return { code: Number(last[1]), texts: heard.lines.map((text) => REPLY_LINE.exec(text)?.[2] ?? text) }
}

/** What the other side said, fit for a sentence on one line. */
export function said(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return JSON.stringify(clean.length > 120 ? `${clean.slice(0, 117)}...` : clean)
}

/** Something arrived that the protocol does not have at this place. */
export function malformed(waiting: string, heard: string): DialogFailure {
  return failure('malformed', `${said(heard)} came instead of ${waiting}`)
}
