import { LATER } from '../../labs/oidc/lab.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Tokens of other clients live longer than those of the check. */
export const fault: Fault = {
  name: 'oidc-key-vanished-late',
  title: 'Takes a key away before tokens end',
  description: 'The old key is gone after a while, and tokens that live longer than that are refused.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy: 'Set `expect.tokenLifetime` to how long the longest tokens live.',
  applies: () => true,
  demanded: (expects) => ((expects.healthy as { tokenLifetime?: number }).tokenLifetime ?? 0) > LATER,
  async start({ clock, lab, expects }) {
    const running = await startLabServer({
      clock,
      expects,
      certificate: lab.good,
      twist: 'key-vanished-late',
    })
    return { ...running, input: { laterMs: LATER } }
  },
}
