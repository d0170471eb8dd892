import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The program runs on without its work. */
export const fault: Fault = {
  name: 'log-wanted-missing',
  title: 'The wanted line stays away',
  description: 'Lines go on being written, and the one that says that the work was done stays away.',
  breaks: ['log'],
  failureClass: 'log.silent',
  remedy: 'Set `wanted` to the line that must come again and again, with `silentAfter`.',
  applies: () => true,
  demanded: (expects) => healthy(expects).wanted === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wanted-missing' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { wanted?: boolean }
