import { startDatagramTarpit } from '../datagrams.ts'
import type { Fault } from '../fault.ts'
import { startTarpit } from '../lab-server.ts'

/** The kernel accepts; the process behind it is frozen. */
export const fault: Fault = {
  name: 'tarpit',
  title: 'Accepts and never answers',
  description: 'The kernel completes the connection, and the frozen process behind it never says a word.',
  breaks: 'any',
  failureClass: 'service.frozen',
  remedy:
    'Use a monitor that waits for an answer (tls, http), not for a connection; of a tcp monitor set `expect.contains`.',
  applies: () => true,
  start: ({ expects }) => (expects.datagrams ? startDatagramTarpit() : startTarpit()),
}
