import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** 200 OK and JSON, without anything that matters in it. */
export const fault: Fault = {
  name: 'http-wrong-json',
  title: 'Answers well, with other JSON',
  description: 'The expected status and headers with a JSON document that has none of the values.',
  breaks: ['http'],
  failureClass: 'http.content',
  remedy: 'Set `expect.json` to the values that a healthy answer has: a path, and what must stand there.',
  applies: (expects) => expects.speaks === 'http',
  // Where no values are asked for, the wrong page is the fault to play.
  demanded: (expects) => (expects.healthy as { json?: boolean } | undefined)?.json === true,
  start({ clock, lab, expects }) {
    const answer = { ...expects.answer, body: '{"error":"the back end did not answer"}' }
    return startLabServer({ clock, expects, certificate: lab.good, answer })
  },
}
