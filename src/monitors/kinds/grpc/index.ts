import { z } from 'zod'
import { formatDuration } from '../../../kit/duration.ts'
import { endpointText, openConnection } from '../../net/connect.ts'
import { hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { certificateExpectations } from '../../trust/expectations.ts'
import { HANDSHAKE_REASONS, shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { targetByAddress } from '../by-address.ts'
import { durationField, familyField, hostPortField, timeoutField } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { askHealth, HEALTH_REASONS } from './ask-health.ts'

const schema = z.strictObject({
  target: hostPortField('Target', 'Where the server listens: host:port.'),
  serviceName: z.string().max(500).default('').meta({
    title: 'Service name',
    description: 'The gRPC service to ask for; empty asks for the server as a whole.',
  }),
  tls: z
    .enum(['off', 'require'])
    .default('require')
    .meta({ title: 'TLS', description: 'Whether the connection is encrypted, and the certificate judged.' }),
  headers: z
    .record(
      z.string().regex(/^[a-z0-9_.-]+$/, 'a name of lower-case letters and digits is expected'),
      z.string().regex(/^[\x20-\x7e]*$/, 'a header value has one line'),
    )
    .default({})
    .meta({ title: 'Headers', description: 'Metadata to send, such as authorization.' }),
  expect: z
    .strictObject({
      maxLatency: durationField(
        'Slowest answer',
        'An answer that takes longer turns the monitor degraded.',
      ).optional(),
      ...certificateExpectations,
    })
    .prefault({})
    .meta({ title: 'Expect', description: 'What the answer, and the certificate, must be.' }),
  timeout: timeoutField,
  family: familyField,
})
export type GrpcSpec = z.output<typeof schema>

/** gRPC servers that say of themselves whether they serve. */
export const grpc: MonitorKind<GrpcSpec> = {
  kind: 'grpc',
  title: 'gRPC health',
  description:
    'Asks the standard health service (grpc.health.v1) of a gRPC server whether it, or one of its services, ' +
    'serves. It believes the answer: it calls no other method.',
  schema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    ...HEALTH_REASONS,
    'grpc.slow',
  ],
  cost: 'network',
  target: ({ target, serviceName }) =>
    `${endpointText(target.host, target.port)}${serviceName && `/${serviceName}`}`,
  check,
  typedAs: ['grpcs://HOST:PORT[/SERVICE]', 'grpc://HOST:PORT[/SERVICE]'],
  schemes: { grpc: (target) => settingsOf(target, 'off'), grpcs: (target) => settingsOf(target, 'require') },
  speaksTls: (target) => /^grpcs:/i.test(target),
  byAddress: targetByAddress({ named: true }),
  cannotSee: [
    {
      failureClass: 'service.broken',
      why: 'It asks what the server thinks of itself: whether a method works is seen by the metrics of its callers.',
      seenBy: ['metric'],
    },
    {
      failureClass: 'availability.rare',
      why: 'One call in a hundred that fails is seen by the counters of the service, not by one call a minute.',
      seenBy: ['metric'],
    },
  ],
}

/** `grpcs://host:port/service` as settings. */
function settingsOf(target: string, tls: GrpcSpec['tls']): Record<string, unknown> {
  const [, host, serviceName = ''] = /^[^:]+:\/\/([^/]*)\/?(.*)$/.exec(target) ?? [null, target]
  return { target: host, serviceName, tls }
}

async function check(spec: GrpcSpec, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const { target, expect, serviceName: service } = spec
  const started = clock.now()
  let inspection: Inspection | null = null
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
    values: { ...inspection?.values, ...values },
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
  })
  const connection = await openConnection(target.host, target.port, spec.family, signal)
  if (hasFailed(connection)) return observed('down', connection.failed, connection.summary)
  const { address } = connection
  let { socket } = connection
  const secure = spec.tls === 'require'
  const name = expect.name ?? target.host
  try {
    if (secure) {
      const handshake = await shakeHands(socket, { servername: name, alpn: ['h2'] }, signal)
      if (hasFailed(handshake)) return observed('down', handshake.failed, handshake.summary)
      socket = handshake.socket
      const inspected = await inspectCertificate(handshake, { ...expect, name }, context)
      if (hasFailed(inspected)) return observed('unknown', inspected.failed, inspected.summary)
      inspection = inspected
      if (inspected.verdict === 'down')
        return observed('down', inspected.reason, inspected.summary, { address })
      if (handshake.socket.alpnProtocol !== 'h2')
        return observed('down', 'grpc.no-http2', 'the server speaks TLS, but not HTTP/2 over it', { address })
    }
    const authority = endpointText(name, target.port)
    const asked = await askHealth(socket, { authority, service, headers: spec.headers, secure }, signal)
    if (hasFailed(asked)) return observed('down', asked.failed, asked.summary, { address })
    const tookMs = clock.now() - started
    const values = { address, status: asked.status }
    if (expect.maxLatency !== undefined && tookMs > expect.maxLatency) {
      const limit = formatDuration(expect.maxLatency)
      return observed(
        'degraded',
        'grpc.slow',
        `answered in ${formatDuration(tookMs)}, allowed is ${limit}`,
        values,
      )
    }
    if (inspection?.verdict === 'degraded')
      return observed('degraded', inspection.reason, inspection.summary, values)
    const which = service === '' ? 'the server' : service
    return observed('up', 'ok', `${which} serves, answered in ${formatDuration(tookMs)}`, values)
  } finally {
    socket.destroy()
    connection.socket.destroy()
  }
}
