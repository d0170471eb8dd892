import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { until } from '../../test/harness/tocsin.ts'
import { signOut } from '../catalog/index.ts'
import { defineFact, lastSeq } from '../engine/facts.ts'
import { type Desk, openDesk, PUBLIC_URL, tester } from './desk-for-tests.ts'
import { LONGEST_CATCH_UP } from './events.routes.ts'

const happened = defineFact<{ text: string }>('test.happened')

interface Watcher {
  response: IncomingMessage
  text(): string
  ids(): number[]
  ended(): boolean
  leave(): void
}

describe('live changes', () => {
  let desk: Desk
  let port: number
  const open: ClientRequest[] = []

  before(async () => {
    desk = await openDesk()
    await desk.app.listen({ host: '127.0.0.1', port: 0 })
    port = (desk.app.server.address() as AddressInfo).port
  })
  afterEach(() => {
    for (const one of open.splice(0)) one.destroy()
  })
  after(() => desk.close())

  async function watch(headers: Record<string, string>): Promise<Watcher> {
    const asked = request({ host: '127.0.0.1', port, path: '/api/v1/events', headers })
    open.push(asked)
    asked.end()
    asked.on('error', () => {})
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    let text = ''
    let ended = false
    response.setEncoding('utf8')
    response.on('data', (chunk) => {
      text += chunk
    })
    response.on('close', () => {
      ended = true
    })
    return {
      response,
      text: () => text,
      ids: () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
      ended: () => ended,
      leave: () => asked.destroy(),
    }
  }
  const viewer = async () => ({ authorization: `Bearer ${await desk.token('viewer')}` })
  const write = (text: string) =>
    desk.world.transact((tx) =>
      happened.append(tx, desk.world, { subject: 'thing', actor: tester, data: { text } }),
    )

  test('each fact is told as it is written, by number, type and subject, but not what it says', async () => {
    const watcher = await watch(await viewer())
    assert.equal(watcher.response.statusCode, 200)
    assert.match(String(watcher.response.headers['content-type']), /^text\/event-stream/)
    const fact = await write('a secret detail')
    await until('the fact arrives', 5_000, async () => watcher.ids().includes(fact.seq))
    const [, data] = new RegExp(`id: ${fact.seq}\\nevent: fact\\ndata: (.*)\\n\\n`).exec(watcher.text())!
    const event = JSON.parse(data!)
    assert.deepEqual(Object.keys(event), ['seq', 'type', 'subject', 'at'])
    assert.deepEqual([event.seq, event.type, event.subject], [fact.seq, 'test.happened', 'thing'])
    assert.ok(!watcher.text().includes('secret detail'))
  })

  test('who comes back with Last-Event-ID misses nothing and hears nothing twice', async () => {
    const headers = await viewer()
    const from = await lastSeq(desk.world.store.read)
    await write('while away')
    await write('still away')
    const watcher = await watch({ ...headers, 'last-event-id': String(from) })
    await write('back')
    await until('all three arrive', 5_000, async () => watcher.ids().length >= 3)
    assert.deepEqual(watcher.ids(), [from + 1, from + 2, from + 3])
  })

  test('who was away for too long, or comes from another log, fetches everything anew', async () => {
    const head = await lastSeq(desk.world.store.read)
    for (const last of [head + 1_000, Number.MAX_SAFE_INTEGER.toString().slice(0, 15)]) {
      const watcher = await watch({ ...(await viewer()), 'last-event-id': String(last) })
      await until('the reset arrives', 5_000, async () => watcher.text().includes('event: reset'))
      assert.ok(watcher.ids()[0]! <= (await lastSeq(desk.world.store.read)))
    }
    assert.ok(LONGEST_CATCH_UP > 100)
  })

  test('a stream ends with its session', async () => {
    const { cookie } = await desk.person('viewer', 'leaver')
    const watcher = await watch({ cookie, origin: PUBLIC_URL })
    assert.equal(watcher.response.statusCode, 200)
    await signOut(desk.world, cookie.split('=')[1]!)
    await until('the stream ends', 5_000, async () => watcher.ended())
  })

  test('a page of another site cannot listen with the session of somebody else', async () => {
    const { cookie } = await desk.person('viewer', 'victim')
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of foreign) {
      const watcher = await watch({ cookie, ...headers })
      assert.equal(watcher.response.statusCode, 403)
    }
    const own = await watch({ cookie })
    assert.equal(
      own.response.statusCode,
      200,
      'a same-origin EventSource of an old browser sends neither header',
    )
  })

  test('strangers hear nothing', async () => {
    const watcher = await watch({})
    assert.equal(watcher.response.statusCode, 401)
  })

  test('a reader that does not read is dropped, and the others go on', async () => {
    const slow = await watch(await viewer())
    slow.response.pause()
    const quick = await watch(await viewer())
    const metrics = async () =>
      Number(/^tocsin_live_streams (\d+)$/m.exec((await desk.call('viewer', 'GET', '/metrics')).body)![1])
    await until('both watch', 5_000, async () => (await metrics()) === 2)
    const subject = 'x'.repeat(100_000)
    let last = 0
    await until('the slow one is dropped', 20_000, async () => {
      last = (
        await desk.world.transact((tx) =>
          happened.append(tx, desk.world, { subject, actor: tester, data: { text: '' } }),
        )
      ).seq
      return (await metrics()) === 1
    })
    await until('the quick one has heard all', 5_000, async () => quick.ids().includes(last))
  })

  test('closing the server ends the streams, so that it does not wait for them', async () => {
    const other = await openDesk()
    await other.app.listen({ host: '127.0.0.1', port: 0 })
    const { port: otherPort } = other.app.server.address() as AddressInfo
    const asked = request({
      host: '127.0.0.1',
      port: otherPort,
      path: '/api/v1/events',
      headers: { authorization: `Bearer ${await other.token('viewer')}` },
    })
    asked.end()
    asked.on('error', () => {})
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    const ended = once(response, 'close')
    await other.close()
    await ended
  })
})
