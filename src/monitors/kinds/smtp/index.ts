import { endpointText } from '../../net/connect.ts'
import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { targetByAddress } from '../by-address.ts'
import { withoutScheme } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { checkSmtp } from './check-smtp.ts'
import { ENVELOPE_REASONS } from './envelope.ts'
import { type SmtpSpec, smtpSchema } from './spec.ts'

export type { SmtpSpec } from './spec.ts'

/** Mail servers, asked as a sender would ask them. */
export const smtp: MonitorKind<SmtpSpec> = {
  kind: 'smtp',
  title: 'Mail server',
  description:
    'Speaks SMTP as a sender would: banner, greeting, TLS with its certificate and, when asked, whether mail for an ' +
    'address would be taken. It sends no mail: what happens to one afterwards it cannot see.',
  schema: smtpSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    'smtp.service-refused',
    'smtp.malformed',
    'smtp.too-long',
    'smtp.hung',
    'smtp.closed',
    'smtp.banner-unexpected',
    'smtp.extension-missing',
    'starttls.not-offered',
    'starttls.refused',
    'starttls.injection',
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    ...ENVELOPE_REASONS,
    'slow',
  ],
  cost: 'network',
  target: (spec) => endpointText(spec.target.host, spec.target.port),
  check: checkSmtp,
  typedAs: ['smtp://HOST[:25]', 'smtps://HOST[:465]'],
  schemes: {
    smtp: (target) => ({ target: withoutScheme(target) }),
    smtps: (target) => {
      const at = withoutScheme(target)
      return { security: 'tls', target: /:\d+$/.test(at) ? at : `${at}:465` }
    },
  },
  speaksTls: () => true,
  byAddress: targetByAddress({ named: true }),
  cannotSee: [
    {
      failureClass: 'mail.undelivered',
      why: 'It stops before the mail: what is lost behind the server is seen by a heartbeat that a test mail feeds.',
      seenBy: ['heartbeat'],
    },
    {
      failureClass: 'mail.queued',
      why: 'Mail that waits in the queue of the server is seen by the length of the queue.',
      seenBy: ['metric'],
    },
  ],
}
