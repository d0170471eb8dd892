import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The control of every drill: nothing is wrong, and the copied monitor must say so. */
export const fault: Fault = {
  name: 'healthy',
  title: 'Healthy control',
  description:
    'Gives the monitor everything it expects. If this is not seen as up, the drill proves nothing.',
  breaks: 'any',
  failureClass: 'none',
  remedy: 'Give the drill a `sample` answer that satisfies the monitor.',
  applies: () => true,
  start({ clock, lab, expects }) {
    return startLabServer({ clock, expects, certificate: lab.good })
  },
}
