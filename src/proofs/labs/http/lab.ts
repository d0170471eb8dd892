import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { HttpSpec } from '../../../monitors/index.ts'
import type { HttpAnswer } from '../../faults/fault.ts'
import { certificateExpectation, renewalExpectation, shorten, trustChanges, trusting } from '../copy-spec.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'
import { documentFor } from './document-for.ts'

/** A web server with one answer. */
export const lab: LabProtocol<HttpSpec> = {
  kind: 'http',
  aim: aimHttp,
  server: (_options, identity, onRequest) =>
    identity ? createHttpsServer(identity, onRequest) : createHttpServer(onRequest),
}

function aimHttp(spec: HttpSpec, sample?: string): Aim {
  const url = new URL(spec.url)
  const secure = url.protocol === 'https:'
  const { latency: percentiles, ...demands } = spec.expect
  const limits = percentiles ? [percentiles.p50, percentiles.p90, percentiles.p95, percentiles.p99] : []
  const strictest = Math.min(demands.maxLatency ?? Infinity, ...limits.map((limit) => limit ?? Infinity))
  const limit = strictest === Infinity ? null : strictest
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, limit)
  if (percentiles) changes.push('It judges the latency of one answer instead of many.')
  return {
    expects: {
      speaks: 'http',
      secure,
      name: spec.expect.name ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...certificateExpectation(spec.expect),
      ...(secure && renewalExpectation(spec.expect)),
      answer: satisfying(spec.expect, sample),
      contains: spec.expect.contains,
      healthy: { json: spec.expect.json.length > 0 },
      banner: null,
      latencyMs,
      timeoutMs,
    },
    changes: [...changes, ...(secure ? trustChanges(spec.expect) : [])],
    at: (fault, lab): HttpSpec => ({
      ...spec,
      connectTo: { host: fault.host, port: fault.port },
      everyAddress: false,
      expect: {
        ...(secure ? trusting(demands, lab, fault) : demands),
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
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
    body: sample ?? bodyFor(expect),
  }
}

/** The texts, or a document with a value at each path that a plain path reaches. */
function bodyFor({ contains, json }: HttpSpec['expect']): string {
  if (json.length === 0) return [...contains, ''].join('\n')
  return JSON.stringify(documentFor(json, contains))
}

function lowerCased(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}
