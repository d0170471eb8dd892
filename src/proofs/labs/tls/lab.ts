import { createServer as createTlsServer } from 'node:tls'
import type { TlsSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import { greeter } from '../greeter.ts'
import type { LabProtocol } from '../lab-protocol.ts'

/** A server that presents its certificate and says no more. */
export const lab: LabProtocol<TlsSpec> = {
  kind: 'tls',
  aim: (spec) => aimAtTarget(spec, { speaks: 'tls', secure: true }),
  server: ({ expects }, identity) => createTlsServer(identity ?? {}, greeter(expects.banner)),
}
