import { createServer } from 'node:net'
import type { TcpSpec } from '../../../monitors/index.ts'
import { shorten } from '../copy-spec.ts'
import { greeter } from '../greeter.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'

const OTHER = '~\r\n'

/** A server that says its banner. */
export const lab: LabProtocol<TcpSpec> = {
  kind: 'tcp',
  aim: aimTcp,
  server: ({ expects, twist }) => createServer(greeter(twist === 'wrong-answer' ? OTHER : expects.banner)),
}

function aimTcp(spec: TcpSpec, sample?: string): Aim {
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  return {
    expects: {
      speaks: 'tcp',
      secure: false,
      name: spec.target.host,
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: sample ?? spec.expect.contains ?? null,
      latencyMs: null,
      timeoutMs,
    },
    changes,
    at: ({ host, port }): TcpSpec => ({ ...spec, target: { host, port }, timeout: timeoutMs, family: 'any' }),
  }
}
