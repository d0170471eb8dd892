import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The rows are there, and they are wrong. */
export const fault: Fault = {
  name: 'sql-wrong-value',
  title: 'Answers with another value',
  description: 'The query works, and finds another value and one row more.',
  breaks: ['sql'],
  failureClass: 'data.wrong',
  remedy: 'Set `query`, and `expect.value`, `min`, `max` or the number of rows.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-value' }),
}
