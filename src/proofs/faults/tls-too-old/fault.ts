import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** An appliance that nobody dares to update. */
export const fault: Fault = {
  name: 'tls-too-old',
  title: 'Speaks no TLS newer than 1.1',
  description:
    'The certificate is right, and the server speaks only versions of TLS that clients of today refuse.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'tls.outdated',
  remedy: 'Leave `expect.minVersion` at TLSv1.2 or above, and remove `accept: any`.',
  applies: (expects) => expects.secure,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, newest: 'TLSv1.1' }),
}
