/** TLS servers whose certificates have the shapes that pages must be able to draw. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { pemsOf } from '../../src/monitors/trust/graphs-for-tests.ts'
import {
  type DerOptions,
  makeKey,
  mintDer,
  type TestKey,
} from '../../src/monitors/trust/mint-der-for-tests.ts'
import { addTrust } from '../../src/monitors/trust/shapes-for-tests.ts'

const DAY = 86_400_000
const SERVER_AUTH = ['2b06010505070301']

export interface CertificateServers {
  /** Monitors of them, as lines of the configuration. */
  monitors: string
  /** The server of `usual` gets a new certificate, as a renewal does. */
  renew(): void
  stop(): Promise<void>
}

interface Served {
  key: TestKey
  chain: Buffer[]
  /** Lines of `expect`. */
  expect: string
  /** What it serves after its renewal. */
  renewed?: Buffer[]
  every?: string
}

/** Starts them; roots of clients are written below `folder`. */
export async function startCertificateServers(folder: string): Promise<CertificateServers> {
  mkdirSync(folder, { recursive: true })
  const now = Math.floor(Date.now() / 1_000) * 1_000
  const store = (name: string, roots: Buffer[]) => {
    const file = join(folder, `${name}.pem`)
    writeFileSync(file, pemsOf(roots))
    return file
  }
  const shapes: Record<string, Served> = {
    alone: alone(now),
    usual: usual(now, store),
    'may-2020': crossSigned(now, 3, store),
    'may-2020-ahead': crossSigned(now, -12, store),
    tangle: tangle(now, store),
  }
  const servers: Server[] = []
  const lines: string[] = []
  for (const [name, { key, chain, expect, every = '1h' }] of Object.entries(shapes)) {
    const server = createServer({ key: key.pem, cert: pemsOf(chain) }, (socket) => {
      socket.on('error', () => {})
      socket.end()
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    const { port } = server.address() as AddressInfo
    lines.push(
      `  ${name}: { service: docs, type: tls, target: "127.0.0.1:${port}", every: ${every}, confirm: 1, expect: { name: docs.example.org, ${expect} } }`,
    )
  }
  return {
    monitors: `${lines.join('\n')}\n`,
    renew() {
      const { key, renewed } = shapes.usual!
      servers[Object.keys(shapes).indexOf('usual')]!.setSecureContext({
        key: key.pem,
        cert: pemsOf(renewed!),
      })
    },
    async stop() {
      for (const server of servers) server.close()
    },
  }
}

type Store = (name: string, roots: Buffer[]) => string

function leafBy(issuer: string, by: TestKey, key: TestKey, now: number, days = 60): Buffer {
  return mintDer({
    subject: 'docs.example.org',
    issuer,
    key,
    by,
    from: now - 30 * DAY,
    to: now + days * DAY,
    names: ['docs.example.org'],
    ca: false,
    usage: 0x80,
    purposes: SERVER_AUTH,
  })
}

const authority = (
  subject: string,
  issuer: string,
  key: TestKey,
  by: TestKey,
  now: number,
  more: Partial<DerOptions> = {},
) =>
  mintDer({
    subject,
    issuer,
    key,
    by,
    from: now - 900 * DAY,
    to: now + 2_400 * DAY,
    ca: true,
    usage: 6,
    ...more,
  })

/** A certificate that signs itself. */
function alone(now: number): Served {
  const key = makeKey()
  return { key, chain: [leafBy('docs.example.org', key, key, now)], expect: 'clients: [modern]' }
}

/** The certificate, an intermediate, and a root in the store; every client is well. */
function usual(now: number, store: Store): Served {
  const [rootKey, betweenKey, key] = [makeKey(), makeKey(), makeKey()]
  const root = authority('Example Root R1', 'Example Root R1', rootKey, rootKey, now)
  const between = authority('Example Issuing E5', 'Example Root R1', betweenKey, rootKey, now)
  const file = store('usual', [root])
  return {
    key,
    chain: [leafBy('Example Issuing E5', betweenKey, key, now), between],
    renewed: [leafBy('Example Issuing E5', betweenKey, key, now + DAY / 2, 90), between],
    every: '5s',
    expect: `ca: "${file}", renewal: { policy: two-thirds }, clients: [{ name: browsers, store: "${file}" }, { name: phones, store: "${file}", legacy: true }]`,
  }
}

/** Cross-signed by a root that ended so many days ago, or will. */
function crossSigned(now: number, ago: number, store: Store): Served {
  const { modernRoot, oldRoot, cross, between, leaf, key } = addTrust(now, ago)
  const modern = store(`modern-${ago}`, [modernRoot])
  const both = store(`both-${ago}`, [oldRoot, modernRoot])
  return {
    key,
    chain: [leaf, between, cross],
    expect: `ca: "${modern}", clients: [{ name: browsers, store: "${modern}" }, { name: shipped agents, store: "${both}", legacy: true }, { name: set-top boxes, store: "${both}", legacy: true }]`,
  }
}

/** Authorities that sign each other round and round, with several roots: as many certificates as anybody sends. */
function tangle(now: number, store: Store): Served {
  const names = ['Atlas', 'Boreas', 'Ceres', 'Dione', 'Europa'].map(
    (name) => `${name} Certification Authority`,
  )
  const keys = names.map(makeKey)
  const signed = (of: number, by: number, days = 1_000 + of * 100) =>
    authority(names[of]!, names[by]!, keys[of]!, keys[by]!, now, { to: now + days * DAY })
  const sent = [
    [0, 1, 500],
    [1, 2, 9],
    [2, 0],
    [2, 3],
    [3, 4],
    [4, 1],
    [3, 1, -2],
    [0, 2],
    [1, 4, 700],
    [4, 0],
  ].map(([of, by, days]) => signed(of!, by!, days))
  const roots = [signed(1, 1, 1_300), signed(3, 3, -5), signed(4, 4, 4_000), signed(2, 2, 40)]
  const key = makeKey()
  const ask = (name: string, from: Buffer[], legacy: boolean) =>
    `{ name: ${name}, store: "${store(`tangle-${name}`, from)}"${legacy ? ', legacy: true' : ''} }`
  return {
    key,
    chain: [leafBy(names[0]!, keys[0]!, key, now), ...sent],
    expect: `ca: "${store('tangle', roots)}", clients: [${[
      ask('browsers', roots, false),
      ask('agents', roots.slice(1, 3), true),
      ask('kiosks', roots.slice(0, 1), true),
      ask('phones', roots.slice(3), false),
    ].join(', ')}]`,
  }
}
