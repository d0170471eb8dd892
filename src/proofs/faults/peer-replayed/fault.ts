import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The other Tocsin is dead, and somebody posts what it sent before. */
export const fault: Fault = {
  name: 'peer-replayed',
  title: 'A dead Tocsin whose signs of life are played again',
  description: 'The other Tocsin is dead, and somebody posts what it sent before.',
  breaks: ['peer'],
  failureClass: 'watcher.silent',
  remedy: 'Set `silence` on the `peer` monitor: what is played again is refused, and the silence is noticed.',
  applies: (expects) => expects.speaks === 'peer',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'replayed' }),
}
