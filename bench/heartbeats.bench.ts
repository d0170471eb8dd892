/** Heartbeats in: durable pings per second over HTTP, and a burst of 10,000 jobs at the full minute, none lost. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, portAnswers } from '../test/harness/ports.ts'
import { startTocsin } from '../test/harness/tocsin.ts'
import { median, print } from './figure.ts'

const JOBS = 10_000
const SUSTAINED = 60_000
const CONNECTIONS = 200
const DEPTH = 5
const ROUNDS = 3
const key = (i: number) => `bench-key-of-a-job-${i}`

interface Sent {
  seconds: number
  ok: number
}

/** Keep-alive connections, each with a few requests under way; answers are counted by their status line. */
async function send(port: number, total: number, path: (i: number) => string): Promise<Sent> {
  let next = 0
  let ok = 0
  let answered = 0
  const begin = performance.now()
  await new Promise<void>((resolve, reject) => {
    for (let c = 0; c < CONNECTIONS; c++) {
      const socket = connect(port, '127.0.0.1')
      let under = 0
      let rest = ''
      const more = () => {
        let text = ''
        for (; under < DEPTH && next < total; under++, next++)
          text += `GET ${path(next)} HTTP/1.1\r\nHost: localhost\r\n\r\n`
        if (text !== '') socket.write(text)
        else if (under === 0) socket.end()
      }
      socket.on('connect', more)
      socket.on('error', reject)
      socket.setEncoding('latin1')
      socket.on('data', (chunk: string) => {
        const text = rest + chunk
        let from = 0
        for (let at = text.indexOf('HTTP/1.1 ', from); at >= 0; at = text.indexOf('HTTP/1.1 ', from)) {
          if (at + 12 > text.length) break
          if (text.startsWith('200', at + 9)) ok++
          answered++
          under--
          from = at + 12
        }
        // A status line may come in two pieces.
        rest = text.slice(Math.max(from, text.length - 11))
        more()
        if (answered === total) resolve()
      })
    }
  })
  return { seconds: (performance.now() - begin) / 1_000, ok }
}

async function bareServer(): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort()
  const script = `require('http').createServer((q,r)=>r.writeHead(200,{'content-type':'text/plain; charset=utf-8','cache-control':'no-store'}).end('OK')).listen(${port},'127.0.0.1')`
  const child = spawn(process.execPath, ['-e', script], { stdio: 'inherit' })
  while (!(await portAnswers(port))) await sleep(20)
  return { port, child }
}

const jobs = Array.from(
  { length: JOBS },
  (_, i) => `  job-${i}: { service: s, type: heartbeat, every: 1h, pingKey: ${key(i)} }`,
)
const tocsin = await startTocsin({ config: `services: { s: {} }\nmonitors:\n${jobs.join('\n')}\n` })
const bare = await bareServer()
try {
  const ping = (i: number) => `/ping/${key(i % JOBS)}`
  const stored = async () => {
    const text = await (
      await fetch(`${tocsin.url}/api/v1/monitors/job-7/runs?limit=500`, {
        headers: { authorization: 'Bearer test-administrator-token-0123456789abcdef' },
      })
    ).json()
    return (text as { items: unknown[] }).items.length
  }
  const bursts: number[] = []
  const rows: { ours: number; bare: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = await stored()
    const burst = await send(tocsin.port, JOBS, ping)
    if (burst.ok !== JOBS) throw new Error(`${JOBS - burst.ok} pings were not answered 200`)
    bursts.push(burst.seconds)
    const ours = await send(tocsin.port, SUSTAINED, ping)
    if (ours.ok !== SUSTAINED) throw new Error(`${SUSTAINED - ours.ok} pings were not answered 200`)
    const theirs = await send(bare.port, SUSTAINED, ping)
    rows.push({ ours: SUSTAINED / ours.seconds, bare: SUSTAINED / theirs.seconds })
    const seen = (await stored()) - before
    const expected = 1 + SUSTAINED / JOBS
    if (seen !== expected)
      throw new Error(`${seen} runs of one job are stored, ${expected} were answered 200`)
  }
  print({
    name: `heartbeats over HTTP, durable before the answer, ${JOBS} jobs in turn`,
    value: median(rows.map((row) => row.ours)),
    unit: 'pings/s',
    against: {
      name: 'bare node:http answering 200',
      value: median(rows.map((row) => row.bare)),
      unit: 'requests/s',
    },
    ratio: median(rows.map((row) => row.ours / row.bare)),
    bar: '≥ 10000 pings/s',
    context: { pings: SUSTAINED, connections: CONNECTIONS, underWay: CONNECTIONS * DEPTH },
  })
  print({
    name: `a burst of ${JOBS} pings of as many jobs, all answered 200 and stored`,
    value: median(bursts),
    unit: 's',
    against: { name: 'limit', value: 1.5, unit: 's' },
    ratio: median(bursts) / 1.5,
    bar: '< 1',
  })
} finally {
  bare.child.kill()
  await once(bare.child, 'exit')
  await tocsin.stop()
}
