/** A real Kamailio on loopback: a registrar that keeps its bindings in memory and asks for a digest log-in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './needs.ts'
import { freePort, portAnswers } from './ports.ts'

export const KAMAILIO_USER = 'probe'
export const KAMAILIO_PASSWORD = 'correct horse "battery" staple'

export interface KamailioOptions {
  domain: string
  /** Leaf and intermediates, PEM; without them no TLS is spoken. */
  cert?: string
  key?: string
  algorithm?: 'MD5' | 'SHA-256'
  /** In seconds: a nonce lives so long. */
  nonceExpires?: number
  /** Shared memory, where bindings are kept, in MB. */
  memory?: number
  /** A file that its log is written to. */
  logFile?: string
  /** Route script that comes before everything else, such as `sl_send_reply("503", "…"); exit;`. */
  before?: string
}

export interface RunningKamailio {
  /** UDP and TCP. */
  port: number
  tlsPort: number
  log(): string
  /** From now on every request is answered 503, as by a front end that ran out of memory; or no longer. */
  overload(on: boolean): Promise<void>
  /** Every process of it stops, as if the machine hung. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** Starts Kamailio in the foreground of a child process, with few processes and little memory. */
export async function startKamailio(options: KamailioOptions): Promise<RunningKamailio> {
  const program = programOf('kamailio')
  if (!program) throw new Error('kamailio is not installed; see docs/developing.md')
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-kamailio-'))
  const [port, tlsPort] = [await freePort(), await freePort()]
  const secure = options.cert !== undefined && options.key !== undefined
  if (secure) {
    writeFileSync(join(folder, 'cert.pem'), options.cert!)
    writeFileSync(join(folder, 'key.pem'), options.key!, { mode: 0o600 })
    writeFileSync(
      join(folder, 'tls.cfg'),
      `[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = ${folder}/key.pem
certificate = ${folder}/cert.pem
`,
    )
  }
  mkdirSync(join(folder, 'run'))
  writeFileSync(join(folder, 'kamailio.cfg'), configuration(options, { folder, port, tlsPort, secure }))
  const child: ChildProcess = spawn(
    program,
    [
      '-DD',
      '-E',
      '-f',
      join(folder, 'kamailio.cfg'),
      '-Y',
      join(folder, 'run'),
      '-m',
      String(options.memory ?? 32),
      '-M',
      '4',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-20_000)
    if (options.logFile) appendFileSync(options.logFile, chunk)
  })
  const ready = async () =>
    (await portAnswers(port)) && (!secure || (await portAnswers(tlsPort))) && (await answersDatagrams(port))
  for (let tries = 0; !(await ready()); tries++) {
    if (child.exitCode !== null || tries > 200) {
      child.kill('SIGKILL')
      throw new Error(`kamailio did not start: ${said}`)
    }
    await sleep(25)
  }
  const signalAll = (signal: NodeJS.Signals) => {
    for (const pid of [...childrenOf(child.pid!), child.pid!])
      try {
        process.kill(pid, signal)
      } catch {
        // It ended by itself.
      }
  }
  return {
    port,
    tlsPort,
    log: () => said,
    async overload(on) {
      if (!(await answersDatagrams(port, on ? 'SUBSCRIBE' : 'PUBLISH')))
        throw new Error('kamailio did not hear what it shall do')
    },
    freeze() {
      // A stop takes effect a little later, and a process that is not stopped yet may start another one.
      for (let tries = 0; tries < 500; tries++) {
        const moving = [child.pid!, ...childrenOf(child.pid!)].filter((pid) => statOf(pid)?.state !== 'T')
        if (moving.length === 0) return
        for (const pid of moving) process.kill(pid, 'SIGSTOP')
      }
      throw new Error('kamailio could not be stopped')
    },
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        signalAll('SIGCONT')
        // A signal that comes between its looking and its waiting is not noticed until the next one.
        for (let tries = 0; child.exitCode === null && child.signalCode === null; tries++) {
          if (tries < 20) child.kill('SIGTERM')
          else signalAll('SIGKILL')
          await Promise.race([gone, sleep(100)])
        }
      }
      // A process that outlives it must not keep the test waiting.
      child.stderr?.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration(
  { domain, algorithm = 'MD5', nonceExpires = 300, before = '' }: KamailioOptions,
  { folder, port, tlsPort, secure }: { folder: string; port: number; tlsPort: number; secure: boolean },
): string {
  const text = (value: string) => JSON.stringify(value)
  return `#!KAMAILIO
debug=2
log_stderror=yes
children=2
tcp_children=1
auto_aliases=no
alias="${domain}"
enable_tls=${secure ? 'yes' : 'no'}
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
${secure ? `listen=tls:127.0.0.1:${tlsPort}` : ''}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
${secure ? `loadmodule "tls.so"\nmodparam("tls", "config", "${folder}/tls.cfg")` : ''}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_expires", 3600)
modparam("registrar", "min_expires", 10)
modparam("auth", "algorithm", "${algorithm}")
modparam("auth", "nonce_expire", ${nonceExpires})
modparam("auth", "qop", "auth")
modparam("pv", "shvset", "overloaded=i:0")
request_route {
  if (is_method("SUBSCRIBE|PUBLISH")) {
    if (is_method("SUBSCRIBE")) { $shv(overloaded) = 1; } else { $shv(overloaded) = 0; }
    sl_send_reply("200", "OK");
    exit;
  }
  if ($shv(overloaded) == 1) { sl_send_reply("503", "Service Unavailable"); exit; }
  ${before}
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("$td", ${text(KAMAILIO_PASSWORD)}, "0")) { www_challenge("$td", "1"); exit; }
    if ($au != ${text(KAMAILIO_USER)}) { sl_send_reply("403", "Forbidden"); exit; }
    save("location");
    exit;
  }
  sl_send_reply("405", "Method Not Allowed");
}
`
}

/** Whether a datagram is answered: the sockets exist before the processes that read them. */
async function answersDatagrams(port: number, method = 'OPTIONS'): Promise<boolean> {
  const socket = createSocket('udp4')
  try {
    const lines = [
      `${method} sip:127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${method};rport`,
      'From: <sip:ready@127.0.0.1>;tag=1',
      'To: <sip:127.0.0.1>',
      `Call-ID: ready-${method}`,
      `CSeq: 1 ${method}`,
      'Content-Length: 0',
    ]
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(500) }).then(
      () => true,
      () => false,
    )
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1')
    return await heard
  } finally {
    socket.close()
  }
}

/** The processes below one, all the way down. */
function childrenOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = statOf(Number(name))
    if (stat) parents.set(Number(name), stat.parent)
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** What the kernel says of a process; null when it is gone. */
function statOf(pid: number): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: state!, parent: Number(parent) }
  } catch {
    return null
  }
}
