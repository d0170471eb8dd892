/** The name servers of our own machine die: everything that is checked by name is unknown, and nothing is down. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { startTocsin } from '../harness/tocsin.ts'

test('a dead resolver is told as ours, for every monitor, and passes', async (t) => {
  let alive = true
  const names = createSocket('udp4')
  names.on('message', (query, from) => {
    if (!alive) return
    const end = query.indexOf(0, 12)
    const isAddress = query.readUInt16BE(end + 1) === 1
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(0x8180, 2)
    header.writeUInt16BE(isAddress ? 1 : 0, 6)
    header.writeUInt32BE(0, 8)
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1])
    names.send(
      Buffer.concat([header, query.subarray(12, end + 5), ...(isAddress ? [answer] : [])]),
      from.port,
      from.address,
    )
  })
  names.bind(0, '127.0.0.1')
  await once(names, 'listening')
  const web = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(web, 'listening')
  const { port } = web.address() as AddressInfo
  const ids = Array.from({ length: 8 }, (_, i) => `site-${i}`)
  const monitors = ids.map(
    (id, i) =>
      `  ${id}: {service: docs, type: ${i % 2 ? 'tcp' : 'http'}, every: 1s, timeout: ${i < 4 ? '900ms' : '4s'}, confirm: 1, ` +
      `${i % 2 ? `target: '${id}.lab.example:${port}'` : `url: 'http://${id}.lab.example:${port}/'`}}`,
  )
  const tocsin = await startTocsin({
    config: `services: {docs: {name: Docs}}\nmonitors:\n${monitors.join('\n')}\n`,
    env: { TOCSIN_NAME_SERVERS: `127.0.0.1:${names.address().port}` },
  })
  const states = async () =>
    (await tocsin.api<{ items: { state: string; reason: string }[] }>('GET', '/api/v1/monitors')).items
  try {
    await tocsin.until('all are up', 20_000, async () =>
      (await states()).every(({ state }) => state === 'up'),
    )
    alive = false
    const began = Date.now()
    const seen = new Set<string>()
    await tocsin.until('all are unknown', 30_000, async () => {
      const now = await states()
      for (const { state, reason } of now) seen.add(`${state} ${reason}`)
      return now.every(({ state }) => state === 'unknown')
    })
    t.diagnostic(`all eight unknown after ${((Date.now() - began) / 1_000).toFixed(1)} s`)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    for (const { state, reason } of await states()) seen.add(`${state} ${reason}`)
    // A check that takes longer than its interval says first that it has not run.
    seen.delete('unknown check.not-run')
    assert.deepEqual([...seen].sort(), ['unknown dns.resolver-dead', 'up ok'])
    alive = true
    await tocsin.until('all are up again', 20_000, async () =>
      (await states()).every(({ state }) => state === 'up'),
    )
  } finally {
    await tocsin.stop()
    names.close()
    web.close()
  }
})
