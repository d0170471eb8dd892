import { failure } from '../../net/failure.ts'
import { type Dialog, reply } from '../../trust/starttls/dialog.ts'
import { replyText } from '../../trust/starttls/smtp.ts'
import type { SmtpSpec } from './spec.ts'

/** What became of the question whether mail would be taken. */
export interface Envelope {
  /** Null where it is as expected. */
  problem: { reason: (typeof ENVELOPE_REASONS)[number]; summary: string; verdict: 'down' | 'degraded' } | null
}

/** How a server can answer the question otherwise than expected. */
export const ENVELOPE_REASONS = [
  'smtp.sender-refused',
  'smtp.recipient-refused',
  'smtp.recipient-deferred',
  'smtp.open-relay',
] as const

/** Names a sender and a recipient, and takes both back before any mail. */
export function* askEnvelope({ from, to, recipient }: NonNullable<SmtpSpec['envelope']>): Dialog<Envelope> {
  const sender = yield* reply('the answer to MAIL FROM', `MAIL FROM:<${from}>\r\n`)
  if ('failed' in sender) return sender
  if (sender.code === 421) return failure('service-refused', `the server hangs up: ${replyText(sender)}`)
  if (sender.code >= 300)
    return bad('smtp.sender-refused', `the sender <${from}> is refused: ${replyText(sender)}`)
  const answer = yield* reply('the answer to RCPT TO', `RCPT TO:<${to}>\r\n`)
  if ('failed' in answer) return answer
  if (answer.code === 421) return failure('service-refused', `the server hangs up: ${replyText(answer)}`)
  const taken = answer.code < 300
  const reset = yield* reply('the answer to RSET', 'RSET\r\n')
  if ('failed' in reset) return reset
  if (recipient === 'refused')
    return taken
      ? bad('smtp.open-relay', `mail for <${to}> would be taken, which is not for this server`)
      : well
  if (taken) return well
  // Greylisting and full disks say 4xx: a sender would try again.
  if (answer.code < 500)
    return bad('smtp.recipient-deferred', `mail for <${to}> is put off: ${replyText(answer)}`, 'degraded')
  return bad('smtp.recipient-refused', `mail for <${to}> is refused: ${replyText(answer)}`)
}

const well: Envelope = { problem: null }
const bad = (
  reason: (typeof ENVELOPE_REASONS)[number],
  summary: string,
  verdict: 'down' | 'degraded' = 'down',
): Envelope => ({ problem: { reason, summary, verdict } })
