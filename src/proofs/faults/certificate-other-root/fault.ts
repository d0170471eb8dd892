import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** Any of a hundred authorities can vouch for a name that only one's own should. */
export const fault: Fault = {
  name: 'certificate-other-root',
  title: 'Vouched for by a public root',
  description:
    'The right name and the right issuer text, under a root that every machine trusts, and that is not one’s own.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.chain',
  remedy: 'Set `expect.ca` to your own root: then none of the public ones counts.',
  applies: (expects) => expects.secure,
  // Who has no authority of its own gets its certificates from a public one.
  demanded: (expects) => expects.ownRoots === true,
  async start({ clock, lab, expects }) {
    return startLabServer({ clock, expects, certificate: await lab.public.issue(goodLeaf(expects, lab.now)) })
  },
}
