/** What a Prometheus answers, with a past of as many hours as anybody asks for. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const HOUR = 3_600

export interface MetricServer {
  /** Monitors that ask it, as lines of the configuration. */
  monitors: string
  stop(): Promise<void>
}

/** The same instant has the same value whenever it is asked for, a little unsteady as measured values are. */
const wobble = (seconds: number) => ((Math.floor(seconds) * 2_654_435_761) % 1_000) / 1_000 - 0.5

type Course = (at: number) => number

export async function startMetricServer(): Promise<MetricServer> {
  const start = Date.now() / 1_000
  const ago = (at: number) => (start - at) / HOUR
  const spiking: Course = (at) => (ago(at) < 0.17 ? 40 : 5)
  const series: Record<string, Record<string, Course>> = {
    // 120 MB more each hour, and put back three hours ago.
    front_memory_bytes: {
      front: (at) => 1e9 + (ago(at) > 3 ? 15 - ago(at) : 3 - ago(at)) * 1.2e8 + wobble(at) * 3.2e8,
    },
    table_rows: { rows: (at) => 5_000 + wobble(at) * 40 },
    queue_oldest_seconds: { queue: (at) => Math.max(0, (6 - ago(at)) * HOUR) },
    ingest_rate: {
      'tenant-a': (at) => 20 + wobble(at),
      'tenant-b': (at) => 14 + wobble(at + 7),
      'tenant-c': (at) => 9 * (ago(at) < 0.17 ? 9 : 1) + wobble(at + 3),
    },
    search_threads: { search: (at) => spiking(at) + wobble(at) },
  }
  const server = createServer(async (request, answer) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const asked = new URLSearchParams(body)
    const [first, last, step] = asked.has('start')
      ? [Number(asked.get('start')), Number(asked.get('end')), Number(asked.get('step'))]
      : [Number(asked.get('time')), Number(asked.get('time')), 1]
    const name = asked.get('query') ?? ''
    const ranged = asked.has('start')
    const result = Object.entries(series[name] ?? {}).map(([part, course]) => {
      const values: [number, string][] = []
      for (let at = first; at <= last; at += step) values.push([at, String(course(at))])
      const metric = { __name__: name, part }
      return ranged ? { metric, values } : { metric, value: values[0] }
    })
    answer.setHeader('content-type', 'application/json')
    answer.end(
      JSON.stringify({ status: 'success', data: { resultType: ranged ? 'matrix' : 'vector', result } }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const monitor = (id: string, query: string, rules: string) =>
    `  ${id}: { service: docs, type: metric, from: prometheus, url: "${url}", query: ${query}, every: 20s, confirm: 1, ${rules} }\n`
  return {
    monitors:
      monitor(
        'front-memory',
        'front_memory_bytes',
        'unit: bytes, forecast: { limit: 2.2e9, within: 24h, window: 12h }',
      ) +
      monitor(
        'steady-rows',
        'table_rows',
        'forecast: { limit: 900000, window: 12h }, growth: { per: 1h, atMost: 1000 }',
      ) +
      monitor(
        'backlog',
        'queue_oldest_seconds',
        'backlog: { retention: 18h, warn: 13h }, above: { limit: 60000 }',
      ) +
      monitor('tenants', 'ingest_rate', 'share: { label: part, above: 0.6 }') +
      monitor('search', 'search_threads', 'above: { limit: 30, for: 5m }'),
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
