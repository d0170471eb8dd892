import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type HttpSpec, lineFor } from '../../../monitors/index.ts'
import type { HttpAnswer } from '../../faults/fault.ts'
import { nameOf } from '../aim-at-target.ts'
import {
  asPattern,
  certificateExpectation,
  nodesExpectation,
  nodesOf,
  renewalExpectation,
  shorten,
  trustChanges,
  trusting,
} from '../copy-spec.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'
import { documentFor } from './document-for.ts'

/** A web server with one answer. */
export const lab: LabProtocol<HttpSpec> = {
  kind: 'http',
  aim: aimHttp,
  answersRequests: true,
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
      name: spec.expect.name ?? nameOf(url),
      ...certificateExpectation(spec.expect),
      ...(secure && { ...renewalExpectation(spec.expect), ...nodesExpectation(spec) }),
      answer: satisfying(spec.expect, sample),
      contains: spec.expect.contains,
      healthy: {
        json: spec.expect.json.length > 0,
        headers: spec.expect.headers,
        unwanted: unwantedText(spec.expect),
      },
      banner: null,
      latencyMs,
      timeoutMs,
    },
    changes: [...changes, ...(secure ? trustChanges(spec.expect) : [])],
    at: (fault, lab): HttpSpec => ({
      ...spec,
      connectTo: { host: fault.host, port: fault.port },
      everyAddress: nodesOf(spec, fault),
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
function bodyFor({ contains, json, matches }: HttpSpec['expect']): string {
  const texts = [...contains, ...matches.flatMap((pattern) => lineFor(asPattern(pattern)) ?? [])]
  if (json.length === 0) return [...texts, ''].join('\n')
  return JSON.stringify(documentFor(json, texts))
}

/** A text that the monitor does not want to see; null where it names none, or none can be made up. */
function unwantedText({ notContains, notMatches }: HttpSpec['expect']): string | null {
  const [pattern] = notMatches
  return notContains[0] ?? (pattern === undefined ? null : lineFor(asPattern(pattern)))
}

function lowerCased(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}
