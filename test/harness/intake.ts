/** A process that takes lines of many tenants into a queue, works them off, and tells how it is doing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort, portAnswers } from './ports.ts'

const PROGRAM = `
const port = Number(process.argv[1])
const [queue, bytes] = [[], new Map()]
let [lost, works, scrapes] = [0, true, 0]
const retention = Number(process.argv[2])
setInterval(() => {
  if (works) queue.length = 0
  while (queue.length > 0 && Date.now() - queue[0] > retention) { queue.shift(); lost++ }
}, 20)
require('node:http').createServer((request, response) => {
  const url = new URL(request.url, 'http://x')
  if (url.pathname === '/stall') { works = false; return response.end() }
  if (url.pathname === '/scrapes') return response.end(String(scrapes))
  if (url.pathname === '/ingest') {
    let size = 0
    request.on('data', (chunk) => { size += chunk.length })
    return request.on('end', () => {
      const tenant = url.searchParams.get('tenant')
      bytes.set(tenant, (bytes.get(tenant) ?? 0) + size)
      queue.push(Date.now())
      response.end()
    })
  }
  scrapes++
  const age = queue.length > 0 ? (Date.now() - queue[0]) / 1000 : 0
  const lines = [...bytes].map(([tenant, total]) => 'ingest_bytes_total{tenant="' + tenant + '"} ' + total)
  response.end([...lines, 'queue_oldest_seconds ' + age, 'lost_total ' + lost, ''].join('\\n'))
}).listen(port, '127.0.0.1')
`

export interface Intake {
  url: string
  send(tenant: string, bytes: number): Promise<void>
  /** It goes on taking, and works nothing off. */
  stall(): Promise<void>
  lost(): Promise<number>
  /** How often its metrics were read, by whomever. */
  scrapes(): Promise<number>
  stop(): Promise<void>
}

export async function startIntake(retentionMs: number): Promise<Intake> {
  const port = await freePort()
  const child = spawn(process.execPath, ['-e', PROGRAM, String(port), String(retentionMs)], {
    stdio: 'ignore',
  })
  for (let tries = 0; tries < 400 && !(await portAnswers(port)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  const url = `http://127.0.0.1:${port}`
  const ask = async (path: string, body?: string) =>
    (await fetch(url + path, body === undefined ? {} : { method: 'POST', body })).text()
  return {
    url,
    send: async (tenant, bytes) => void (await ask(`/ingest?tenant=${tenant}`, 'x'.repeat(bytes))),
    stall: async () => void (await ask('/stall')),
    lost: async () => Number(/lost_total (\d+)/.exec(await ask('/metrics'))![1]),
    scrapes: async () => Number(await ask('/scrapes')),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
