import type { Millis } from '../../kit/clock.ts'
import { DAY, formatDuration, SECOND } from '../../kit/duration.ts'
import type { TlsSpec } from '../../monitors/index.ts'
import type { Expectation } from '../faults/fault.ts'
import type { Lab } from '../faults/lab.ts'

// A drill waits out each timeout, so it is shortened; never lengthened.
const LONGEST_TIMEOUT = 2 * SECOND
// A shorter limit would measure this machine instead of the fault.
const SHORTEST_LATENCY = 250

export type CertificateSpec = TlsSpec['expect']

/** What a server must present to a monitor with these expectations of certificates. */
export function certificateExpectation(expect: CertificateSpec): Pick<Expectation, 'issuer' | 'warnMs'> {
  // A renewal counts as overdue one day after it was due.
  const warnMs = Math.max(expect.warn, (expect.renewBefore ?? 0) - DAY)
  return { issuer: expect.issuer ?? null, warnMs: expect.accept === 'any' ? 0 : warnMs }
}

/** The same demands, with the lab's root for the monitor's and the lab's certificate for a pinned one. */
export function trusting<E extends CertificateSpec>(expect: E, lab: Lab): E {
  return {
    ...expect,
    ca: lab.trustPem,
    ...(expect.fingerprint && { fingerprint: lab.good!.fingerprint.replaceAll(':', '') }),
  }
}

/** How trust in the copy differs from that in the monitor, for the evidence. */
export function trustChanges(expect: CertificateSpec): string[] {
  if (expect.accept === 'any') return []
  return [
    ...(expect.verifyChain ? ['It trusts the root of this drill instead of its own.'] : []),
    ...(expect.fingerprint ? ['It is pinned to the certificate of the healthy control.'] : []),
  ]
}

/** A drill's shorter timeout and latency limit, in the same proportion, with what changed in words. */
export function shorten(timeout: Millis, latency: Millis | null) {
  const wanted = Math.min(1, LONGEST_TIMEOUT / timeout)
  const floor = latency === null ? 0 : Math.min(1, SHORTEST_LATENCY / latency)
  const factor = Math.max(wanted, floor)
  const timeoutMs = Math.ceil(timeout * factor)
  const latencyMs = latency === null ? null : Math.ceil(latency * factor)
  const changes = ['It connects to a server on this machine instead of its target.']
  if (timeoutMs < timeout)
    changes.push(`Its timeout of ${formatDuration(timeout)} is shortened to ${formatDuration(timeoutMs)}.`)
  if (latency !== null && latencyMs! < latency)
    changes.push(
      `Its latency limit of ${formatDuration(latency)} is shortened to ${formatDuration(latencyMs!)} with it.`,
    )
  return { timeoutMs, latencyMs, changes }
}
