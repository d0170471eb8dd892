import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A new version writes ERROR where the old one wrote error. */
export const fault: Fault = {
  name: 'log-other-case',
  title: 'The pattern in other letters',
  description: 'The lines come, in capital letters where there were small ones, since an upgrade.',
  breaks: ['log'],
  failureClass: 'log.pattern',
  remedy: 'Set `ignoreCase`.',
  applies: (expects) => healthy(expects).otherCase !== null,
  demanded: (expects) => healthy(expects).ignoreCase === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'other-case' }),
}

const healthy = ({ healthy: given }: Expectation) =>
  (given ?? {}) as { ignoreCase?: boolean; otherCase?: string | null }
