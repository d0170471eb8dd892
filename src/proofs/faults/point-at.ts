import type { Millis } from '../../kit/clock.ts'
import { DAY, formatDuration, SECOND } from '../../kit/duration.ts'
import type { HttpSpec, TcpSpec, TlsSpec } from '../../monitors/index.ts'
import type { Expectation, HttpAnswer, RunningFault } from './fault.ts'
import type { Lab } from './lab.ts'

/** What a monitor wants to see, and how to make a copy of it that looks at a fault instead. */
export interface Aim {
  expects: Expectation
  /** How the copy differs from the monitor, one sentence each, for the evidence. */
  changes: string[]
  /** The copied spec, pointed at a running fault. */
  at(fault: RunningFault, lab: Lab): unknown
}

// A drill waits out each timeout, so it is shortened; never lengthened.
const LONGEST_TIMEOUT = 2 * SECOND
// A shorter limit would measure this machine instead of the fault.
const SHORTEST_LATENCY = 250

const NO_ANSWER: HttpAnswer = { status: 200, headers: {}, body: '' }

/** Reads a monitor's spec; null for kinds that do not look at an address, such as heartbeats. */
export function takeAim(kind: string, spec: unknown, sample?: string): Aim | null {
  if (kind === 'tls') return aimTls(spec as TlsSpec)
  if (kind === 'http') return aimHttp(spec as HttpSpec, sample)
  if (kind === 'tcp') return aimTcp(spec as TcpSpec, sample)
  return null
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
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      latencyMs: null,
      timeoutMs,
    },
    changes: [...changes, ...trustChanges(spec.expect)],
    at: ({ host, port }, lab): TlsSpec => ({
      ...spec,
      target: { host, port },
      expect: { ...trusting(spec.expect, lab), name },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

function aimHttp(spec: HttpSpec, sample?: string): Aim {
  const url = new URL(spec.url)
  const secure = url.protocol === 'https:'
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, spec.expect.maxLatency ?? null)
  return {
    expects: {
      speaks: 'http',
      secure,
      name: spec.expect.name ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...certificateExpectation(spec.expect),
      answer: satisfying(spec.expect, sample),
      contains: spec.expect.contains,
      banner: null,
      latencyMs,
      timeoutMs,
    },
    changes: [...changes, ...(secure ? trustChanges(spec.expect) : [])],
    at: ({ host, port }, lab): HttpSpec => ({
      ...spec,
      connectTo: { host, port },
      expect: {
        ...(secure ? trusting(spec.expect, lab) : spec.expect),
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
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

type CertificateSpec = TlsSpec['expect']

function certificateExpectation(expect: CertificateSpec): Pick<Expectation, 'issuer' | 'warnMs'> {
  // A renewal counts as overdue one day after it was due.
  const warnMs = Math.max(expect.warn, (expect.renewBefore ?? 0) - DAY)
  return { issuer: expect.issuer ?? null, warnMs: expect.accept === 'any' ? 0 : warnMs }
}

/** The same demands, with the lab's root for the monitor's and the lab's certificate for a pinned one. */
function trusting<E extends CertificateSpec>(expect: E, lab: Lab): E {
  return {
    ...expect,
    ca: lab.trustPem,
    ...(expect.fingerprint && { fingerprint: lab.good!.fingerprint.replaceAll(':', '') }),
  }
}

function trustChanges(expect: CertificateSpec): string[] {
  if (expect.accept === 'any') return []
  return [
    ...(expect.verifyChain ? ['It trusts the root of this drill instead of its own.'] : []),
    ...(expect.fingerprint ? ['It is pinned to the certificate of the healthy control.'] : []),
  ]
}

// These describe the transport; the server writes them itself.
const TRANSPORT_HEADERS = /^(content-length|transfer-encoding|connection|upgrade|trailer)$/i

/** An answer made from the monitor's own demands: status, headers, and the texts of the body. */
function satisfying(expect: HttpSpec['expect'], sample?: string): HttpAnswer {
  const fits = (status: number) => expect.status.some(([from, to]) => status >= from && status <= to)
  const headers = Object.entries(expect.headers).filter(([name]) => !TRANSPORT_HEADERS.test(name))
  return {
    status: fits(200) ? 200 : expect.status[0]![0],
    headers: { 'content-type': 'text/plain; charset=utf-8', ...lowerCased(headers) },
    body: sample ?? [...expect.contains, ''].join('\n'),
  }
}

function lowerCased(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}

function shorten(timeout: Millis, latency: Millis | null) {
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
