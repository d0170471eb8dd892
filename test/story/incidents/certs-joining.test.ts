/**
 * CERNTS, November: nodes that were rebuilt under pressure went back into the pool before they were configured. Here a
 * node behind a real HAProxy is away while it is rebuilt, comes back as it is made, and takes users only when it is right.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Minted, mint, mintRoot } from '../../../src/monitors/trust/mint-for-tests.ts'
import { type RunningHaproxy, startHaproxy } from '../../harness/haproxy.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { needs } from '../../harness/needs.ts'
import { freePort } from '../../harness/ports.ts'
import { type RunningTocsin, startTocsin, until } from '../../harness/tocsin.ts'
import { versionOf } from '../../harness/versions.ts'
import { type RunningXrdp, startXrdp } from '../../harness/xrdp.ts'

const NAME = 'ts.example.org'
const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const names = HOSTS.map((_, i) => `ts0${i + 1}`)
const RETURN_AFTER = 3

describe('a node that is rebuilt', needs('xrdp', 'haproxy'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-certs-joining-'))
  let right: Minted
  let port: number
  let nodes: RunningXrdp[] = []
  let haproxy: RunningHaproxy
  let tocsin: RunningTocsin

  before(async () => {
    const root = await mintRoot()
    right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
    writeFileSync(join(folder, 'ca.pem'), root.cert)
    port = await freePort()
    const agentPort = await freePort()
    nodes = await Promise.all(
      HOSTS.map((host) => startXrdp({ host, port, cert: right.cert, key: right.key })),
    )
    tocsin = await startTocsin({
      folder,
      config: `
services: { ts: { name: Terminal servers } }
pools: { agent: { listen: "127.0.0.1:${agentPort}" } }
monitors:
  ts:
    service: ts
    type: pool
    every: 1s
    check: { type: rdp, expect: { name: ${NAME}, ca: ${folder}/ca.pem }, timeout: 3s }
    members:
${HOSTS.map((host, i) => `      - { name: ${names[i]}, address: "${host}:${port}" }`).join('\n')}
    drain: { after: 2, returnAfter: ${RETURN_AFTER}, floor: 1 }
`,
    })
    haproxy = await startHaproxy(
      HOSTS.map((host, i) => ({
        name: names[i]!,
        host,
        port,
        options: `check inter 500ms agent-check agent-addr 127.0.0.1 agent-port ${agentPort} agent-inter 500ms agent-send "ts/${names[i]}\\n"`,
      })),
    )
  })
  after(async () => {
    await haproxy?.stop()
    await tocsin?.stop()
    for (const node of nodes) await node.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const member = async () =>
    (
      await tocsin.api<{ members: { member: string; state: string; reason: string }[] }>(
        'GET',
        '/api/v1/pools/ts',
      )
    ).members.find((one) => one.member === 'ts03')!
  const third = async () => /ts03=(.*)$/.exec(await haproxy.shown())![1]!

  test('gets no user before it is configured, however well its port answers', async (t) => {
    await until('all take users', 30_000, async () => (await haproxy.shown()) === 'ts01=UP ts02=UP ts03=UP')
    await nodes[2]!.stop()
    await until('it is drained', 30_000, async () => (await member()).state === 'drained')
    // It comes back as it was made: with the certificate that it made up for itself.
    const made = await mint({ name: 'CN=TS03-NEW' })
    const back = Date.now()
    nodes[2] = await startXrdp({ host: HOSTS[2], port, cert: made.cert, key: made.key })
    const shown = new Set<string>()
    const seen = await until('it is seen for what it is', 15_000, async () => {
      shown.add(await third())
      const now = await member()
      return now.reason === 'certificate.self-signed' && now
    })
    const seconds = (Date.now() - back) / 1_000
    // For as long as HAProxy by itself would need to trust it, and longer.
    const enough = Date.now() + 6_000
    while (Date.now() < enough) {
      shown.add(await third())
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.equal(seen.state, 'drained')
    assert.ok(!shown.has('UP'), [...shown].join(' '))
    assert.equal(await third(), 'DRAIN', 'HAProxy itself calls it well, and sends nobody')
    tellIncident(t, {
      incident: 'cernts',
      failure: 'a rebuilt node comes back before it is configured',
      software: `${versionOf('xrdp')}, ${versionOf('haproxy')}`,
      verdict: seen.state,
      reason: seen.reason,
      seconds,
      note: 'its port answers, and at no moment does HAProxy send it a user',
    })
    await nodes[2]!.serve(right)
    const mended = Date.now()
    await until('it takes users again', 20_000, async () => (await third()) === 'UP')
    assert.ok(Date.now() - mended >= (RETURN_AFTER - 1) * 1_000, 'back before it was seen well often enough')
  })
})
