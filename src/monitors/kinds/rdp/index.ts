import { z } from 'zod'
import { endpointText, openConnection } from '../../net/connect.ts'
import { hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { certificateExpectations } from '../../trust/expectations.ts'
import { HANDSHAKE_REASONS, shakeHands } from '../../trust/handshake.ts'
import { inspectCertificate } from '../../trust/inspect-certificate.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { targetByAddress } from '../by-address.ts'
import { familyField, hostPortField, timeoutField, withoutScheme } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { unconfiguredNode } from './name-node.rules.ts'
import { DIALOG_REASONS, negotiate } from './negotiate.ts'
import { NEGOTIATION_REASONS, negotiationProblem } from './x224.rules.ts'

const schema = z.strictObject({
  target: hostPortField('Target', 'The terminal server: host:port, port 3389 when left out.', 3389),
  user: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'up to 64 printable characters without blanks are expected')
    .optional()
    .meta({
      title: 'User',
      description:
        'Sent as the cookie mstshash, by which some load balancers choose a node. No log-in follows.',
    }),
  expect: z
    .strictObject({
      ...certificateExpectations,
      nla: z.boolean().default(false).meta({
        title: 'Network level authentication',
        description:
          'Whether the server must choose it, so that nobody reaches a log-in screen unauthenticated.',
      }),
    })
    .prefault({})
    .meta({ title: 'Expect', description: 'What the served certificate, and the security chosen, must be.' }),
  timeout: timeoutField,
  family: familyField,
})
export type RdpSpec = z.output<typeof schema>

/** Terminal servers, known by their certificate. */
export const rdp: MonitorKind<RdpSpec> = {
  kind: 'rdp',
  title: 'Remote Desktop',
  description:
    'Negotiates TLS as a Remote Desktop client does and judges the certificate: a node that was rebuilt and never ' +
    'configured answers like any other, with a certificate that it made up. Nobody logs in.',
  schema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...DIALOG_REASONS,
    ...NEGOTIATION_REASONS,
    'rdp.nla-not-chosen',
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
  ],
  cost: 'network',
  target: (spec) => endpointText(spec.target.host, spec.target.port),
  check,
  typedAs: ['rdp://HOST[:3389]'],
  schemes: { rdp: (target) => ({ target: withoutScheme(target) }) },
  speaksTls: () => true,
  byAddress: targetByAddress({ named: true }),
  cannotSee: [
    {
      failureClass: 'login.refused',
      why: 'It stops before the log-in: a node that rejects users although its certificate is right is seen by nobody but them, or by a heartbeat of a job that logs in.',
      seenBy: ['heartbeat'],
    },
    {
      failureClass: 'latency',
      why: 'It has no limit but the timeout: a log-in that has become slow is seen by a heartbeat of a job that logs in.',
      seenBy: ['heartbeat'],
    },
  ],
}

async function check(spec: RdpSpec, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const started = clock.now()
  const failed = (
    reason: string,
    summary: string,
    values: Observation['values'] = {},
    verdict: 'down' | 'unknown' = 'down',
  ): Observation => ({ verdict, reason, summary, tookMs: clock.now() - started, values })
  const connection = await openConnection(spec.target.host, spec.target.port, spec.family, signal)
  if (hasFailed(connection)) return failed(connection.failed, connection.summary)
  const { socket, address } = connection
  try {
    const confirm = await negotiate(socket, spec.user, signal)
    if (hasFailed(confirm)) return failed(confirm.failed, confirm.summary, { address })
    const problem = negotiationProblem(confirm)
    if (problem || confirm.says !== 'agreed') {
      const { reason, summary } = problem!
      return failed(reason, summary, { address, ...('code' in confirm && { failureCode: confirm.code }) })
    }
    const security = confirm.protocol
    const name = spec.expect.name ?? spec.target.host
    const handshake = await shakeHands(socket, { servername: name }, signal)
    if (hasFailed(handshake)) return failed(handshake.failed, handshake.summary, { address, security })
    handshake.socket.destroy()
    const inspection = await inspectCertificate(handshake, { ...spec.expect, name }, context)
    if (hasFailed(inspection)) return failed(inspection.failed, inspection.summary, { address }, 'unknown')
    const { certificate } = inspection
    const machine = unconfiguredNode(certificate)
    const wrong = inspection.verdict === 'down'
    const values = {
      ...inspection.values,
      address,
      security,
      // Whoever pins or trusts a self-signed certificate has configured it.
      ...(machine !== null && (wrong || spec.expect.accept === 'any') && { unconfiguredNode: machine }),
    }
    const { memory } = inspection
    const told = { tookMs: clock.now() - started, values, certificate, ...(memory && { memory }) }
    if (spec.expect.nla && security === 'tls' && !wrong) {
      const summary = 'the server chose TLS without network level authentication'
      return { verdict: 'down', reason: 'rdp.nla-not-chosen', summary, ...told }
    }
    const { verdict, reason, summary } = inspection
    if (!wrong || machine === null) return { verdict, reason, summary, ...told }
    const stranger =
      machine.toLowerCase() === name.toLowerCase() ? ' and no authority vouches for' : `, not that of ${name}`
    const node = `unconfigured node: it serves a certificate that the machine "${machine}" made up for itself${stranger}`
    return { verdict, reason, summary: reason === SELF_SIGNED ? node : `${node}; ${summary}`, ...told }
  } finally {
    socket.destroy()
  }
}

const SELF_SIGNED = 'certificate.self-signed'
