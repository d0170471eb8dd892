import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The exporter, the label or the whole target was renamed or is gone. */
export const fault: Fault = {
  name: 'metric-gone',
  title: 'Is not measured any more',
  description: 'There was a value, and now there is none at all.',
  breaks: ['metric'],
  failureClass: 'watcher.silent',
  remedy: 'Leave `absent` at `down`: a query that finds nothing says nothing.',
  applies: (expects) => expects.speaks === 'metric',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'gone' }),
}
