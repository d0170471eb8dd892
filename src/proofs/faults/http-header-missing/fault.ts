import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A security header lost in a change of the proxy. */
export const fault: Fault = {
  name: 'http-header-missing',
  title: 'Answers without a header',
  description:
    'The page is right, and headers that must be there are gone: a proxy was replaced, a rule was lost.',
  breaks: ['http'],
  failureClass: 'http.content',
  remedy: 'Set `expect.headers` to the headers that must be there.',
  applies: () => true,
  demanded: (expects) => Object.keys(healthy(expects).headers ?? {}).length > 0,
  start({ clock, lab, expects }) {
    const answer = { ...expects.answer, headers: {} }
    return startLabServer({ clock, expects, certificate: lab.good, answer })
  },
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { headers?: object }
