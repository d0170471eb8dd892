/** A real Prometheus on loopback, scraping what a test serves. */
import { daemonFolder, type RunningDaemon, startDaemon } from './daemon.ts'
import { freePort } from './ports.ts'

export interface PrometheusOptions {
  /** Addresses that are scraped each second: `127.0.0.1:9100`. */
  targets: string[]
  /** Where everything is sent on, with a bearer token. */
  remoteWrite?: { url: string; token: string }
}

export interface RunningPrometheus extends RunningDaemon {
  url: string
  /** What an instant query gives, as it was sent. */
  query(promql: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>
}

export async function startPrometheus({
  targets,
  remoteWrite,
}: PrometheusOptions): Promise<RunningPrometheus> {
  const folder = daemonFolder('prometheus')
  const port = await freePort()
  const config = folder.write(
    'prometheus.yml',
    `global: { scrape_interval: 1s, scrape_timeout: 900ms }
scrape_configs:
  - job_name: service
    static_configs: [{ targets: [${targets.map((target) => JSON.stringify(target)).join(', ')}] }]
${
  remoteWrite
    ? `remote_write:
  - url: ${remoteWrite.url}
    authorization: { type: Bearer, credentials: ${remoteWrite.token} }
    queue_config: { batch_send_deadline: 500ms, min_backoff: 100ms, max_backoff: 1s }
    metadata_config: { send: false }
`
    : ''
}`,
  )
  const daemon = await startDaemon(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder.makeFolder('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    [port],
    folder,
  )
  const url = `http://127.0.0.1:${port}`
  // It listens before it has read what it stores.
  for (let tries = 0; tries < 400 && !(await fetch(`${url}/-/ready`)).ok; tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  return {
    ...daemon,
    url,
    async query(promql) {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`)
      const { data } = (await answer.json()) as { data: { result: never[] } }
      return data.result
    },
  }
}
