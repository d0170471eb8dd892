import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A node that was left out when TLS 1.3 was switched on. */
export const fault: Fault = {
  name: 'tls-behind',
  title: 'Speaks no TLS newer than 1.2',
  description: 'The certificate is right, and the server has fallen back to TLS 1.2 where 1.3 is the rule.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'tls.outdated',
  remedy: 'Set `expect.minVersion` to TLSv1.3.',
  applies: (expects) => expects.secure,
  demanded: (expects) => expects.oldest === 'TLSv1.3',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, newest: 'TLSv1.2' }),
}
