import { DAY } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'
import { HOST } from '../listen.ts'

// The whole of 127.0.0.0/8 is this machine.
const SECOND_NODE = '127.0.0.2'

/** The renewal reached the first node, and the roll-out stopped there. */
export const fault: Fault = {
  name: 'certificate-nodes-differ',
  title: 'Renewed on one node only',
  description: 'One address of the name serves the new certificate, another one still the old.',
  breaks: ['tls', 'http', 'starttls'],
  failureClass: 'certificate.not-reloaded',
  remedy:
    'Set `everyAddress`, so that all addresses of the name are looked at, and leave `ownCertificates` off.',
  applies: (expects) => expects.secure,
  demanded: (expects) => expects.nodes === true,
  async start({ clock, lab, expects }) {
    const leaf = goodLeaf(expects, lab.now)
    const old = await lab.expected.issue({ ...leaf, notBefore: leaf.notBefore - 30 * DAY })
    const first = await startLabServer({ clock, expects, certificate: lab.good })
    const at = { host: SECOND_NODE, port: first.port }
    const second = await startLabServer({ clock, expects, certificate: old, at })
    return {
      ...first,
      input: { addresses: [HOST, SECOND_NODE] },
      stop: async () => void (await Promise.all([first.stop(), second.stop()])),
    }
  },
}
