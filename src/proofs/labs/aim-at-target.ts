import type { Millis } from '../../kit/clock.ts'
import type { Expectation } from '../faults/fault.ts'
import {
  type CertificateSpec,
  certificateExpectation,
  nodesExpectation,
  nodesOf,
  renewalExpectation,
  shorten,
  trustChanges,
  trusting,
} from './copy-spec.ts'
import { type Aim, NO_ANSWER } from './lab-protocol.ts'

/** What a server must be to satisfy a monitor that judges its certificate, where it speaks TLS. */
export function serverExpectation(
  expect: CertificateSpec,
  server: Pick<Expectation, 'speaks' | 'secure' | 'name' | 'latencyMs' | 'timeoutMs'> & { healthy?: unknown },
): Expectation {
  return {
    ...server,
    ...certificateExpectation(expect),
    ...(server.secure && renewalExpectation(expect)),
    answer: NO_ANSWER,
    contains: [],
    banner: null,
  }
}

/** A host name as a certificate bears it: an address of the sixth version without its brackets. */
export const nameOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

interface TargetSpec {
  target: { host: string }
  timeout: Millis
  expect: CertificateSpec & { maxLatency?: Millis | undefined }
  /** Where a kind can look at all addresses of the name. */
  everyAddress?: string[] | boolean
  ownCertificates?: boolean
}

/** Aims a monitor of one target at a fault: its address, its root and its limits change, and nothing else. */
export function aimAtTarget(
  spec: TargetSpec,
  { speaks, secure, healthy }: Pick<Expectation, 'speaks' | 'secure'> & { healthy?: unknown },
): Aim {
  const { expect, target } = spec
  const name = expect.name ?? target.host
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.maxLatency ?? null)
  const nodes =
    spec.everyAddress === undefined
      ? null
      : { everyAddress: spec.everyAddress, ownCertificates: spec.ownCertificates ?? false }
  return {
    expects: {
      ...serverExpectation(expect, { speaks, secure, name, healthy, latencyMs, timeoutMs }),
      ...(nodes && nodesExpectation(nodes)),
    },
    changes: [...changes, ...(secure ? trustChanges(expect) : [])],
    at: (fault, lab) => ({
      ...spec,
      target: { host: fault.host, port: fault.port },
      ...(nodes && { everyAddress: nodesOf(nodes, fault) }),
      expect: {
        ...(secure ? trusting(expect, lab, fault) : expect),
        name,
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}
