import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The address of the ping was pasted into a chat. */
export const fault: Fault = {
  name: 'job-previewed',
  title: 'A link preview pings for a dead job',
  description: 'The job does not run any more, and a chat program fetches its ping address for a preview.',
  breaks: ['heartbeat'],
  failureClass: 'job.silent',
  remedy: 'Set `postOnly`, and let the job ping by POST: programs that look at links do not.',
  applies: () => true,
  demanded: (expects) => healthy(expects).postOnly === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'previewed' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { postOnly?: boolean }
