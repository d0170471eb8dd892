import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The old key goes with the moment in which the new one comes. */
export const fault: Fault = {
  name: 'oidc-key-vanished',
  title: 'Takes a key away too soon',
  description:
    'The signing key was exchanged, and the old one is gone at once: every token that lives is refused.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy: 'Every OpenID Connect monitor should see this; look at the observation.',
  applies: () => true,
  async start({ clock, lab, expects }) {
    const running = await startLabServer({ clock, expects, certificate: lab.good, twist: 'key-vanished' })
    return { ...running, input: { laterMs: 0 } }
  },
}
