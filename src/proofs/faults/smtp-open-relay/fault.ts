import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The mail server relays for everybody. */
export const fault: Fault = {
  name: 'smtp-open-relay',
  title: 'The mail server relays for everybody',
  description:
    'A change of its configuration lets it take mail for any address, which spammers find within hours.',
  breaks: ['smtp'],
  failureClass: 'mail.open-relay',
  remedy: 'Set `envelope.to` to an address elsewhere, with `recipient: refused`.',
  applies: (expects) => (expects.healthy as { recipient?: string } | undefined)?.recipient === 'refused',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'open-relay' }),
}
