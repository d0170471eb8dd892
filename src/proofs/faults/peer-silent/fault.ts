import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The other Tocsin sends nothing any more. */
export const fault: Fault = {
  name: 'peer-silent',
  title: 'A watched Tocsin that is dead or frozen',
  description: 'The other Tocsin sends nothing any more.',
  breaks: ['peer'],
  failureClass: 'watcher.silent',
  remedy: 'Set `silence` on the `peer` monitor to what you can bear not to know: 60s.',
  applies: (expects) => expects.speaks === 'peer',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'silent' }),
}
