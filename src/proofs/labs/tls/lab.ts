import { createServer as createTlsServer } from 'node:tls'
import type { TlsSpec } from '../../../monitors/index.ts'
import {
  certificateExpectation,
  nodesExpectation,
  nodesOf,
  renewalExpectation,
  shorten,
  trustChanges,
  trusting,
} from '../copy-spec.ts'
import { greeter } from '../greeter.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'

/** A server that presents its certificate and says no more. */
export const lab: LabProtocol<TlsSpec> = {
  kind: 'tls',
  aim: aimTls,
  server: ({ expects }, identity) => createTlsServer(identity ?? {}, greeter(expects.banner)),
}

function aimTls(spec: TlsSpec): Aim {
  const name = spec.expect.name ?? spec.target.host
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  return {
    expects: {
      speaks: 'tls',
      secure: true,
      name,
      ...certificateExpectation(spec.expect),
      ...renewalExpectation(spec.expect),
      ...nodesExpectation(spec),
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      latencyMs: null,
      timeoutMs,
    },
    changes: [...changes, ...trustChanges(spec.expect)],
    at: (fault, lab): TlsSpec => ({
      ...spec,
      target: { host: fault.host, port: fault.port },
      everyAddress: nodesOf(spec, fault),
      expect: { ...trusting(spec.expect, lab, fault), name },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}
