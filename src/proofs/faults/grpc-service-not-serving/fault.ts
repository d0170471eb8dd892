import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** One service of several on a server that is well. */
export const fault: Fault = {
  name: 'grpc-service-not-serving',
  title: 'Serves, but not this service',
  description: 'The server as a whole says that it serves, and the named service says that it does not.',
  breaks: ['grpc'],
  failureClass: 'service.down',
  remedy: 'Set `serviceName` to the service that must serve: the server as a whole may be well without it.',
  applies: () => true,
  demanded: (expects) => healthy(expects).service !== '',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'service-not-serving' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { service?: string }
