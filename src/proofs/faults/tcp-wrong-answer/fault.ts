import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Another program has taken the port. */
export const fault: Fault = {
  name: 'tcp-wrong-answer',
  title: 'Says something else',
  description: 'The port accepts and answers, and what it says is not what this service says.',
  breaks: ['tcp'],
  failureClass: 'service.broken',
  remedy: 'Set `expect.contains` to what only this service says.',
  applies: () => true,
  demanded: (expects) => expects.banner !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-answer' }),
}
