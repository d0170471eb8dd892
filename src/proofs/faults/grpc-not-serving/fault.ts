import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The server knows that it cannot serve. */
export const fault: Fault = {
  name: 'grpc-not-serving',
  title: 'Says that it does not serve',
  description: 'The health service answers, and its answer is NOT_SERVING.',
  breaks: ['grpc'],
  failureClass: 'service.down',
  remedy: 'Every gRPC monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'not-serving' }),
}
