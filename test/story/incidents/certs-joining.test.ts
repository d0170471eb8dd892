/**
 * CERNTS, November: nodes that were rebuilt under pressure went back into the pool before they were configured. Here a
 * node behind a real HAProxy is away while it is rebuilt, comes back as it is made, and takes users only when it is right.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mint } from '../../../src/monitors/trust/mint-for-tests.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { needs } from '../../harness/needs.ts'
import { openTerminalServers, type TerminalServers } from '../../harness/terminal-servers.ts'
import { until } from '../../harness/tocsin.ts'
import { versionOf } from '../../harness/versions.ts'
import { startXrdp } from '../../harness/xrdp.ts'

const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const
const RETURN_AFTER = 3

describe('a node that is rebuilt', needs('xrdp', 'haproxy'), () => {
  let servers: TerminalServers

  before(async () => {
    const drain = `{ after: 2, returnAfter: ${RETURN_AFTER}, floor: 1 }`
    servers = await openTerminalServers({ hosts: HOSTS, drain, inter: '500ms' })
  })
  after(() => servers?.close())

  const member = async () =>
    (
      await servers.tocsin.api<{ members: { member: string; state: string; reason: string }[] }>(
        'GET',
        '/api/v1/pools/ts',
      )
    ).members.find((one) => one.member === 'ts03')!
  const third = async () => /ts03=(.*)$/.exec(await servers.haproxy.shown())![1]!

  test('gets no user before it is configured, however well its port answers', async (t) => {
    await until(
      'all take users',
      30_000,
      async () => (await servers.haproxy.shown()) === 'ts01=UP ts02=UP ts03=UP',
    )
    await servers.nodes[2]!.stop()
    await until('it is drained', 30_000, async () => (await member()).state === 'drained')
    // It comes back as it was made: with the certificate that it made up for itself.
    const made = await mint({ name: 'CN=TS03-NEW' })
    const back = Date.now()
    servers.nodes[2] = await startXrdp({ host: HOSTS[2], port: servers.port, cert: made.cert, key: made.key })
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
    await servers.nodes[2]!.serve(servers.right)
    const mended = Date.now()
    await until('it takes users again', 20_000, async () => (await third()) === 'UP')
    assert.ok(Date.now() - mended >= (RETURN_AFTER - 1) * 1_000, 'back before it was seen well often enough')
  })
})
