import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The mail server turns everybody away. */
export const fault: Fault = {
  name: 'smtp-turned-away',
  title: 'The mail server turns everybody away',
  description: 'It is too busy, or its disk is full: the port answers, and the first thing it says is no.',
  breaks: ['smtp'],
  failureClass: 'mail.refusing',
  remedy: 'Use a monitor of kind smtp, which reads the banner.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'turned-away' }),
}
