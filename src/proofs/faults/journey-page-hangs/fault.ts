import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The page is loaded, and then a script of it runs without an end. */
export const fault: Fault = {
  name: 'journey-page-hangs',
  title: 'The page freezes',
  description: 'The page is loaded and shown, and a script of it runs without an end: nothing can be used.',
  breaks: ['journey'],
  failureClass: 'browser.script',
  remedy:
    'Add a step to `steps` after the page is opened: a journey that only opens it does not see that it freezes.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'page-hangs' }),
}
