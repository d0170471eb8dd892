import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The host is off, or the way to it is. */
export const fault: Fault = {
  name: 'icmp-no-answer',
  title: 'Answers no ping',
  description: 'Every packet is lost: the host is off, or there is no way to it.',
  breaks: ['icmp'],
  failureClass: 'host.down',
  remedy: 'Every ping should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'no-answer' }),
}
