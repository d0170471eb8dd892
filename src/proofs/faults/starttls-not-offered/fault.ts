import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The offer of TLS is gone, and clients that do not insist go on in the open. */
export const fault: Fault = {
  name: 'starttls-not-offered',
  title: 'STARTTLS not offered',
  description:
    'The server works and offers no TLS any more: passwords travel in the open, and nobody notices.',
  breaks: ['starttls', 'smtp'],
  failureClass: 'tls.missing',
  remedy: 'Let the monitor insist on TLS: set `security: starttls`.',
  applies: (expects) =>
    expects.speaks === 'starttls' ||
    (expects.healthy as { security?: string } | undefined)?.security === 'starttls',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'not-offered' }),
}
