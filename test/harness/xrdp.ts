/** A real xrdp on loopback, with the certificate and the security layer that a test wants. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  /** Puts another certificate in place; each connection reads it anew. */
  serve(certificate: Pick<XrdpOptions, 'cert' | 'key'>): void
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
  const serve: RunningXrdp['serve'] = ({ cert, key }) => {
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  }
  serve(options)
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
    serve,
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
