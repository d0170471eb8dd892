import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countUnresolved } from '../alerts/index.ts'
import { createSetupLink, ensureAdminToken } from '../catalog/index.ts'
import { channels } from '../channels/index.ts'
import {
  BadConfiguration,
  type ConfigurationReading,
  type RunningServer,
  type ServeOptions,
} from '../cli/index.ts'
import { lastSeq } from '../engine/facts.ts'
import { type RunningEngine, runEngine } from '../engine/runner.ts'
import { systemActor } from '../engine/world.ts'
import { createHttpServer } from '../http/index.ts'
import { systemClock } from '../kit/clock.ts'
import { newId } from '../kit/ids.ts'
import { openLog } from '../kit/log.ts'
import {
  askNameServers,
  checkMonitor,
  keepPoolAgent,
  nameServersOf,
  scheduleFigures,
} from '../monitors/index.ts'
import { holdDirectory } from '../store/hold-directory.ts'
import { openStore } from '../store/open-store.ts'
import { composeTocsin } from './compose.ts'
import { type Canary, keepCanary } from './keep-canary.ts'
import { configurationFile, readConfigurationFile, summarize, warningsOf } from './read-configuration-file.ts'
import { composeReplica } from './replica.ts'
import { tellWatcherLost } from './tell-watcher-lost.ts'
import { VERSION } from './version.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

const WEB = fileURLToPath(new URL('../../build/web', import.meta.url))

/** Starts the whole Tocsin: store, configuration, engine, front desk. Answers once it accepts requests. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host, port, dataDirectory, databaseUrl } = options
  const log = openLog(process.env.TOCSIN_LOG_LEVEL ?? 'warn')
  const file = configurationFile(options.configFile, dataDirectory)
  const nameServers = nameServersOf(process.env)
  if (nameServers) askNameServers(nameServers)
  const first = readConfigurationFile(file)
  if (!first.ok) throw new BadConfiguration(file ?? '', first.problems)
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  // On PostgreSQL several may run: there each timer, delivery and check is claimed one by one.
  const letGo = options.runEngine && !databaseUrl ? holdDirectory(dataDirectory) : () => {}
  const store = await openStore({ directory: dataDirectory, databaseUrl, now: systemClock.now() })
  const publicDirectory = join(dataDirectory, 'public')
  const urlOn = (heard: number) =>
    first.value.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${heard}`
  const tocsin = composeTocsin({
    clock: systemClock,
    store,
    log,
    instance: `${hostname()}-${process.pid}-${newId(systemClock.now()).slice(-6)}`,
    publicUrl: urlOn(port),
    network: { check: checkMonitor, channels },
    publicDirectory,
    composeReplica,
    retention: first.value.retention,
  })
  const { world } = tocsin
  if (options.adminToken) await ensureAdminToken(world, options.adminToken)
  await tocsin.apply(first.value)
  const startedAt = systemClock.now()
  let engine: RunningEngine | null = null
  let watchdog: Watchdog | null = null
  let canary: Canary | null = null
  const poolAgent = keepPoolAgent(world)
  const app = createHttpServer({
    world,
    version: VERSION,
    publicDirectory,
    webDirectory: WEB,
    publicMetrics: options.publicMetrics,
    engineStatus: () => ({
      running: engine !== null,
      startedAt,
      lastTurns: engine?.lastTurns() ?? {},
      configured: tocsin.configured(),
    }),
    life: () => watchdog?.board ?? null,
    canary: () => canary?.figures() ?? null,
    proposer: tocsin.proposer,
  })
  await app.listen({ host, port })
  // What was decided before the start is told from its first moment.
  const agentProblem = await poolAgent.follow(first.value.pools)
  const address = app.server.address() as AddressInfo
  // Port 0 is a port of the system's choice, known only now; no link has left yet.
  world.publicUrl = urlOn(address.port)
  if (options.runEngine) {
    await tocsin.start()
    const running = runEngine(world, tocsin.engine)
    engine = running
    watchdog = startWatchdog({
      instance: world.instance,
      config: first.value,
      env: process.env,
      log,
      watcherLost: (origin, lost) => void tellWatcherLost(world, origin, lost),
      async figures() {
        const figures = scheduleFigures(world)
        return {
          lastTurns: running.lastTurns(),
          done: figures?.checksStored ?? 0,
          expected: figures?.checksExpected ?? 0,
          cursor: await lastSeq(store.read),
          alertsOpen: await countUnresolved(store.read),
        }
      },
    })
    watchdog.ready()
    canary = keepCanary(world, first.value.canary)
  }
  const setup = await createSetupLink(world, systemActor('cli'))
  // As it was asked for: who started us looks for this very line.
  const shown = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shown}:${address.port}`,
    setupLink: setup?.url ?? null,
    notices: [...warningsOf(first.value), ...(agentProblem ? [agentProblem] : [])].map(
      (warning) => `note: ${warning}`,
    ),
    async reload(): Promise<ConfigurationReading> {
      const next = readConfigurationFile(file)
      if (!next.ok) return { ...next, file: file ?? '' }
      await tocsin.apply(next.value)
      await watchdog?.follow(next.value)
      canary?.follow(next.value.canary)
      const problem = await poolAgent.follow(next.value.pools)
      const warnings = [...warningsOf(next.value), ...(problem ? [problem] : [])]
      return { ok: true, summary: summarize(next.value), warnings }
    },
    async stop() {
      // First the doors, then the engine, then the store: nothing is accepted that could not be kept.
      await Promise.all([watchdog?.stop(), canary?.stop()])
      await poolAgent.close()
      app.server.closeIdleConnections()
      const closed = app.close()
      await engine?.stop()
      await closed
      await store.close()
      letGo()
    },
  }
}
