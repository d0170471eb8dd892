/** How late other monitors are checked while 0, 100 or 300 targets accept and never answer. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTocsin } from '../test/harness/tocsin.ts'
import { percentile, print } from './figure.ts'

const HEALTHY = 100
const EVERY_SECONDS = 5
const SECONDS = 40
const WARM_UP = 2

async function lateness(tarpits: number): Promise<number[]> {
  const held = createServer(() => {})
  held.listen(0, '127.0.0.1')
  await once(held, 'listening')
  const tarpit = (held.address() as { port: number }).port
  const seen = new Map<number, number[]>()
  const healthy = await Promise.all(
    Array.from({ length: HEALTHY }, async (_, i) => {
      const server = createServer((socket) => {
        seen.set(i, [...(seen.get(i) ?? []), performance.now()])
        socket.end()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const lines = [
    ...healthy.map(
      (server, i) =>
        `  h-${i}: { service: s, type: tcp, target: "127.0.0.1:${(server.address() as { port: number }).port}", every: ${EVERY_SECONDS}s }`,
    ),
    ...Array.from(
      { length: tarpits },
      (_, i) =>
        `  t-${i}: { service: s, type: http, url: "http://127.0.0.1:${tarpit}/${i}", every: ${EVERY_SECONDS}s, timeout: 4s }`,
    ),
  ]
  const tocsin = await startTocsin({ config: `services: { s: {} }\nmonitors:\n${lines.join('\n')}\n` })
  await sleep(SECONDS * 1_000)
  await tocsin.stop()
  for (const server of [held, ...healthy]) server.close()
  // Lateness: how far each interval between two visits is from what was asked, once the process has started up.
  return [...seen.values()].flatMap((all) => {
    const at = all.slice(WARM_UP)
    return at.slice(1).map((t, i) => Math.abs(t - at[i]! - EVERY_SECONDS * 1_000))
  })
}

const alone = await lateness(0)
for (const tarpits of [100, 300]) {
  const beside = await lateness(tarpits)
  print({
    name: `lateness of ${HEALTHY} monitors beside ${tarpits} tarpits, 99th percentile`,
    value: percentile(beside, 99),
    unit: 'ms',
    against: { name: 'without tarpits', value: percentile(alone, 99), unit: 'ms' },
    ratio: percentile(beside, 99) / percentile(alone, 99),
    bar: 'no check missed; the lateness stays far below the interval',
    context: {
      everyMs: EVERY_SECONDS * 1_000,
      median: { beside: percentile(beside, 50), alone: percentile(alone, 50) },
      visits: { beside: beside.length, alone: alone.length },
    },
  })
}
process.exit()
