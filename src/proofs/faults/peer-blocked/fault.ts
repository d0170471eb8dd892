import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The other Tocsin lives, but only its watchdog speaks: its event loop does not move. */
export const fault: Fault = {
  name: 'peer-blocked',
  title: 'A watched Tocsin whose event loop is blocked',
  description: 'The other Tocsin lives, but only its watchdog speaks: its event loop does not move.',
  breaks: ['peer'],
  failureClass: 'watcher.silent',
  remedy: 'Set `stalled` on the `peer` monitor, shorter than three minutes.',
  applies: (expects) => expects.speaks === 'peer',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'blocked' }),
}
