/** Two whole Tocsins watch each other; and what a stranger can do to the watch. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BEAT_HEADER, signBeat } from '../../src/engine/life/beat.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin } from '../harness/tocsin.ts'
import { BEAT_KEY } from '../harness/watcher.ts'

describe('two Tocsins that watch each other', () => {
  let [one, other]: RunningTocsin[] = []
  let configs: string[] = []

  before(async () => {
    const ports = [await freePort(), await freePort()]
    const configFor = (me: string, them: string, port: number) => `
services: {tocsin: {name: The other Tocsin}}
monitors:
  ${them}: {service: tocsin, type: peer, key: ${BEAT_KEY}, silence: 4s, stalled: 10s, every: 1s, confirm: 1}
watchers: [{url: 'http://127.0.0.1:${port}/peers/${me}/beat', key: ${BEAT_KEY}}]
watchdog: {every: 1s}
`
    configs = [configFor('east', 'west', ports[1]!), configFor('west', 'east', ports[0]!)]
    one = await startTocsin({ config: configs[0]!, port: ports[0]! })
    other = await startTocsin({ config: configs[1]!, port: ports[1]! })
  })
  after(async () => {
    await one?.stop()
    await other?.stop()
  })
  const state = async (tocsin: RunningTocsin, id: string) => {
    const found = await tocsin.api<{ state: string; reason: string; last: { summary: string } | null }>(
      'GET',
      `/api/v1/monitors/${id}`,
    )
    return `${found.state} ${found.reason}: ${found.last?.summary}`
  }

  test('both are well', async () => {
    await one!.until('east hears west', 15_000, async () =>
      (await state(one!, 'west')).startsWith('up ok: beat'),
    )
    await other!.until('west hears east', 15_000, async () =>
      (await state(other!, 'east')).startsWith('up ok: beat'),
    )
  })

  test('the frozen one is noticed by the other, and it is an alert like any other', async (t) => {
    const began = Date.now()
    process.kill(other!.pid, 'SIGSTOP')
    try {
      const alert = await one!.until('an alert', 20_000, async () => {
        const { items } = await one!.api<{ items: { title: string; state: string }[] }>(
          'GET',
          '/api/v1/alerts',
        )
        return items[0]
      })
      t.diagnostic(`SIGSTOP: alert after ${((Date.now() - began) / 1_000).toFixed(1)} s: ${alert.title}`)
      assert.match(await state(one!, 'west'), /^down peer\.silent/)
    } finally {
      process.kill(other!.pid, 'SIGCONT')
    }
    await one!.until('it is well again', 15_000, async () => (await state(one!, 'west')).startsWith('up ok'))
    // The one that slept does not blame the other for its own absence.
    assert.match(await state(other!, 'east'), /^up ok/)
  })

  test('a watcher that was down itself blames nobody for the time', async () => {
    const { folder, port } = one!
    await one!.kill()
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    one = await startTocsin({ config: configs[0]!, folder, port })
    assert.match(await state(one, 'west'), /^up ok/)
    await one.until('beats come again', 10_000, async () => /beat \d+/.test(await state(one!, 'west')))
    const alerts = await one.api<{ items: { state: string }[] }>('GET', '/api/v1/alerts')
    assert.deepEqual(
      alerts.items.filter(({ state }) => state !== 'resolved'),
      [],
    )
  })

  test('a stranger, a wrong key, another name and a beat played again are refused', async () => {
    const post = async (name: string, body: string, key = BEAT_KEY, signedFor = name) => {
      const response = await fetch(`${one!.url}/peers/${name}/beat`, {
        method: 'POST',
        body,
        headers: { [BEAT_HEADER]: signBeat(key, signedFor, body) },
      })
      return { status: response.status, body: (await response.json()) as Record<string, string> }
    }
    const beat = (counter: number, more = {}) =>
      JSON.stringify({
        instance: 'somewhere-1',
        counter,
        sentAt: 1,
        done: 0,
        expected: 0,
        cursor: 0,
        alertsOpen: 0,
        blockedMs: 0,
        engineAgeMs: 0,
        stopping: false,
        ...more,
      })
    assert.equal((await post('west', beat(1), 'another-key-of-the-same-length-000000')).status, 401)
    assert.deepEqual((await post('nobody', beat(1))).body, { reason: 'not-signed' })
    assert.equal((await post('west', beat(1), BEAT_KEY, 'east')).status, 401)
    assert.equal((await post('west', '{"instance": 1}')).status, 400)
    assert.equal((await post('west', beat(1, { pad: 'x'.repeat(3_000) }))).status, 413)
    // What was recorded earlier, of an instance that is not known: it cannot know today's challenge.
    const refused = await post('west', beat(1, { challenge: 'of-last-week' }))
    assert.deepEqual([refused.status, refused.body.reason], [409, 'challenge-wanted'])
    const { challenge } = refused.body
    assert.equal((await post('west', beat(7, { challenge }))).status, 200)
    assert.equal((await post('west', beat(7, { challenge }))).body.reason, 'replayed')
    assert.equal((await post('west', beat(6, { challenge }))).body.reason, 'reordered')
    assert.equal((await post('west', beat(8))).status, 200)
  })
})
