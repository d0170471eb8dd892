import type { PeerJudgement, PeerReason } from '../../engine/life/peer.rules.ts'
import { iso, type Millis } from '../../kit/clock.ts'
import { formatDuration } from '../../kit/duration.ts'

/** A message on its way to one contact. */
export interface Outgoing {
  key: string
  subject: string
  text: string
  /** Which contact, by kind and address; one that is no longer configured is dropped. */
  contact: string
  tries: number
  /** Time to wait before the next attempt. */
  waitMs: Millis
}

/** What has been said of a peer; JSON, kept on disk, so that a restart neither pages twice nor forgets. */
export interface PeerPages {
  ill: { reason: PeerReason; since: Millis; sinceRemindedMs: Millis } | null
  /** Counts every page, for its key. */
  number: number
  outgoing: Outgoing[]
}

export const PAGE_REASONS = ['all-is-well', 'turned-ill', 'still-ill', 'reminder', 'came-back'] as const
export type PageReason = (typeof PAGE_REASONS)[number]

export interface PageStep {
  reason: PageReason
  pages: PeerPages
}

/** Nothing has been said yet. */
export const nothingSaid: PeerPages = { ill: null, number: 0, outgoing: [] }

/** Decides what is to be said of a peer after `listenedMs` more of listening. */
export function stepPages(
  pages: PeerPages,
  peer: string,
  judged: PeerJudgement,
  contacts: string[],
  now: Millis,
  listenedMs: Millis,
  remind: Millis,
): PageStep {
  const { ill } = pages
  const number = pages.number + 1
  const say = (subject: string, text: string): Outgoing[] =>
    contacts.map((contact) => ({
      key: `peer:${peer}:${number}`,
      subject,
      text,
      contact,
      tries: 0,
      waitMs: 0,
    }))
  if (!judged.well && !ill) {
    const said = say(
      `Tocsin "${peer}" needs you: ${judged.summary}`,
      `The watcher says of the Tocsin "${peer}": ${judged.summary} (${judged.reason}).\n` +
        `What it watches may be broken without anybody being told. Noticed at ${iso(now)}.`,
    )
    const next = { reason: judged.reason, since: now, sinceRemindedMs: 0 }
    return { reason: 'turned-ill', pages: { ill: next, number, outgoing: [...pages.outgoing, ...said] } }
  }
  if (!judged.well && ill) {
    const sinceRemindedMs = ill.sinceRemindedMs + listenedMs
    // Whoever has not had the first message needs no second one.
    if (sinceRemindedMs < remind || pages.outgoing.length > 0)
      return {
        reason: 'still-ill',
        pages: { ...pages, ill: { ...ill, reason: judged.reason, sinceRemindedMs } },
      }
    const said = say(
      `Tocsin "${peer}" still needs you: ${judged.summary}`,
      `Since ${iso(ill.since)}, and now: ${judged.summary} (${judged.reason}).`,
    )
    const next = { reason: judged.reason, since: ill.since, sinceRemindedMs: 0 }
    return { reason: 'reminder', pages: { ill: next, number, outgoing: said } }
  }
  if (ill) {
    const lasted = formatDuration(Math.max(0, now - ill.since))
    // What was still on its way is told in the same breath.
    const said = say(
      `Tocsin "${peer}" is back after ${lasted}`,
      `It was ill since ${iso(ill.since)} (${ill.reason}) and is well again since ${iso(now)}.`,
    )
    return { reason: 'came-back', pages: { ill: null, number, outgoing: said } }
  }
  return { reason: 'all-is-well', pages }
}

const FIRST_RETRY = 2_000
const LONGEST_RETRY = 60_000

/** How long after its n-th failure a message is tried again. */
export function retryAfter(tries: number): Millis {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(tries - 1, 10))
}
