import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The program hangs or is gone. */
export const fault: Fault = {
  name: 'log-silent',
  title: 'The log falls silent',
  description: 'The program hangs or is gone: not a line more is written.',
  breaks: ['log'],
  failureClass: 'log.silent',
  remedy: 'Set `silentAfter`, and `wanted` where other lines go on being written.',
  applies: (expects) => expects.speaks === 'log',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'silent' }),
}
