import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The back end is gone behind a proxy that still answers. */
export const fault: Fault = {
  name: 'websocket-upgrade-refused',
  title: 'Refuses to upgrade',
  description: 'The web server is there and answers the upgrade with status 503.',
  breaks: ['websocket'],
  failureClass: 'http.error',
  remedy: 'Every WebSocket monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'upgrade-refused' }),
}
