import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A page that is put together well except for one part. */
export const fault: Fault = {
  name: 'http-unwanted-text',
  title: 'The right page, with an error in it',
  description:
    'Everything that must be there is there, and among it stands a text that must not be: an error of one part.',
  breaks: ['http'],
  failureClass: 'http.content',
  remedy: 'Set `expect.notContains` (or `expect.notMatches`) to what only a broken page contains.',
  applies: () => true,
  demanded: (expects) => healthy(expects).unwanted !== null,
  start({ clock, lab, expects }) {
    const body = `${expects.answer.body}\n${healthy(expects).unwanted ?? 'Internal error'}\n`
    return startLabServer({ clock, expects, certificate: lab.good, answer: { ...expects.answer, body } })
  },
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { unwanted?: string | null }
