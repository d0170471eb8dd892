/**
 * CERNTS, November: terminal servers were rebuilt and served *a* certificate, not *the right* one. The monitor asked
 * only whether there was one, so that users found out, in a chat, at 10:43. Here with real xrdp nodes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { KeyUsageFlags, type Minted, mint, mintRoot } from '../../../src/monitors/trust/mint-for-tests.ts'
import { type Watch, watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { needs } from '../../harness/needs.ts'
import { versionOf } from '../../harness/versions.ts'
import { type RunningXrdp, startXrdp } from '../../harness/xrdp.ts'

const NAME = 'ts.example.org'
const EVERY = { every: '1s', confirm: 1, timeout: '900ms' }
// Sockets and the other work of this machine; the figure is printed.
const ONE_CHECK = 1_000 + 900 + 600

describe('the terminal servers of CERNTS', needs('xrdp'), () => {
  let right: Minted
  let faults: { what: string; served: Minted; reason: string; summary: RegExp }[]
  let node: RunningXrdp
  let watching: Watch

  before(async () => {
    const root = await mintRoot('CN=Lab Terminal Authority,O=Lab')
    const elsewhere = await mintRoot('CN=Other Authority,O=Elsewhere')
    right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
    faults = [
      {
        what: 'a rebuilt node serves the certificate that it made up for itself',
        // As Windows makes it: for key encipherment, and for nothing that signs.
        served: await mint({
          name: 'CN=TS-NODE-7',
          usage: KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment,
          purposes: ['1.3.6.1.5.5.7.3.1'],
        }),
        reason: 'certificate.self-signed',
        summary: /^unconfigured node: .*"TS-NODE-7"/,
      },
      {
        what: 'a node serves the right name, signed by another authority',
        served: await mint({ name: `CN=${NAME}`, names: [NAME], by: elsewhere }),
        reason: 'certificate.issuer-mismatch',
        summary: /by "O=Elsewhere, CN=Other Authority|by "CN=Other Authority, O=Elsewhere/,
      },
      {
        what: 'a node serves the certificate of another node',
        served: await mint({ name: 'CN=ts-8', names: ['ts-8.example.org'], by: root }),
        reason: 'certificate.name-mismatch',
        summary: /for ts-8\.example\.org, not for ts\.example\.org/,
      },
    ]
    node = await startXrdp({ cert: right.cert, key: right.key })
    const at = { service: 'ts', type: 'rdp', target: `127.0.0.1:${node.port}`, ...EVERY }
    watching = await watch({
      identity: { ...at, expect: { name: NAME, issuer: 'Lab Terminal Authority', ca: root.cert } },
      // What was there at the time: is there a certificate at all?
      presence: { ...at, expect: { accept: 'any' } },
      port: { service: 'ts', type: 'tcp', target: `127.0.0.1:${node.port}`, ...EVERY },
    })
    for (const monitor of ['identity', 'presence', 'port']) await watching.verdict(monitor, 'up')
  })
  after(async () => {
    await watching?.stop()
    await node?.stop()
  })

  test('a node with a wrong certificate is down within one check, where a check for any certificate sees nothing', async (t) => {
    for (const { what, served, reason, summary } of faults) {
      const fault = Date.now()
      await node.serve(served)
      const seen = await watching.verdict('identity', 'down', fault)
      const took = seen.at - fault
      assert.equal(seen.reason, reason)
      assert.match(seen.summary, summary)
      assert.ok(took < ONE_CHECK, `it took ${took} ms`)
      tellIncident(t, {
        incident: 'cernts',
        failure: what,
        software: versionOf('xrdp'),
        verdict: seen.to,
        reason: seen.reason,
        seconds: took / 1_000,
        note: 'a check that any certificate contents stays up, as it did then',
      })
      const mended = Date.now()
      await node.serve(right)
      await watching.verdict('identity', 'up', mended)
    }
    const others = (await watching.changes()).filter((one) => one.monitorId !== 'identity')
    assert.deepEqual(
      others.map(({ monitorId, to, reason }) => `${monitorId} ${to}: ${reason}`).sort(),
      ['port up: ok', 'presence up: ok'],
      'whoever asks only for a certificate, or for the port, never saw anything',
    )
  })
})
