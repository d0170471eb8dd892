/** A real HAProxy on loopback, with its runtime socket. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './needs.ts'
import { freePort, portAnswers } from './ports.ts'

export interface HaproxyNode {
  name: string
  host: string
  port: number
  /** What follows on the server's line, such as `check agent-check …`. */
  options: string
}

/** One row of `show stat`, by the names of its columns. */
export type ServerStat = Record<string, string>

export interface RunningHaproxy {
  port: number
  pid: number
  /** Says a command at the runtime socket. */
  say(command: string): Promise<string>
  /** The servers of the pool by name, as HAProxy believes them to be. */
  servers(): Promise<Map<string, ServerStat>>
  /** `ts01=UP ts02=DRAIN …`, in one line. */
  shown(): Promise<string>
  stop(): Promise<void>
}

/** Starts HAProxy in the foreground of a child process: one TCP front, one backend `pool` of these nodes. */
export async function startHaproxy(nodes: HaproxyNode[], more = ''): Promise<RunningHaproxy> {
  const program = programOf('haproxy')
  if (!program) throw new Error('haproxy is not installed; see docs/developing.md')
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-haproxy-'))
  const port = await freePort()
  const socket = join(folder, 'run.sock')
  const file = join(folder, 'haproxy.cfg')
  const servers = nodes.map((node) => `  server ${node.name} ${node.host}:${node.port} ${node.options}`)
  writeFileSync(
    file,
    `global
  stats socket ${socket} mode 600 level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:${port}
  default_backend pool
backend pool
  balance roundrobin
${more}
${servers.join('\n')}
`,
  )
  const child: ChildProcess = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000)
    })
  // It gives its socket the name last.
  for (let tries = 0; !(existsSync(socket) && (await portAnswers(port))); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`haproxy did not start: ${said}`)
    await sleep(25)
  }
  const say = (command: string) =>
    new Promise<string>((resolve, reject) => {
      let heard = ''
      const runtime = connect(socket, () => runtime.write(`${command}\n`))
      runtime.on('data', (chunk) => {
        heard += chunk
      })
      runtime.once('error', reject)
      runtime.once('close', () => resolve(heard))
    })
  const statistics = async () => {
    const [head, ...lines] = (await say('show stat')).replace(/^# /, '').trim().split('\n')
    const names = head!.split(',')
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])),
    )
    const own = rows.filter((row) => row.pxname === 'pool' && row.svname !== 'BACKEND')
    return new Map(own.map((row): [string, ServerStat] => [row.svname!, row]))
  }
  return {
    port,
    pid: child.pid!,
    say,
    servers: statistics,
    shown: async () =>
      [...(await statistics())]
        .map(([name, { status }]) => `${name}=${status!.replace(' (agent)', '')}`)
        .join(' '),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
