import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A default page, a maintenance page, somebody else's site. */
export const fault: Fault = {
  name: 'journey-wrong-page',
  title: 'Another page than the right one',
  description: 'Every address answers well, with the welcome page of a server that nobody has configured.',
  breaks: ['journey'],
  failureClass: 'http.content',
  remedy: 'Add a step `expect` with a `text` or a `visible` element that only the right page has.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-page' }),
}
