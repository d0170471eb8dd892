import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** As in May 2020: a cross-signed certificate is still sent after the root that signed it has ended. */
export const fault: Fault = {
  name: 'certificate-cross-sign-expired',
  title: 'Cross-signed certificate expired',
  description:
    'The server still sends a cross-signed certificate whose root ended yesterday: new clients go to a root of ' +
    'their own, old ones follow what was sent and break.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.chain',
  remedy:
    'Name the old clients that must be able to connect: `clients: [modern, openssl-1.0]`, or a store of theirs with `legacy: true`.',
  applies: (expects) => expects.secure,
  demanded: (expects) => (expects.clients ?? 0) > 0,
  start({ clock, lab, expects }) {
    const certificate = lab.good!
    const chainPem = [certificate.chainPem, lab.twin.certificatePem].join('\n')
    return startLabServer({ clock, expects, certificate, chainPem })
  },
}
