import { DAY } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** Installed before its time, or by a machine whose clock is wrong. */
export const fault: Fault = {
  name: 'certificate-not-yet-valid',
  title: 'Certificate valid only from tomorrow',
  description: 'Installed before its time, or issued by a machine whose clock runs ahead.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.not-yet-valid',
  remedy: 'Let the monitor verify the certificate: remove `accept: any`.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    const leaf = { ...goodLeaf(expects, lab.now), notBefore: lab.now + DAY }
    return startLabServer({ clock, expects, certificate: await lab.expected.issue(leaf) })
  },
}
