/** From the start of the process to listening, and to the first check that reaches its target. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { startTocsin } from '../test/harness/tocsin.ts'
import { median, print } from './figure.ts'

const ROUNDS = 7
const listening: number[] = []
const firstCheck: number[] = []

for (let round = 0; round < ROUNDS; round++) {
  const target = createServer((socket) => socket.end())
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
  const { port } = target.address() as { port: number }
  const begin = performance.now()
  const first = once(target, 'connection').then(() => performance.now() - begin)
  const tocsin = await startTocsin({
    launcher: true,
    config: `services: { s: {} }\nmonitors: { m: { service: s, type: tcp, target: "127.0.0.1:${port}", every: 60s } }\n`,
  })
  listening.push(performance.now() - begin)
  firstCheck.push(await first)
  await tocsin.stop()
  target.close()
}
print({
  name: 'start to listening',
  value: median(listening),
  unit: 'ms',
  against: { name: 'limit', value: 2_000, unit: 'ms' },
  ratio: median(listening) / 2_000,
  bar: '< 1',
})
print({
  name: 'start to first check at its target',
  value: median(firstCheck),
  unit: 'ms',
  against: { name: 'limit', value: 1_000, unit: 'ms' },
  ratio: median(firstCheck) / 1_000,
  bar: '< 1',
})
