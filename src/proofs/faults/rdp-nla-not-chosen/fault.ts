import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Network level authentication was switched off to help one user. */
export const fault: Fault = {
  name: 'rdp-nla-not-chosen',
  title: 'Lets strangers see the log-in screen',
  description:
    'The terminal server chooses TLS without network level authentication: anybody reaches its log-in screen.',
  breaks: ['rdp'],
  failureClass: 'access.open',
  remedy: 'Set `expect.nla`.',
  applies: () => true,
  demanded: (expects) => healthy(expects).nla === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'no-nla' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { nla?: boolean }
