/** Terminal servers behind a load balancer that asks Tocsin: real xrdp nodes, a real HAProxy, a real Tocsin. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Minted, mint, mintRoot } from '../../src/monitors/trust/mint-for-tests.ts'
import { type RunningHaproxy, startHaproxy } from './haproxy.ts'
import { freePort } from './ports.ts'
import { type RunningTocsin, startTocsin } from './tocsin.ts'
import { type RunningXrdp, startXrdp } from './xrdp.ts'

/** The name that their certificate must bear. */
export const TERMINAL_SERVERS = 'ts.example.org'

export interface TerminalServers {
  folder: string
  /** The roots that Tocsin trusts for them. */
  caFile: string
  root: Minted
  /** The certificate that each of them is to serve. */
  right: Minted
  /** At which each of them listens, on a host of its own. */
  port: number
  /** At which HAProxy asks Tocsin. */
  agentPort: number
  /** `ts01`, `ts02` … */
  names: string[]
  /** The nodes by their place; a test may put another in the place of one. */
  nodes: RunningXrdp[]
  haproxy: RunningHaproxy
  /** A test may put another in its place, with the same configuration. */
  tocsin: RunningTocsin
  config: string
  close(): Promise<void>
}

/** Starts one node on each host, all of them well, Tocsin with a pool `ts` of them, and HAProxy in front. */
export async function openTerminalServers(options: {
  hosts: readonly string[]
  /** The setting `drain` of the pool. */
  drain: string
  /** How often HAProxy looks at each node by itself. */
  inter: string
}): Promise<TerminalServers> {
  const { hosts, drain, inter } = options
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-terminal-servers-'))
  const caFile = join(folder, 'ca.pem')
  const names = hosts.map((_, i) => `ts0${i + 1}`)
  const root = await mintRoot()
  const right = await mint({ name: `CN=${TERMINAL_SERVERS}`, names: [TERMINAL_SERVERS], by: root })
  writeFileSync(caFile, root.cert)
  const port = await freePort()
  const agentPort = await freePort()
  const nodes = await Promise.all(
    hosts.map((host) => startXrdp({ host, port, cert: right.cert, key: right.key })),
  )
  const config = `
teams: { desktops: { members: [] } }
services: { ts: { name: Terminal servers, owner: desktops } }
pools: { agent: { listen: "127.0.0.1:${agentPort}" } }
monitors:
  ts:
    service: ts
    type: pool
    every: 1s
    check: { type: rdp, expect: { name: ${TERMINAL_SERVERS}, ca: ${caFile} }, timeout: 3s }
    members:
${hosts.map((host, i) => `      - { name: ${names[i]}, address: "${host}:${port}" }`).join('\n')}
    drain: ${drain}
`
  const tocsin = await startTocsin({ config, folder })
  const haproxy = await startHaproxy(
    hosts.map((host, i) => ({
      name: names[i]!,
      host,
      port,
      options: `check inter ${inter} agent-check agent-addr 127.0.0.1 agent-port ${agentPort} agent-inter 500ms agent-send "ts/${names[i]}\\n"`,
    })),
  )
  const servers: TerminalServers = {
    ...{ folder, caFile, root, right, port, agentPort, names, nodes, haproxy, tocsin, config },
    async close() {
      await haproxy.stop()
      await servers.tocsin.stop()
      for (const node of servers.nodes) await node.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return servers
}
