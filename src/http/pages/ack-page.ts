import type { Alert } from '../../alerts/index.ts'
import { iso, type Millis } from '../../kit/clock.ts'
import { formatDuration } from '../../kit/duration.ts'
import { escapeHtml, pageHtml } from './layout.ts'

// The person may be anywhere, and so is the reader of a forwarded link: one zone, and how long ago.
function minuteOf(at: Millis): string {
  return `${iso(at).slice(0, 16).replace('T', ' ')} UTC`
}

function facts(alert: Alert, now: Millis): string {
  const rows: [string, string][] = [
    ['Severity', alert.severity],
    ['Reason', alert.reason],
    ['Since', `${minuteOf(alert.beganAt)} (${formatDuration(now - alert.beganAt)} ago)`],
    ...(alert.serviceId ? [['Service', alert.serviceId] as [string, string]] : []),
    ...(alert.monitorId ? [['Monitor', alert.monitorId] as [string, string]] : []),
  ]
  const list = rows.map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text)}</dd>`).join('')
  return `<p>${escapeHtml(alert.summary)}</p><dl>${list}</dl>`
}

/** What the page says, for whom the link was made: a button while the alert is open, else who was first. */
export function ackPage(
  { alert, personName }: { alert: Alert; personName: string },
  { now, justDone, publicUrl }: { now: Millis; justDone: boolean; publicUrl: string },
): string {
  const details = `<p><a href="${escapeHtml(`${publicUrl}/alerts/${alert.id}`)}">Open in Tocsin</a></p>`
  return pageHtml({
    title: alert.title,
    body: `${stateOf(alert, personName, now, justDone)}${facts(alert, now)}${details}`,
  })
}

function stateOf(alert: Alert, personName: string, now: Millis, justDone: boolean): string {
  if (alert.state === 'resolved')
    return `<p><strong>This is resolved</strong>${alert.resolvedReason ? `: ${escapeHtml(alert.resolvedReason)}` : ''}. There is nothing left to acknowledge.</p>`
  if (alert.state === 'acknowledged') {
    const by = escapeHtml(alert.acknowledgedName ?? 'somebody')
    const ago = alert.acknowledgedAt === null ? '' : `, ${formatDuration(now - alert.acknowledgedAt)} ago`
    return justDone
      ? `<p><strong>Acknowledged by ${by}.</strong> Everything that was waiting has stopped; nobody else is woken.</p>`
      : `<p><strong>Already acknowledged by ${by}</strong>${ago}. Nobody else is woken.</p>`
  }
  return `<form method="post"><button type="submit">Acknowledge</button></form>
<p class="soft">You are ${escapeHtml(personName)}. Acknowledging says: I am on it. It stops every page that is still waiting.</p>`
}
