import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The last value is shown for ever: whatever measures is dead. */
export const fault: Fault = {
  name: 'metric-stale',
  title: 'Stands still',
  description: 'Values keep coming, with the time of yesterday.',
  breaks: ['metric'],
  failureClass: 'watcher.silent',
  remedy: 'Set `stale` to a few intervals of the source.',
  applies: (expects) => expects.speaks === 'metric',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'stale' }),
}
