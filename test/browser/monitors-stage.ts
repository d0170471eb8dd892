/** A stage with a monitor of each sort that its page draws in a way of its own. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createSite } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCertificateServers } from './certificate-servers.ts'
import { type Stage, startStage } from './stage.ts'

export const PING_KEY = 'nightly-renewal-ping-key'
const MEMBERS = 40
/** Members of the large pool at which nobody listens. */
export const BAD_MEMBERS = ['node-07', 'node-23']

/** `stop` ends what is beside Tocsin too. */
export async function startMonitorsStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-monitors-'))
  const certificates = await startCertificateServers(folder)
  // Everything below 127 is this machine: each member has an address of its own.
  const members = createServer((socket) => socket.end()).listen(0, '0.0.0.0')
  await once(members, 'listening')
  const { port } = members.address() as { port: number }
  const shop = createSite((_, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end('<title>Shop</title><h1>Shop</h1><script>console.error("no stock is known")</script>')
  }).listen(0, '127.0.0.1')
  await once(shop, 'listening')
  const shopUrl = `http://127.0.0.1:${(shop.address() as { port: number }).port}/`
  const stage = await startStage(
    (closed) => certificates.monitors + monitors(port, closed) + journey(shopUrl),
  )
  await fillLedger(stage)
  return {
    ...stage,
    async stop() {
      await stage.stop()
      await certificates.stop()
      members.close()
      shop.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A journey whose second step finds nothing. */
function journey(url: string): string {
  return `  buy:
    service: docs
    type: journey
    url: ${url}
    every: 1h
    confirm: 1
    steps:
      - { name: The shop is open, expect: { text: Shop } }
      - { name: Pay, click: { role: button, name: Pay }, timeout: 500ms }
      - { name: Thanks are said, expect: { text: Thank you } }
`
}

function monitors(port: number, closed: number): string {
  const names = Array.from({ length: MEMBERS }, (_, n) => `node-${String(n + 1).padStart(2, '0')}`)
  const list = names.map(
    (name, n) =>
      `{ name: ${name}, address: "127.0.9.${n + 1}:${BAD_MEMBERS.includes(name) ? closed : port}" }`,
  )
  return `  farm:
    service: docs
    type: pool
    name: Session hosts
    every: 2s
    confirm: 1
    check: { type: tcp, target: "127.0.0.1:${port}" }
    members: [${list.join(', ')}]
    drain: { after: 1 }
  pair:
    service: docs
    type: pool
    every: 2s
    confirm: 1
    check: { type: tcp, target: "127.0.0.1:${port}" }
    members: [{ name: left, address: "127.0.9.1:${port}" }, { name: right, address: "127.0.9.2:${closed}" }]
    drain: { after: 1, floor: 2 }
  nightly:
    service: docs
    type: heartbeat
    name: Nightly renewal
    every: 1d
    maxRun: 30m
    renews: usual
    pingKey: ${PING_KEY}
  silent-job: { service: docs, type: heartbeat, every: 1d }
  beside: { service: docs, type: peer, key: "a-key-that-two-of-them-share-0123456789", every: 5s, confirm: 1 }
  paused: { service: docs, type: tcp, target: "127.0.0.1:${port}", enabled: false }
`
}

/** Eleven good runs, one that failed with a log, and one that goes on. */
async function fillLedger({ tocsin }: Stage): Promise<void> {
  const ping = async (path: string, body?: string) => {
    const answer = await fetch(
      `${tocsin.url}/ping/${PING_KEY}${path}`,
      body === undefined ? {} : { method: 'POST', body },
    )
    if (!answer.ok) throw new Error(`the ping was refused: ${answer.status}`)
  }
  for (let run = 0; run < 11; run++) {
    const rid = `?rid=00000000-0000-4000-8000-0000000000${String(run).padStart(2, '0')}`
    await ping(`/start${rid}`)
    await ping(rid)
  }
  await ping('/start')
  await ping(
    '/3',
    `Renewing docs.example.org\n${'.'.repeat(40)}\nThe authority answered 429: too many requests`,
  )
  await ping('/start?rid=11111111-1111-4111-8111-111111111111')
}
