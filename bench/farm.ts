/** A farm of HTTPS targets: one nginx that writes down when each target was asked. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY } from '../src/kit/duration.ts'
import { mintLabCa } from '../src/proofs/index.ts'
import { programOf } from '../test/harness/needs.ts'
import { freePort, portAnswers } from '../test/harness/ports.ts'

/** The name in the farm's certificate. */
export const FARM_NAME = 'farm.lab.example'

export interface Farm {
  /** The address of the target with this number. */
  url(target: number): string
  /** A PEM file of the farm's root. */
  caFile: string
  folder: string
  /** When each target was asked since the last call: seconds since the epoch, by target. */
  hits(): Promise<Map<number, number[]>>
  stop(): Promise<void>
}

export async function startFarm(): Promise<Farm> {
  const program = programOf('nginx')
  if (!program) throw new Error('this benchmark needs nginx: apt-get install nginx-light')
  const now = Date.now()
  const ca = await mintLabCa({ subject: 'Bench Root', now })
  const leaf = await ca.issue({ names: [FARM_NAME], notBefore: now - DAY, notAfter: now + 90 * DAY })
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-farm-'))
  const port = await freePort()
  const log = join(folder, 'hits.log')
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, ca.rootPem)
  writeFileSync(join(folder, 'leaf.pem'), leaf.chainPem)
  writeFileSync(join(folder, 'leaf.key'), leaf.keyPem, { mode: 0o600 })
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn; worker_processes 1;
worker_rlimit_nofile 20000;
events { worker_connections 10000; }
http {
  log_format hit '$msec $request_uri';
  access_log ${log} hit buffer=64k flush=1s;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} ssl backlog=4096;
    ssl_certificate ${folder}/leaf.pem;
    ssl_certificate_key ${folder}/leaf.key;
    location / { default_type text/plain; return 200 "well\\n"; }
  }
}
`,
  )
  const child = spawn(program, ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' })
  while (!(await portAnswers(port))) await sleep(50)
  let read = 0
  return {
    url: (target) => `https://127.0.0.1:${port}/t/${target}`,
    caFile,
    folder,
    async hits() {
      await sleep(1_200)
      const lines = readFileSync(log, 'utf8').slice(read)
      read += lines.length
      const found = new Map<number, number[]>()
      for (const [, at, target] of lines.matchAll(/^([\d.]+) \/t\/(\d+)$/gm)) {
        const known = found.get(Number(target))
        if (known) known.push(Number(at))
        else found.set(Number(target), [Number(at)])
      }
      return found
    },
    async stop() {
      child.kill()
      await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

/** HTTPS monitors of the farm's targets, as a configuration. */
export function farmConfiguration(farm: Farm, monitors: number, every: string): string {
  const lines = Array.from(
    { length: monitors },
    (_, i) =>
      `  m-${String(i).padStart(5, '0')}: { service: s-${i % 50}, type: http, url: "${farm.url(i)}", every: ${every}, expect: { name: ${FARM_NAME}, ca: ${farm.caFile} } }`,
  )
  const services = Array.from({ length: 50 }, (_, i) => `  s-${i}: {}`)
  return `services:\n${services.join('\n')}\nmonitors:\n${lines.join('\n')}\n`
}
