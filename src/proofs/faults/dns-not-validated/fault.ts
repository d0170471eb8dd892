import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The resolver stopped to validate, or the zone is signed no more. */
export const fault: Fault = {
  name: 'dns-not-validated',
  title: 'Answers that nobody validated',
  description:
    'The answer comes without the sign that it was validated: signatures are gone, or the resolver looks away.',
  breaks: ['dns'],
  failureClass: 'dns.signatures',
  remedy: 'Set `expect.validated` on monitors that ask a validating resolver.',
  applies: () => true,
  demanded: (expects) => healthy(expects).validated === true,
  start: ({ clock, expects }) =>
    startLabServer({ clock, expects, certificate: null, twist: 'not-validated' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { validated?: boolean }
