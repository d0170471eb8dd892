import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The probe of the place has not asked for its work for ten minutes. */
export const fault: Fault = {
  name: 'place-silent',
  title: 'A place that is cut off',
  description: 'The probe of the place has not asked for its work for ten minutes.',
  breaks: ['place'],
  failureClass: 'watcher.silent',
  remedy: 'Set `silence` on the `place` monitor to a few minutes.',
  applies: (expects) => expects.speaks === 'place',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'silent' }),
}
