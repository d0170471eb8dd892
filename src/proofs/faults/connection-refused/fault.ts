import { startDatagramRefusal } from '../datagrams.ts'
import type { Fault } from '../fault.ts'
import { startRefusal } from '../lab-server.ts'

/** Nothing listens. */
export const fault: Fault = {
  name: 'connection-refused',
  title: 'Refuses the connection',
  description: 'The machine is up and nothing listens on the port.',
  breaks: 'any',
  failureClass: 'service.down',
  remedy: 'Every monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ expects }) => (expects.datagrams ? startDatagramRefusal() : startRefusal()),
}
