import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A roll-back to a version that speaks the old one. */
export const fault: Fault = {
  name: 'websocket-wrong-protocol',
  title: 'Chooses another subprotocol',
  description: 'Of the subprotocols offered the server chooses another than the one that clients speak.',
  breaks: ['websocket'],
  failureClass: 'service.broken',
  remedy: 'Set `expect.protocol` to the subprotocol that the server must choose.',
  applies: () => true,
  demanded: (expects) => healthy(expects).protocol !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-protocol' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { protocol?: string | null }
