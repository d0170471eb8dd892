import { openConnection } from '../../net/connect.ts'
import { hasFailed } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { inspectCertificate } from '../../trust/inspect-certificate.ts'
import { lookAtNodes } from '../../trust/look-at-nodes.ts'
import { ownAddress } from '../../trust/starttls/own-address.ts'
import { sayGoodbye, startTls } from '../../trust/starttls/start-tls.ts'
import type { CheckContext } from '../kind.ts'
import { portOf, type StartTlsSpec } from './spec.ts'

/** Goes over to TLS as a client of the protocol does, and judges the certificate. */
export function checkStartTls(spec: StartTlsSpec, context: CheckContext): Promise<Observation> {
  const nodes = { ...spec, host: spec.target.host }
  return lookAtNodes(nodes, context, (host) => lookAtOne(spec, host, context))
}

async function lookAtOne(spec: StartTlsSpec, host: string, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const started = clock.now()
  const failed = (reason: string, summary: string, verdict: 'down' | 'unknown' = 'down'): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: {},
  })
  const connection = await openConnection(host, portOf(spec), spec.family, signal)
  if (hasFailed(connection)) return failed(connection.failed, connection.summary)
  try {
    const name = spec.expect.name ?? spec.target.host
    const names = {
      servername: name,
      domain: spec.domain ?? name,
      hello: spec.hello ?? ownAddress(connection.socket),
    }
    const options = { clock, signal, stepMs: spec.stepTimeout }
    const handshake = await startTls(connection.socket, spec.protocol, names, options)
    if (hasFailed(handshake)) return failed(handshake.failed, handshake.summary)
    const handshakeMs = clock.now() - started
    const inspection = await inspectCertificate(handshake, { ...spec.expect, name }, context)
    await sayGoodbye(handshake, spec.protocol, { ...options, stepMs: Math.min(spec.stepTimeout, 1_000) })
    if (hasFailed(inspection)) return failed(inspection.failed, inspection.summary, 'unknown')
    const { verdict, reason, summary, certificate, values, problems: _, chainEnds: __, ...more } = inspection
    return {
      ...more,
      verdict,
      reason,
      summary,
      tookMs: handshakeMs,
      values: { ...values, protocolBefore: spec.protocol, address: connection.address },
      certificate,
    }
  } finally {
    connection.socket.destroy()
  }
}
