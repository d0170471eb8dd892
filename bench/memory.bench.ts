/** Resident memory with 0, 200 and 1,000 HTTPS monitors at 60 s, after each has been checked. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY } from '../src/kit/duration.ts'
import { mintLabCa } from '../src/proofs/index.ts'
import { startNginx } from '../test/harness/nginx.ts'
import { startTocsin } from '../test/harness/tocsin.ts'
import { print } from './figure.ts'
import { cpuSeconds, residentMb } from './process.ts'

const NAME = 'docs.lab.example'
const WATCHED_SECONDS = 75
const now = Date.now()
const ca = await mintLabCa({ subject: 'CN=Bench Root, O=Bench', now })
const nginx = await startNginx(
  NAME,
  await ca.issue({ names: [NAME], notBefore: now - DAY, notAfter: now + 90 * DAY }),
)

function configuration(monitors: number): string {
  const ca64 = JSON.stringify(ca.rootPem)
  const one = (i: number) =>
    `  m-${i}: { service: s, type: tls, target: "127.0.0.1:${nginx.port}", every: 60s, expect: { name: ${NAME}, ca: ${ca64} } }`
  return `services: { s: {} }\nmonitors:\n${Array.from({ length: monitors }, (_, i) => one(i)).join('\n') || '  {}'}\n`
}

try {
  for (const monitors of [0, 200, 1_000]) {
    const tocsin = await startTocsin({ launcher: true, config: configuration(monitors) })
    const cpu = cpuSeconds(tocsin.pid)
    await sleep(WATCHED_SECONDS * 1_000)
    const used = cpuSeconds(tocsin.pid) - cpu
    const value = residentMb(tocsin.pid)
    await tocsin.stop()
    print({
      name: `resident memory with ${monitors} monitors`,
      value,
      unit: 'MB',
      against: { name: 'limit at 1,000 monitors', value: 150, unit: 'MB' },
      ratio: value / 150,
      bar: '< 1',
      context: { seconds: WATCHED_SECONDS, cpuSeconds: Number(used.toFixed(2)), every: '60s' },
    })
  }
} finally {
  await nginx.stop()
}
