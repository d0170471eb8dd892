import { endpointText } from '../../net/connect.ts'
import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { NODE_REASONS } from '../../trust/nodes.rules.ts'
import { STARTTLS_NAMES, type StartTlsProtocolName } from '../../trust/starttls/protocols.ts'
import { STARTTLS_REASONS } from '../../trust/starttls/start-tls.ts'
import { withoutScheme } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { checkStartTls } from './check-starttls.ts'
import { portOf, type StartTlsSpec, startTlsSchema } from './spec.ts'

export type { StartTlsSpec } from './spec.ts'

const scheme = (protocol: StartTlsProtocolName, port?: number) => (target: string) => {
  const at = withoutScheme(target)
  return { protocol, target: port !== undefined && !/:\d+$/.test(at) ? `${at}:${port}` : at }
}

/** Certificates behind a dialog in plain text. */
export const starttls: MonitorKind<StartTlsSpec> = {
  kind: 'starttls',
  title: 'STARTTLS certificate',
  description:
    'Speaks the beginning of SMTP, LMTP, IMAP, POP3, ManageSieve, FTP, NNTP, LDAP, PostgreSQL, MySQL or XMPP, goes ' +
    'over to TLS on the same connection and judges the certificate. It logs in nowhere.',
  schema: startTlsSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...STARTTLS_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    ...NODE_REASONS,
    'tls.ca-unreadable',
  ],
  cost: 'network',
  target: (spec) => `${spec.protocol} at ${endpointText(spec.target.host, portOf(spec))}`,
  check: checkStartTls,
  typedAs: [
    'starttls+smtp://HOST',
    'starttls+imap://HOST',
    'starttls+ldap://HOST',
    'starttls+postgres://HOST',
  ],
  schemes: {
    ...Object.fromEntries(STARTTLS_NAMES.map((name) => [`starttls+${name}`, scheme(name)])),
    'starttls+postgresql': scheme('postgres'),
    'starttls+mariadb': scheme('mysql'),
    'starttls+submission': scheme('smtp', 587),
  },
  speaksTls: () => true,
  byAddress: {
    endpoint: (spec) => ({ host: spec.target.host, port: portOf(spec) }),
    pointAt: (spec, target) => ({
      ...spec,
      target,
      everyAddress: false,
      expect: { ...spec.expect, name: spec.expect.name ?? spec.target.host },
    }),
  },
  cannotSee: [
    {
      failureClass: 'service.broken',
      why: 'It stops after the handshake: whether mail is taken is seen by smtp, whether a query is answered by sql.',
      seenBy: ['smtp', 'sql'],
    },
    {
      failureClass: 'starttls.stripped',
      why: 'It sees that the offer is missing on its own way to the server; on the way of others it is seen from a place there.',
      seenBy: ['place', 'starttls'],
    },
    {
      failureClass: 'latency',
      why: 'It has no limit but the timeout: slow answers are seen by smtp and sql, which have one.',
      seenBy: ['smtp', 'sql'],
    },
  ],
}
