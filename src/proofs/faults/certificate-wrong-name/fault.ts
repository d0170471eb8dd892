import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** A certificate, but not this service's. */
export const fault: Fault = {
  name: 'certificate-wrong-name',
  title: 'Certificate of another name',
  description:
    'A valid certificate of a trusted issuer, made for another host: a rebuilt node, a wrong vhost.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.identity',
  remedy: 'Set `expect.name` (and remove `accept: any`) so that the certificate must carry the right name.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    // `.invalid` can be nobody's real name (RFC 2606).
    const leaf = { ...goodLeaf(expects, lab.now), names: ['another-host.invalid'] }
    return startLabServer({ clock, expects, certificate: await lab.expected.issue(leaf) })
  },
}
