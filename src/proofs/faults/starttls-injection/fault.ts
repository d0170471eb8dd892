import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Somebody on the way puts words between the agreement on TLS and TLS itself. */
export const fault: Fault = {
  name: 'starttls-injection',
  title: 'Words injected before TLS',
  description:
    'More bytes than the answer come in the open after TLS was agreed on; careless clients take them for the server.',
  breaks: ['starttls', 'smtp'],
  failureClass: 'tls.injection',
  remedy: 'Let the monitor go over to TLS itself: set `security: starttls`.',
  applies: (expects) =>
    expects.speaks === 'starttls' ||
    (expects.healthy as { security?: string } | undefined)?.security === 'starttls',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'injection' }),
}
