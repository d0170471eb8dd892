import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The gateway upgrades, and nothing behind it speaks. */
export const fault: Fault = {
  name: 'websocket-no-answer',
  title: 'Upgrades and sends nothing',
  description: 'The upgrade and the ping are answered, and no message ever comes.',
  breaks: ['websocket'],
  failureClass: 'service.frozen',
  remedy: 'Set `expect.contains` to a text of a message that must come, and `send` to what asks for it.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'no-answer' }),
}
