import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Mail for a known person is refused. */
export const fault: Fault = {
  name: 'smtp-recipient-refused',
  title: 'Mail for a known person is refused',
  description: 'The directory of recipients is gone or empty, so that every mail is sent back.',
  breaks: ['smtp'],
  failureClass: 'mail.refusing',
  remedy: 'Set `envelope.to` to an address that must be taken.',
  applies: (expects) => (expects.healthy as { recipient?: string } | undefined)?.recipient === 'accepted',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'recipient-refused' }),
}
