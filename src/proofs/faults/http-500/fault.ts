import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The application is broken behind a server that still answers. */
export const fault: Fault = {
  name: 'http-500',
  title: 'Answers with status 500',
  description: 'The server is there and sends the expected page, but says that it failed.',
  breaks: ['http', 'journey'],
  failureClass: 'http.error',
  remedy: 'Set `expect.status` to the status that a healthy service answers with.',
  // Where 500 is what the monitor wants, it is no fault.
  applies: (expects) => expects.answer.status !== 500,
  start({ clock, lab, expects }) {
    const answer = { ...expects.answer, status: 500 }
    return startLabServer({ clock, expects, certificate: lab.good, answer })
  },
}
