/** Requests per second for the public status page, beside a bare `node:http` server sending the same bytes. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, portAnswers } from '../test/harness/ports.ts'
import { startTocsin, until } from '../test/harness/tocsin.ts'
import { median, print } from './figure.ts'

const ROUNDS = 5
if (!existsSync('/usr/bin/wrk')) {
  process.stderr.write('this benchmark needs wrk: apt-get install wrk\n')
  process.exit(1)
}

function requestsPerSecond(url: string): number {
  const out = execFileSync('wrk', ['-t1', '-c32', '-d3s', url], { encoding: 'utf8' })
  if (/Non-2xx/.test(out)) throw new Error(out)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(out)![1])
}

const tocsin = await startTocsin({
  config:
    'services:\n' +
    Array.from({ length: 12 }, (_, i) => `  s-${i}: { name: Service ${i}, audience: public }\n`).join(''),
})
const page = `${tocsin.url}/status/`
await until('a published page', 20_000, async () => (await fetch(page)).ok)
const bytes = Buffer.from(await (await fetch(page)).arrayBuffer())
const port = await freePort()
const bare = spawn(
  process.execPath,
  [
    '-e',
    `let b='';process.stdin.on('data',d=>b+=d).on('end',()=>{const body=Buffer.from(b,'base64');
     require('http').createServer((q,r)=>{r.writeHead(200,{'content-type':'text/html; charset=utf-8','content-length':body.length,'cache-control':'max-age=60'});r.end(body)}).listen(${port},'127.0.0.1')})`,
  ],
  { stdio: ['pipe', 'inherit', 'inherit'] },
)
bare.stdin.end(bytes.toString('base64'))
while (!(await portAnswers(port))) await sleep(20)
try {
  const rows: { ours: number; bare: number }[] = []
  for (let round = 0; round < ROUNDS; round++)
    rows.push({ ours: requestsPerSecond(page), bare: requestsPerSecond(`http://127.0.0.1:${port}/`) })
  print({
    name: 'public status page',
    value: median(rows.map((r) => r.ours)),
    unit: 'requests/s',
    against: {
      name: 'bare node:http, same bytes',
      value: median(rows.map((r) => r.bare)),
      unit: 'requests/s',
    },
    ratio: median(rows.map((r) => r.ours / r.bare)),
    bar: '≥ 0.8',
    context: { bytes: bytes.length, connections: 32 },
  })
} finally {
  bare.kill()
  await once(bare, 'exit')
  await tocsin.stop()
}
