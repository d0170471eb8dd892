import { z } from 'zod'
import { endpointText, openConnection } from '../../net/connect.ts'
import { hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { targetByAddress } from '../by-address.ts'
import { familyField, hostPortField, timeoutField, withoutScheme } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { converse } from './converse.ts'

const schema = z.strictObject({
  target: hostPortField('Target', 'The endpoint to connect to: host:port.'),
  send: z.string().max(10_000).optional().meta({
    title: 'Send',
    description: 'Text to send once connected; write \\r\\n where the protocol wants it.',
  }),
  expect: z
    .strictObject({
      contains: z
        .string()
        .min(1)
        .optional()
        .meta({ title: 'Contains', description: 'Text that must arrive before the timeout.' }),
    })
    .prefault({})
    .meta({ title: 'Expect', description: 'What the other side must say.' }),
  timeout: timeoutField,
  family: familyField,
})
export type TcpSpec = z.output<typeof schema>

/** Connections, with an optional exchange of text. */
export const tcp: MonitorKind<TcpSpec> = {
  kind: 'tcp',
  title: 'TCP port',
  description:
    'Opens a connection and, when asked, sends text and waits for an answer. Without an expected answer it sees ' +
    'only that the kernel accepts: a frozen program still looks up.',
  schema,
  reasons: ['ok', ...NETWORK_REASONS, 'no-answer', 'answer-unexpected', 'connection-lost'],
  cost: 'network',
  target: (spec) => endpointText(spec.target.host, spec.target.port),
  check,
  typedAs: ['tcp://HOST:PORT'],
  schemes: { tcp: (target) => ({ target: withoutScheme(target) }) },
  byAddress: targetByAddress({ named: false }),
  cannotSee: [
    {
      failureClass: 'certificate',
      why: 'It speaks no TLS: the kinds tls, starttls and http judge certificates.',
      seenBy: ['tls', 'starttls', 'http'],
    },
    {
      failureClass: 'service.broken',
      why: 'A port that accepts says little of the service behind it: http, smtp, sql and the like speak its protocol.',
      seenBy: ['http', 'smtp', 'sql', 'dns'],
    },
    {
      failureClass: 'latency',
      why: 'It has no limit but the timeout: slow answers are seen by kinds that speak the protocol.',
      seenBy: ['http', 'smtp', 'sql'],
    },
  ],
}

async function check(spec: TcpSpec, { clock, signal }: CheckContext): Promise<Observation> {
  const started = clock.now()
  const result = (verdict: 'up' | 'down', reason: string, summary: string, values = {}): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values,
  })
  const connection = await openConnection(spec.target.host, spec.target.port, spec.family, signal)
  if (hasFailed(connection)) return result('down', connection.failed, connection.summary)
  const { address, socket } = connection
  try {
    if (spec.send === undefined && spec.expect.contains === undefined)
      return result('up', 'ok', `${address} accepts connections`, { address })
    const answer = await converse(socket, spec.send, spec.expect.contains, signal)
    if (hasFailed(answer)) return result('down', answer.failed, answer.summary, { address })
    return result('up', 'ok', 'the expected answer arrived', { address, bytes: answer.bytes })
  } finally {
    socket.destroy()
  }
}
