/** HTTPS checks from socket to stored verdict at 1,000 a second, beside Prometheus with its blackbox_exporter. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, portAnswers } from '../test/harness/ports.ts'
import { startTocsin } from '../test/harness/tocsin.ts'
import { FARM_NAME, type Farm, farmConfiguration, startFarm } from './farm.ts'
import { print } from './figure.ts'
import { cpuSeconds, residentMb } from './process.ts'

const TARGETS = Number(process.env.TOCSIN_BENCH_MONITORS ?? 1_000)
const WARM_UP_SECONDS = 15
const WATCHED_SECONDS = 40

interface Measured {
  checks: number
  cpuSeconds: number
  residentMb: number
}

/** Counts what the farm was asked, and what it cost these processes. */
async function watch(farm: Farm, pids: number[]): Promise<Measured> {
  const sum = (read: (pid: number) => number) => pids.reduce((total, pid) => total + read(pid), 0)
  await sleep(WARM_UP_SECONDS * 1_000)
  await farm.hits()
  const before = sum(cpuSeconds)
  await sleep(WATCHED_SECONDS * 1_000)
  const used = sum(cpuSeconds) - before
  const resident = sum(residentMb)
  const checks = [...(await farm.hits()).values()].reduce((total, at) => total + at.length, 0)
  // What was asked while the log was waited for is in the count as well.
  return {
    checks: (checks * WATCHED_SECONDS) / (WATCHED_SECONDS + 1.2),
    cpuSeconds: used,
    residentMb: resident,
  }
}

async function ours(farm: Farm): Promise<Measured> {
  const tocsin = await startTocsin({ config: farmConfiguration(farm, TARGETS, '1s'), launcher: true })
  try {
    return await watch(farm, [tocsin.pid])
  } finally {
    await tocsin.stop()
  }
}

const PEERS = ['prometheus', 'prometheus-blackbox-exporter', 'prometheus-alertmanager'].map(
  (name) => `/usr/bin/${name}`,
)

async function theirs(farm: Farm): Promise<Measured | null> {
  if (!PEERS.every((program) => existsSync(program))) return null
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-peers-'))
  const [prometheus, blackbox, alertmanager] = [await freePort(), await freePort(), await freePort()]
  const targets = Array.from({ length: TARGETS }, (_, i) => `"${farm.url(i)}"`)
  writeFileSync(
    join(folder, 'blackbox.yml'),
    `modules: { https: { prober: http, timeout: 10s, http: { tls_config: { ca_file: ${farm.caFile}, server_name: ${FARM_NAME} } } } }\n`,
  )
  writeFileSync(join(folder, 'alertmanager.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n')
  writeFileSync(
    join(folder, 'rules.yml'),
    'groups: [{ name: g, interval: 1s, rules: [{ alert: Down, expr: probe_success == 0, for: 2s }] }]\n',
  )
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [${folder}/rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:${alertmanager}"] }] }] }
scrape_configs:
  - job_name: farm
    metrics_path: /probe
    params: { module: [https] }
    static_configs: [{ targets: [${targets.join(',')}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: "127.0.0.1:${blackbox}" }
`,
  )
  const run = (program: string, ...args: string[]): ChildProcess => spawn(program, args, { stdio: 'ignore' })
  const children = [
    run(PEERS[1]!, `--config.file=${folder}/blackbox.yml`, `--web.listen-address=127.0.0.1:${blackbox}`),
    run(
      PEERS[2]!,
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/am`,
      `--web.listen-address=127.0.0.1:${alertmanager}`,
      '--cluster.listen-address=',
    ),
    run(
      PEERS[0]!,
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/tsdb`,
      `--web.listen-address=127.0.0.1:${prometheus}`,
    ),
  ]
  try {
    for (const port of [prometheus, blackbox, alertmanager])
      while (!(await portAnswers(port))) await sleep(50)
    return await watch(
      farm,
      children.map((child) => child.pid!),
    )
  } finally {
    for (const child of children) {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

const farm = await startFarm()
try {
  const own = await ours(farm)
  const peers = await theirs(farm)
  const perThousand = ({ cpuSeconds, checks }: Measured) => (cpuSeconds / checks) * 1_000
  const rate = ({ checks }: Measured) => Math.round(checks / WATCHED_SECONDS)
  const name = 'Prometheus, blackbox_exporter and Alertmanager'
  print({
    name: 'processor time for 1,000 HTTPS checks, socket to stored verdict',
    value: perThousand(own),
    unit: 's',
    ...(peers && {
      against: { name, value: perThousand(peers), unit: 's' },
      ratio: perThousand(own) / perThousand(peers),
    }),
    bar: '< 0.9 s',
    context: { targets: TARGETS, checksPerSecond: rate(own), peersPerSecond: peers && rate(peers) },
  })
  print({
    name: `resident memory with ${TARGETS} monitors at 1 s`,
    value: own.residentMb,
    unit: 'MB',
    ...(peers && {
      against: { name, value: peers.residentMb, unit: 'MB' },
      ratio: own.residentMb / peers.residentMb,
    }),
    bar: '< 150 MB',
  })
} finally {
  await farm.stop()
}
