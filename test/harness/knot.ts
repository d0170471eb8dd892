/** A real Knot DNS on loopback with one zone, whose records can be changed under it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './needs.ts'
import { freePort, portAnswers } from './ports.ts'

export interface RunningKnot {
  port: number
  pid: number
  /** Puts other records, or another serial number, in place and reloads. */
  serve(zone: { serial: number; records: string }): void
  /** SIGSTOP and SIGCONT. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** Starts knotd for one zone on 127.0.0.1, over UDP and TCP. */
export async function startKnot(
  zone: string,
  content: { serial: number; records: string },
): Promise<RunningKnot> {
  const program = programOf('knot')
  if (!program) throw new Error('knotd is not installed; see docs/developing.md')
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-knot-'))
  const port = await freePort()
  for (const sub of ['run', 'db']) mkdirSync(join(folder, sub))
  writeFileSync(
    join(folder, 'knot.conf'),
    `server:
    rundir: ${folder}/run
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: ${folder}/db
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
  - domain: ${zone}
    file: ${folder}/zone
`,
  )
  const place = ({ serial, records }: { serial: number; records: string }) =>
    writeFileSync(
      join(folder, 'zone'),
      `$ORIGIN ${zone}.
$TTL 300
@ SOA ns1 hostmaster ( ${serial} 3600 600 86400 60 )
@ NS ns1
ns1 A 127.0.0.1
${records}
`,
    )
  place(content)
  const child: ChildProcess = spawn(program, ['-c', join(folder, 'knot.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-10_000)
  })
  for (let tries = 0; !(await portAnswers(port)); tries++) {
    if (child.exitCode !== null || tries > 400) throw new Error(`knotd did not start: ${said}`)
    await sleep(25)
  }
  return {
    port,
    pid: child.pid!,
    serve(next) {
      place(next)
      child.kill('SIGHUP')
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
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
