import { endpointText } from '../../net/connect.ts'
import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import type { MonitorKind } from '../kind.ts'
import { checkSip } from './check-sip.ts'
import { ANSWER_REASONS } from './judge-sip.rules.ts'
import { domainOf, portOf, type SipSpec, settingsOfAddress, sipSchema } from './spec.ts'

export type { SipSpec } from './spec.ts'

/** SIP servers and registrars. */
export const sip: MonitorKind<SipSpec> = {
  kind: 'sip',
  title: 'SIP telephony',
  description:
    'Asks a SIP server for its options, or registers like a phone, with digest log-in, looks for its own binding ' +
    'and takes it back; over UDP, TCP or TLS. It makes no call.',
  schema: sipSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    'sip.no-answer',
    'sip.connection-lost',
    'sip.malformed',
    'sip.challenge-unsupported',
    ...ANSWER_REASONS,
  ],
  cost: 'network',
  target: (spec) => `${endpointText(spec.target.host, portOf(spec))}/${spec.transport}`,
  check: checkSip,
  typedAs: ['sip://[USER@]HOST[:5060][;transport=udp|tcp|tls]'],
  schemes: { sip: settingsOfAddress, sips: settingsOfAddress },
  speaksTls: (target) => settingsOfAddress(target).transport === 'tls',
  byAddress: {
    endpoint: (spec) => ({ host: spec.target.host, port: portOf(spec) }),
    pointAt: (spec, target) => ({ ...spec, target, domain: domainOf(spec) }),
  },
  cannotSee: [
    {
      failureClass: 'call.failed',
      why: 'It makes no call: media, gateways and call routing may be broken behind a registrar that works; a job that makes a test call feeds a heartbeat.',
      seenBy: ['heartbeat'],
    },
    {
      failureClass: 'registrar.broken',
      why: 'With the method options it sees only that the server answers; with register it signs in like a phone.',
      seenBy: ['sip'],
    },
  ],
}
