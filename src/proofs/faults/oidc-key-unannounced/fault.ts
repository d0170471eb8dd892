import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Verifiers keep keys for a while, and do not know the new one. */
export const fault: Fault = {
  name: 'oidc-key-unannounced',
  title: 'Signs with a key that nobody could know',
  description:
    'A new key is published and signs in the same moment: verifiers that keep keys refuse its tokens.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy: 'Set `expect.announce` to how long verifiers keep keys, and give the monitor a `client`.',
  applies: () => true,
  demanded: (expects) => (expects.healthy as { announce?: number }).announce !== undefined,
  async start({ clock, lab, expects }) {
    const running = await startLabServer({ clock, expects, certificate: lab.good, twist: 'key-unannounced' })
    return { ...running, input: { laterMs: 0 } }
  },
}
