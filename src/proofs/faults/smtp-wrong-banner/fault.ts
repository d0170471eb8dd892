import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A default installation, or a scanner that took the port. */
export const fault: Fault = {
  name: 'smtp-wrong-banner',
  title: 'Another mail server answers',
  description: 'What greets is a mail server, and not the one that belongs here.',
  breaks: ['smtp'],
  failureClass: 'mail.identity',
  remedy: 'Set `expect.banner` to a text of the greeting that only this server has.',
  applies: () => true,
  demanded: (expects) => healthy(expects).ownBanner === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-banner' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { ownBanner?: boolean }
