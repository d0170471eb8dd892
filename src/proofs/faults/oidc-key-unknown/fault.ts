import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A rotation that published the new key nowhere. */
export const fault: Fault = {
  name: 'oidc-key-unknown',
  title: 'Signs with a key that is not published',
  description: 'Tokens carry the name of a key that is not among those published: no consumer accepts them.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy:
    'Give the monitor a `client`: only with a token of its own can it see by which key tokens are signed.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'key-unknown' }),
}
