import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Something on the page is broken, and the way of the journey does not lead over it. */
export const fault: Fault = {
  name: 'journey-script-error',
  title: 'A script of the page breaks',
  description: 'Every step can be done, and an error in a script of the page is caught by nobody.',
  breaks: ['journey'],
  failureClass: 'browser.script',
  remedy: 'Set `expect.noScriptErrors: true`, or let the journey use what the script is for.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'script-error' }),
}
