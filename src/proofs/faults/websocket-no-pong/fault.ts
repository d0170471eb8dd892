import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The gateway holds the connection; nobody is behind it. */
export const fault: Fault = {
  name: 'websocket-no-pong',
  title: 'Never answers a ping',
  description:
    'The upgrade and the messages come, and a ping is never answered: such connections are cut by every proxy.',
  breaks: ['websocket'],
  failureClass: 'service.frozen',
  remedy: 'Leave `ping` on.',
  applies: () => true,
  demanded: (expects) => healthy(expects).ping === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'no-pong' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { ping?: boolean }
