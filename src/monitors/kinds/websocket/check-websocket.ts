import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import { openConnection } from '../../net/connect.ts'
import { hasFailed } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import { hostOf } from '../fetch-once.ts'
import type { CheckContext } from '../kind.ts'
import { converse } from './converse.ts'
import type { WebSocketSpec } from './spec.ts'

/** Connects, judges the certificate, upgrades and speaks. */
export async function checkWebSocket(spec: WebSocketSpec, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const { expect } = spec
  const url = new URL(spec.url)
  const started = clock.now()
  let inspection: Inspection | null = null
  let upgradeMs: Millis | null = null
  const observed = (
    verdict: Observation['verdict'],
    reason: string,
    summary: string,
    values = {},
  ): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: { ...inspection?.values, ...(upgradeMs !== null && { upgradeMs }), ...values },
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
  })
  const host = hostOf(url)
  const goal = spec.connectTo ?? { host, port: Number(url.port) || (url.protocol === 'wss:' ? 443 : 80) }
  const connection = await openConnection(goal.host, goal.port, spec.family, signal)
  if (hasFailed(connection)) return observed('down', connection.failed, connection.summary)
  const { address } = connection
  let { socket } = connection
  try {
    if (url.protocol === 'wss:') {
      const name = expect.name ?? host
      const handshake = await shakeHands(socket, { servername: name, alpn: ['http/1.1'] }, signal)
      if (hasFailed(handshake)) return observed('down', handshake.failed, handshake.summary)
      socket = handshake.socket
      const inspected = await inspectCertificate(handshake, { ...expect, name }, context)
      if (hasFailed(inspected)) return observed('unknown', inspected.failed, inspected.summary)
      inspection = inspected
      if (inspected.verdict === 'down')
        return observed('down', inspected.reason, inspected.summary, { address })
    }
    const heard = await converse(socket, spec, signal, () => {
      upgradeMs = clock.now() - started
    })
    if (hasFailed(heard)) return observed('down', heard.failed, heard.summary, { address })
    const tookMs = clock.now() - started
    const values = { address, messages: heard.messages, ...(heard.protocol && { protocol: heard.protocol }) }
    if (expect.maxLatency !== undefined && tookMs > expect.maxLatency) {
      const limit = formatDuration(expect.maxLatency)
      return observed(
        'degraded',
        'websocket.slow',
        `answered in ${formatDuration(tookMs)}, allowed is ${limit}`,
        values,
      )
    }
    if (inspection?.verdict === 'degraded')
      return observed('degraded', inspection.reason, inspection.summary, values)
    const answered = heard.messages > 0 ? ' and answered' : ''
    return observed('up', 'ok', `upgraded${answered} in ${formatDuration(tookMs)}`, values)
  } finally {
    socket.destroy()
    connection.socket.destroy()
  }
}
