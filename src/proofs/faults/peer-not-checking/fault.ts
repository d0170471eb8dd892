import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The other Tocsin sends its signs of life and stores no check, although many are due. */
export const fault: Fault = {
  name: 'peer-not-checking',
  title: 'A watched Tocsin that lives and checks nothing',
  description: 'The other Tocsin sends its signs of life and stores no check, although many are due.',
  breaks: ['peer'],
  failureClass: 'watcher.silent',
  remedy: 'Set `stalled` on the `peer` monitor, shorter than three minutes.',
  applies: (expects) => expects.speaks === 'peer',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'not-checking' }),
}
