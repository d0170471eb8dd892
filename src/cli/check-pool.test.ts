/** Pools, name servers and pings, as somebody types them at a terminal. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createServer, type Server } from 'node:tls'
import dnsPacket from 'dns-packet'
import { needs } from '../../test/harness/needs.ts'
import { useNameServers } from '../monitors/net/resolve.ts'
import { type Minted, mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'

const NAME = 'ts.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-pool-'))
const ca = join(folder, 'ca.pem')
const usual = getServers()
const names = createSocket('udp4')
const servers: Server[] = []
let port: number
let dns: string

before(async () => {
  const root = await mintRoot()
  writeFileSync(ca, root.cert)
  const right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
  const wrong = await mint({ name: 'CN=TS02-NEW' })
  port = await node(right, '127.0.0.2', 0)
  await node(wrong, '127.0.0.3', port)
  names.on('message', (raw, from) => {
    const query = dnsPacket.decode(raw)
    const { name, type } = query.questions![0]!
    const known = name === NAME && type === 'A'
    const answers = ['127.0.0.2', '127.0.0.3'].map((data) => ({ type: 'A' as const, name, ttl: 300, data }))
    const packet = { type: 'response' as const, id: query.id, questions: query.questions }
    names.send(
      dnsPacket.encode({ ...packet, flags: known ? 0 : 3, answers: known ? answers : [] }),
      from.port,
      from.address,
    )
  })
  names.bind(0, '127.0.0.1')
  await once(names, 'listening')
  dns = `127.0.0.1:${names.address().port}`
  useNameServers([dns])
})
after(() => {
  useNameServers(usual)
  names.close()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

async function node({ key, cert }: Minted, host: string, at: number): Promise<number> {
  const server = createServer({ key, cert }, (socket) => socket.on('error', () => {}))
  server.on('tlsClientError', () => {})
  servers.push(server)
  server.listen(at, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const check = (...args: string[]) => runForTests(['check', ...args, '--timeout', '4s'])

test('a pool is all addresses of its name, one line for each below the first', async () => {
  const { code, out } = await check(`pool+tls://${NAME}:${port}`, '--ca', ca)
  assert.equal(code, 1, out)
  const [first, ...members] = out.trimEnd().split('\n')
  assert.match(
    first!,
    /^POOL WARNING - 1 of 2 members are well; 127\.0\.0\.3: .+ \(pool\.members-down\) \| time=.* members=2 good=1 down=1 unknown=0$/,
  )
  assert.match(members[0]!, /^MEMBER 127\.0\.0\.2 OK - /)
  assert.match(members[1]!, /^MEMBER 127\.0\.0\.3 CRITICAL - .+ \(certificate\.self-signed\)$/)
  const other = await check(`pool+tls://${NAME}:${port}`, '--ca', ca, '--name', 'another.example.org')
  assert.equal(other.code, 2, other.out)
})

test('a name server answers in one line', async () => {
  const well = await check(`dns://${dns}/${NAME}`)
  assert.equal(well.code, 0, well.out)
  assert.match(
    well.out,
    /^DNS OK - 127\.0\.0\.1:\d+ answered 127\.0\.0\.2, 127\.0\.0\.3 \| time=.* records=2 ttl=300\n$/,
  )
  const gone = await check(`dns://${dns}/gone.example.org?type=MX`, '--json')
  assert.equal(gone.code, 2)
  assert.equal(JSON.parse(gone.out).reason, 'dns.rcode-unexpected')
  assert.equal((await check(`dns://${dns}/`)).code, 3)
})

test('a ping tells loss and round trip', needs('ping'), async () => {
  const { code, out } = await check('icmp://127.0.0.1')
  assert.equal(code, 0, out)
  assert.match(
    out,
    /^ICMP OK - 127\.0\.0\.1: 5 of 5 packets came back, after [\d.]+ ms \| time=.* lossPercent=0 rttMinMs=/,
  )
})
