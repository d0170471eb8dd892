import type { Socket } from 'node:net'
import { formatDuration } from '../../../kit/duration.ts'
import { openConnection } from '../../net/connect.ts'
import { hasFailed } from '../../net/failure.ts'
import type { Observation, Verdict } from '../../observation.ts'
import { type Handshake, shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import { Conversation } from '../../trust/starttls/conversation.ts'
import type { DialogFailure } from '../../trust/starttls/dialog.ts'
import { ownAddress } from '../../trust/starttls/own-address.ts'
import { smtpBanner, smtpHello, smtpStartTls } from '../../trust/starttls/smtp.ts'
import type { CheckContext } from '../kind.ts'
import { askEnvelope } from './envelope.ts'
import type { SmtpSpec } from './spec.ts'

interface Problem {
  verdict: Exclude<Verdict, 'up'>
  reason: string
  summary: string
}

// Words of the way to TLS; the others are of the mail itself.
const ON_THE_WAY = ['not-offered', 'refused', 'injection']
const spoken = ({ failed, summary }: DialogFailure): Problem => ({
  verdict: 'down',
  reason: `${ON_THE_WAY.includes(failed) ? 'starttls' : 'smtp'}.${failed}`,
  summary,
})

/** Talks to a mail server as a sender would, up to the mail itself. */
export async function checkSmtp(spec: SmtpSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const seen: Seen = { values: {}, inspection: null, summary: '' }
  const problem = await talk(spec, context, seen)
  const tookMs = clock.now() - started
  const { inspection } = seen
  const common = {
    tookMs,
    values: { ...inspection?.values, ...seen.values },
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
  }
  if (problem) return { ...common, ...problem }
  const { maxLatency } = spec.expect
  if (inspection && inspection.verdict !== 'up')
    return { ...common, verdict: inspection.verdict, reason: inspection.reason, summary: inspection.summary }
  if (maxLatency !== undefined && tookMs > maxLatency) {
    const summary = `the dialog took ${formatDuration(tookMs)}, more than ${formatDuration(maxLatency)}`
    return { ...common, verdict: 'degraded', reason: 'slow', summary }
  }
  return { ...common, verdict: 'up', reason: 'ok', summary: seen.summary }
}

/** What has been learned on the way. */
interface Seen {
  values: Observation['values']
  inspection: Inspection | null
  summary: string
}

async function talk(spec: SmtpSpec, context: CheckContext, seen: Seen): Promise<Problem | null> {
  const { clock, signal } = context
  const options = { clock, signal, stepMs: spec.stepTimeout }
  const connection = await openConnection(spec.target.host, spec.target.port, spec.family, signal)
  if (hasFailed(connection))
    return { verdict: 'down', reason: connection.failed, summary: connection.summary }
  const raw = connection.socket
  seen.values.address = connection.address
  const hello = spec.hello ?? ownAddress(raw)
  try {
    let socket: Socket = raw
    if (spec.security === 'tls') {
      const secured = await secure(spec, raw, context, seen)
      if ('verdict' in secured) return secured
      socket = secured.socket
    }
    let conversation = new Conversation(socket, options)
    const banner = await timed(seen, 'bannerMs', clock.now, () => conversation.lead(smtpBanner()))
    if ('failed' in banner) return spoken(banner)
    const { expect } = spec
    if (expect.banner !== undefined && !banner.banner.includes(expect.banner))
      return {
        verdict: 'down',
        reason: 'smtp.banner-unexpected',
        summary: `the banner lacks "${expect.banner}": ${JSON.stringify(banner.banner.slice(0, 120))}`,
      }
    let heard = await timed(seen, 'helloMs', clock.now, () => conversation.lead(smtpHello('EHLO', hello)))
    if ('failed' in heard) return spoken(heard)
    if (spec.security === 'starttls') {
      const agreed = await conversation.lead(smtpStartTls(heard))
      const released = await conversation.release()
      for (const end of [agreed, released]) if (hasFailed(end)) return spoken(end as DialogFailure)
      const secured = await secure(spec, raw, context, seen)
      if ('verdict' in secured) return secured
      conversation = new Conversation(secured.socket, options)
      // What was said before TLS does not count (RFC 3207, 4.2).
      heard = await conversation.lead(smtpHello('EHLO', hello))
      if ('failed' in heard) return spoken(heard)
    }
    const { extensions } = heard
    seen.values.extensions = extensions.length
    const missing = expect.extensions.filter(
      (wanted) => !extensions.some((offered) => offered.split(' ')[0] === wanted.toUpperCase()),
    )
    if (missing.length > 0) {
      const summary = `the server does not offer ${missing.join(', ')}; it offers ${extensions.slice(0, 12).join(', ') || 'nothing'}`
      return { verdict: 'down', reason: 'smtp.extension-missing', summary }
    }
    seen.summary = `the server greets and takes commands${spec.security === 'none' ? ' in the open' : ' over TLS'}`
    if (spec.envelope) {
      const { envelope } = spec
      const asked = await timed(seen, 'envelopeMs', clock.now, () => conversation.lead(askEnvelope(envelope)))
      if ('failed' in asked) return spoken(asked)
      if (asked.problem) return asked.problem
      const would = envelope.recipient === 'accepted' ? 'would be taken' : 'is refused, as it should be'
      seen.summary = `mail for <${envelope.to}> ${would}`
    }
    await conversation.lead(quit())
    return null
  } finally {
    raw.destroy()
  }
}

function* quit() {
  yield { say: 'QUIT\r\n', waiting: 'nothing' }
  return {}
}

/** The handshake, and the certificate judged; nothing is said to a server that is not the one meant. */
async function secure(
  spec: SmtpSpec,
  raw: Socket,
  context: CheckContext,
  seen: Seen,
): Promise<Problem | Handshake> {
  const name = spec.expect.name ?? spec.target.host
  const handshake = await shakeHands(raw, { servername: name }, context.signal)
  if (hasFailed(handshake)) return { verdict: 'down', reason: handshake.failed, summary: handshake.summary }
  const inspection = await inspectCertificate(handshake, { ...spec.expect, name }, context)
  if (hasFailed(inspection))
    return { verdict: 'unknown', reason: inspection.failed, summary: inspection.summary }
  seen.inspection = inspection
  const { verdict, reason, summary } = inspection
  return verdict === 'down' ? { verdict, reason, summary } : handshake
}

async function timed<T>(seen: Seen, name: string, now: () => number, work: () => Promise<T>): Promise<T> {
  const from = now()
  const result = await work()
  seen.values[name] = now() - from
  return result
}
