/** A real xrdp on loopback, with the certificate and the security layer that a test wants. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './needs.ts'
import { freePort, portAnswers } from './ports.ts'

export interface XrdpOptions {
  /** Leaf and intermediates, PEM. */
  cert: string
  key: string
  /** `negotiate` takes what the client offers, `rdp` speaks no TLS. */
  security?: 'negotiate' | 'tls' | 'rdp'
  protocols?: string
  /** An address of loopback, for several nodes with one port. */
  host?: string
  port?: number
}

export interface RunningXrdp {
  port: number
  pid: number
  /** Puts another certificate in place; each connection reads it anew, and none sees half of the change. */
  serve(certificate: Pick<XrdpOptions, 'cert' | 'key'>): Promise<void>
  /** SIGSTOP and SIGCONT, to the listener. */
  freeze(): void
  thaw(): void
  log(): string
  stop(): Promise<void>
}

/** Starts xrdp in the foreground of a child process. There is no session manager behind it: nobody logs in. */
export async function startXrdp(options: XrdpOptions): Promise<RunningXrdp> {
  const program = programOf('xrdp')
  if (!program) throw new Error('xrdp is not installed; see docs/developing.md')
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-xrdp-'))
  const { host = '127.0.0.1', port = await freePort() } = options
  const write = ({ cert, key }: Pick<XrdpOptions, 'cert' | 'key'>) => {
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  }
  write(options)
  writeFileSync(
    join(folder, 'xrdp.ini'),
    `[Globals]
ini_version=1
fork=true
port=tcp://${host}:${port}
security_layer=${options.security ?? 'negotiate'}
crypt_level=high
certificate=${folder}/cert.pem
key_file=${folder}/key.pem
ssl_protocols=${options.protocols ?? 'TLSv1.2, TLSv1.3'}
[Logging]
LogFile=${folder}/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Channels]
rdpdr=false
[Xorg]
name=Xorg
lib=libxup.so
`,
  )
  const child: ChildProcess = spawn(program, ['--nodaemon', '--config', join(folder, 'xrdp.ini')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000)
    })
  for (let tries = 0; !(await portAnswers(port, host)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`xrdp did not start: ${said}`)
    await sleep(25)
  }
  return {
    port,
    pid: child.pid!,
    async serve(certificate) {
      // xrdp opens the two files one after the other, in a child for each connection: with the listener stopped and no
      // child left, nobody reads the certificate of before with the key of after. Whoever calls meanwhile waits.
      child.kill('SIGSTOP')
      try {
        for (let tries = 0; childrenOf(child.pid!) > 0; tries++) {
          if (tries > 400)
            throw new Error('a connection to xrdp stays open; its certificate cannot be changed')
          await sleep(5)
        }
        write(certificate)
      } finally {
        child.kill('SIGCONT')
      }
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    log: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT')
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How many processes it began that still run; those that ended and wait to be reaped do not count. */
function childrenOf(pid: number): number {
  return readdirSync('/proc').filter((name) => {
    try {
      // proc(5): "pid (name) state parent …", and a name may hold anything.
      const [state, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return Number(parent) === pid && state !== 'Z'
    } catch {
      return false
    }
  }).length
}
