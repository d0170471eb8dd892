import { createServer } from 'node:http'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'
import { listen } from '../listen.ts'

/** The leaf alone: browsers may fill the gap, other clients break. */
export const fault: Fault = {
  name: 'certificate-chain-incomplete',
  title: 'Intermediate certificate not sent',
  description:
    'The server sends its own certificate alone, which says where the intermediate can be had: browsers fetch it, other clients break.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.chain',
  remedy: 'Let the monitor verify the chain as it was sent: remove `accept: any` and `aia: true`.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    const issuers = createServer((_request, response) => response.end(lab.expected.certificatePem))
    const beside = await listen(issuers)
    const issuerAt = `http://${beside.host}:${beside.port}/issuer.pem`
    // A pinned certificate stays the one that it is.
    const certificate = expects.pinned
      ? lab.good!
      : await lab.expected.issue({ ...goodLeaf(expects, lab.now), issuerAt })
    const running = await startLabServer({
      clock,
      expects,
      certificate,
      chainPem: certificate.certificatePem,
    })
    return { ...running, stop: async () => void (await Promise.all([running.stop(), beside.stop()])) }
  },
}
