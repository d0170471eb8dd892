/** What a drill says about cutting a place off, beside what happens when its probe is really frozen. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { DrillRun } from '../../src/contract/proofs.ts'
import type { Evidence } from '../../src/proofs/index.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningProbe, startProbe } from '../harness/probe.ts'
import { type RunningTocsin, startTocsin } from '../harness/tocsin.ts'
import { startWebhook, type Webhook } from '../harness/watcher.ts'

/** Far shorter than the usual two minutes; what is noticed and how is the same. */
const SILENCE = 20

describe('a place is cut off', () => {
  let tocsin: RunningTocsin
  let hook: Webhook
  const probes = new Map<string, RunningProbe>()
  const shop = createServer((socket) => socket.end())

  before(async () => {
    hook = await startWebhook()
    const port = await freePort()
    shop.listen(port, '127.0.0.1')
    await once(shop, 'listening')
    tocsin = await startTocsin({
      config: `
people: { ana: { name: Ana, email: ana@lab.example, contacts: [{ kind: webhook, address: { url: "${hook.url}" } }] } }
services: { shop: { name: Shop } }
policies: { usual: { default: true, steps: [{ notify: [{ person: ana }], wait: 5m }], lastResort: { people: [ana] } } }
monitors:
  shop: { service: shop, type: tcp, target: "127.0.0.1:${port}", every: 1s, timeout: 900ms, places: [here, berlin, tokyo], quorum: 2 }
  berlin-probe: { service: shop, type: place, place: berlin, silence: ${SILENCE}s, every: 1s, confirm: 1 }
drills: { cut: { kind: cut-off-a-place, monitor: berlin-probe, expect: { paged: ana, within: 1m, outage: 1m } } }
`,
    })
    const asked = await hook.waitFor('the contact is asked to verify itself', /./, 20_000)
    const link = /https?:[^"\s]+\/verify\/[\w.-]+/.exec(JSON.stringify(asked))![0]
    const secret = link.split('/verify/')[1]
    const verified = await fetch(`${tocsin.url}/verify/${secret}`, {
      method: 'POST',
      headers: { origin: tocsin.url },
    })
    assert.equal(verified.status, 200)
    for (const place of ['berlin', 'tokyo']) {
      const { secret: token } = await tocsin.api<{ secret: string }>('POST', '/api/v1/tokens', {
        name: place,
        role: 'viewer',
        scope: `probe:${place}`,
      })
      probes.set(place, await startProbe({ url: tocsin.url, place, token }))
    }
  })
  after(async () => {
    for (const probe of probes.values()) await probe.stop()
    await tocsin?.stop()
    await hook?.stop()
    shop.close()
  })

  const monitor = (id: string) =>
    tocsin.api<{ state: string; reason: string; since: string }>('GET', `/api/v1/monitors/${id}`)

  test('the drill foretells what the real thing then does', async (t) => {
    await tocsin.until('both places report', 60_000, async () => {
      const { last } = await tocsin.api<{ last: { details?: { places?: { place: string }[] } } | null }>(
        'GET',
        '/api/v1/monitors/shop',
      )
      return last?.details?.places?.length === 3
    })
    const asked = await tocsin.api<DrillRun>('POST', '/api/v1/drills/cut/run')
    const run = await tocsin.until('the drill ends', 60_000, async () => {
      const now = await tocsin.api<DrillRun>('GET', `/api/v1/drill-runs/${asked.id}`)
      return now.finishedAt !== null && now
    })
    assert.equal(run.state, 'passed', run.reason)
    const { silentAfterMs, monitors } = (run.evidence as Evidence).cut!
    assert.deepEqual([monitors[0]!.verdict, monitors[0]!.badAfterMs], ['up', null])
    assert.equal((await monitor('berlin-probe')).state, 'up', 'the drill cut nothing off')
    assert.deepEqual(
      hook.told.filter(({ subject }) => /berlin/.test(subject)),
      [],
      'and told nobody',
    )

    const berlin = probes.get('berlin')!
    const began = Date.now()
    process.kill(berlin.pid, 'SIGSTOP')
    try {
      await hook.waitFor('Ana is paged', /berlin-probe/, 90_000)
      const took = Date.now() - began
      t.diagnostic(`foretold ${silentAfterMs! / 1_000} s, paged after ${(took / 1_000).toFixed(1)} s`)
      // A probe asks every fifteen seconds and delivers every second: its last word is at most that old.
      assert.ok(took > (SILENCE - 2) * 1_000, `${took} ms`)
      assert.equal((await monitor('berlin-probe')).reason, 'place.silent')
      assert.equal((await monitor('shop')).state, 'up', 'two of three still say that it is well')
      shop.close()
      await tocsin.until(
        'the others see the outage',
        60_000,
        async () => (await monitor('shop')).state === 'down',
      )
    } finally {
      process.kill(berlin.pid, 'SIGCONT')
    }
  })
})
