import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The connection stands, and no request is ever answered. */
export const fault: Fault = {
  name: 'sip-silent',
  title: 'Takes requests and never answers',
  description: 'Connections are accepted, over TLS too, and what is asked on them is never answered.',
  breaks: ['sip'],
  failureClass: 'service.frozen',
  remedy: 'Every monitor of the kind sip should see this; a tcp monitor does not: replace it by one.',
  applies: (expects) => expects.speaks === 'sip',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'silent' }),
}
