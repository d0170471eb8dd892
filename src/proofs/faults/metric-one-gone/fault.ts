import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The sum looks well, and one node is not in it. */
export const fault: Fault = {
  name: 'metric-one-gone',
  title: 'One of several is gone',
  description: 'Of several series one stops, and the others go on.',
  breaks: ['metric'],
  failureClass: 'watcher.partial',
  remedy: 'Set `vanished`, so that a series that was there is missed.',
  applies: (expects) => expects.speaks === 'metric',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'one-gone' }),
}
