import { z } from 'zod'
import { endpointText, openConnection } from '../../net/connect.ts'
import { hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { certificateExpectationsSchema } from '../../trust/expectations.ts'
import { HANDSHAKE_REASONS, shakeHands } from '../../trust/handshake.ts'
import { inspectCertificate } from '../../trust/inspect-certificate.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { lookAtNodes } from '../../trust/look-at-nodes.ts'
import { NODE_REASONS, nodeFields } from '../../trust/nodes.rules.ts'
import { targetByAddress } from '../by-address.ts'
import { familyField, hostPortField, timeoutField, withoutScheme } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'

const schema = z.strictObject({
  target: hostPortField('Target', 'Where TLS is spoken: host:port, port 443 when left out.', 443),
  expect: certificateExpectationsSchema
    .prefault({})
    .meta({ title: 'Expect', description: 'What the served certificate must be.' }),
  ...nodeFields,
  timeout: timeoutField,
  family: familyField,
})
export type TlsSpec = z.output<typeof schema>

/** Certificate checks over plain TLS. */
export const tls: MonitorKind<TlsSpec> = {
  kind: 'tls',
  title: 'TLS certificate',
  description:
    'Makes one full handshake on a fresh connection and judges the certificate: name, issuer, dates, chain. ' +
    'It does not ask whether the service behind TLS works.',
  schema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    ...NODE_REASONS,
    'tls.ca-unreadable',
  ],
  cost: 'network',
  target: (spec) => endpointText(spec.target.host, spec.target.port),
  check,
  typedAs: ['tls://HOST[:443]'],
  schemes: { tls: (target) => ({ target: withoutScheme(target) }) },
  speaksTls: () => true,
  byAddress: targetByAddress({ named: true }),
  cannotSee: [
    {
      failureClass: 'service.broken',
      why: 'It stops after the handshake: what the service says behind TLS is seen by http, smtp and the like.',
      seenBy: ['http', 'smtp'],
    },
    {
      failureClass: 'latency',
      why: 'It has no limit but the timeout: slow answers are seen by kinds that speak what stands behind TLS.',
      seenBy: ['http', 'smtp', 'websocket'],
    },
  ],
}

function check(spec: TlsSpec, context: CheckContext): Promise<Observation> {
  return lookAtNodes({ ...spec, host: spec.target.host }, context, (host) => lookAtOne(spec, host, context))
}

async function lookAtOne(spec: TlsSpec, host: string, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const started = clock.now()
  const failed = (reason: string, summary: string, verdict: 'down' | 'unknown' = 'down'): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: {},
  })
  const connection = await openConnection(host, spec.target.port, spec.family, signal)
  if (hasFailed(connection)) return failed(connection.failed, connection.summary)
  try {
    const name = spec.expect.name ?? spec.target.host
    const handshake = await shakeHands(connection.socket, { servername: name }, signal)
    if (hasFailed(handshake)) return failed(handshake.failed, handshake.summary)
    handshake.socket.destroy()
    const inspection = await inspectCertificate(handshake, { ...spec.expect, name }, context)
    if (hasFailed(inspection)) return failed(inspection.failed, inspection.summary, 'unknown')
    const { verdict, reason, summary, certificate, values, memory } = inspection
    const address = { address: connection.address }
    return {
      verdict,
      reason,
      summary,
      tookMs: clock.now() - started,
      values: { ...values, ...address },
      certificate,
      ...(memory && { memory }),
    }
  } finally {
    connection.socket.destroy()
  }
}
