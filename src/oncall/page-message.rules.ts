import type { Alert } from '../alerts/index.ts'
import type { ChannelMessage } from '../channels/index.ts'
import { iso } from '../kit/clock.ts'
import { formatDuration } from '../kit/duration.ts'
import type { Page } from './page.ts'

/** An instant as the person reads it on the wall, and in UTC. */
function when(at: number, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })} ${timezone} (${iso(at)})`
}

// Short enough for a phone's lock screen; the whole text is behind the link.
const SUBJECT = 180

// Targets and people write these texts: a line break would let them write lines that pass for ours, and what
// turns the direction of reading would turn ours too.
function plain(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}

function oneLine(text: string): string {
  return plain(text)
    .slice(0, SUBJECT)
    .replace(/[\ud800-\udbff]$/, '')
}

export interface MessageInput {
  page: Pick<Page, 'kind' | 'key' | 'stepName' | 'personName' | 'reason'>
  alert: Alert
  publicUrl: string
  secret: string
  timezone: string
  now: number
}

/** What a page says when it leaves: what, since when, why, and the one thing to do. */
export function pageMessage({ page, alert, publicUrl, secret, timezone, now }: MessageInput): ChannelMessage {
  const alertUrl = `${publicUrl}/alerts/${alert.id}`
  const since = `Since ${when(alert.beganAt, timezone)}, ${formatDuration(now - alert.beganAt)} ago.`
  if (page.kind === 'resolved')
    return {
      subject: oneLine(`[resolved] ${alert.title}`),
      text: [
        `It is over: ${plain(alert.title)}`,
        `Reason: ${plain(alert.resolvedReason ?? 'resolved')}`,
        alert.resolvedAt === null ? '' : `Resolved ${when(alert.resolvedAt, timezone)}.`,
        `The alert: ${alertUrl}`,
      ]
        .filter(Boolean)
        .join('\n'),
      link: { label: 'Open the alert', url: alertUrl },
      key: page.key,
    }
  return {
    subject: oneLine(`[${alert.severity}] ${alert.title}`),
    text: [
      plain(alert.summary || alert.title),
      `Reason: ${plain(alert.reason)}`,
      since,
      `You are paged as: ${plain(page.stepName)} (${plain(page.reason)}).`,
      `The alert: ${alertUrl}`,
    ].join('\n'),
    link: { label: 'Acknowledge', url: `${publicUrl}/ack/${secret}` },
    key: page.key,
  }
}
