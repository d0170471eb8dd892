import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The leaf alone: browsers may fill the gap from a cache, other clients break. */
export const fault: Fault = {
  name: 'certificate-chain-incomplete',
  title: 'Intermediate certificate not sent',
  description: 'The server sends its own certificate alone; clients that do not know the intermediate break.',
  breaks: 'any',
  failureClass: 'certificate.chain',
  remedy: 'Let the monitor verify the chain: remove `accept: any`.',
  applies: (expects) => expects.secure,
  start({ clock, lab, expects }) {
    const certificate = lab.good!
    return startLabServer({ clock, expects, certificate, chainPem: certificate.certificatePem })
  },
}
