/** Nothing that a page does leads where checks may not go; and no bytes break the way out. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { WebSocketServer } from 'ws'
import { needs } from '../../../../test/harness/needs.ts'
import { until } from '../../../../test/harness/tocsin.ts'
import { systemClock } from '../../../kit/clock.ts'
import { LONGEST_SOCKS, readGreeting, readRequest } from './read-socks.ts'
import { sharedBrowser } from './shared-browser.ts'
import { type Site, startSite, travel, useKnownBrowser } from './site-for-tests.ts'
import { openWayOut, type WayOut } from './way-out.ts'

const METADATA = '169.254.169.254'
/** Every way in which a page may try, each telling what came of it. */
const TRIES = `<!doctype html><title>Tries</title><body><ul id="told"></ul><script>
const tell = (what, how) => { const li = document.createElement('li'); li.textContent = what + ': ' + how; told.append(li) }
const aim = 'http://${METADATA}/latest'
fetch(aim, { mode: 'no-cors' }).then(() => tell('fetch', 'reached'), () => tell('fetch', 'refused'))
fetch('/to-metadata', { mode: 'no-cors' }).then(() => tell('redirect', 'reached'), () => tell('redirect', 'refused'))
const image = new Image(); image.onload = () => tell('image', 'reached'); image.onerror = () => tell('image', 'refused'); image.src = aim
const socket = new WebSocket('ws://${METADATA}/x'); socket.onopen = () => tell('socket', 'reached'); socket.onerror = () => tell('socket', 'refused')
const worker = new Worker(URL.createObjectURL(new Blob(["fetch('" + aim + "', { mode: 'no-cors' }).then(() => postMessage('reached'), () => postMessage('refused'))"])))
worker.onmessage = (event) => tell('worker', event.data)
fetch('http://[::ffff:a9fe:a9fe]/', { mode: 'no-cors' }).then(() => tell('mapped', 'reached'), () => tell('mapped', 'refused'))
const own = new WebSocket(location.origin.replace('http', 'ws') + '/live'); own.onopen = () => tell('own socket', 'reached'); own.onerror = () => tell('own socket', 'refused')
new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + location.port }] }).createDataChannel('x')
</script>`

describe('from inside a page', needs('chromium'), () => {
  let site: Site
  before(async () => {
    useKnownBrowser()
    site = await startSite((request, response) => {
      if (request.url === '/to-metadata')
        return void response.writeHead(307, { location: `http://${METADATA}/latest` }).end()
      response.writeHead(200, { 'content-type': 'text/html' }).end(TRIES)
    })
    const sockets = new WebSocketServer({ noServer: true })
    site.onUpgrade((request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}))
  })
  after(async () => {
    site.stop()
    await sharedBrowser.stop(systemClock)
  })

  test('fetch, redirect, image, worker and socket are refused where checks are, and reach what they may', async () => {
    const tries = ['fetch', 'redirect', 'image', 'socket', 'worker', 'mapped']
    const seen = await travel({
      url: `${site.url}/`,
      stepTimeout: '8s',
      steps: [
        { expect: { count: { css: '#told li', equals: tries.length + 1 } } },
        { expect: { text: [...tries.map((what) => `${what}: refused`), 'own socket: reached'] } },
      ],
    })
    assert.equal(seen.verdict, 'up', seen.summary)
  })

  test('a name is resolved by us alone, and where it is dialled', async () => {
    const seen = await travel({ url: `http://localhost:${site.port}/` })
    assert.equal(seen.verdict, 'up', seen.summary)
    const gone = await travel({ url: 'http://gone.invalid/' })
    assert.match(gone.reason, /^dns\./, gone.summary)
  })
})

describe('the way out itself', () => {
  let way: WayOut
  let site: Site
  const controller = new AbortController()
  before(async () => {
    site = await startSite((_, response) => void response.end('reached'))
    way = await openWayOut({
      family: 'any',
      signal: controller.signal,
      divert: ({ host, port }) =>
        host === 'shop.example.org' ? { host: '127.0.0.1', port: site.port } : { host, port },
      judge: async ({ host }) =>
        host === 'judged.example.org' ? { failed: 'certificate.expired', summary: 'expired' } : null,
    })
  })
  after(() => {
    controller.abort()
    way.stop()
    site.stop()
  })
  const dial = async () => {
    const socket = connect(way.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  const to = (host: string, port: number) =>
    Buffer.concat([
      Buffer.from([5, 1, 0, 3, host.length]),
      Buffer.from(host),
      Buffer.from([port >> 8, port & 255]),
    ])
  const all = async (socket: Socket) => {
    const parts: Buffer[] = []
    socket.on('data', (chunk: Buffer) => parts.push(chunk))
    await once(socket, 'close')
    return Buffer.concat(parts)
  }

  test('connects, also when everything comes at once or byte by byte', async () => {
    const message = Buffer.concat([
      Buffer.from([5, 1, 0]),
      to('shop.example.org', 80),
      Buffer.from('GET / HTTP/1.0\r\n\r\n'),
    ])
    for (const pieces of [[message], [...message].map((byte) => Buffer.from([byte]))]) {
      const socket = await dial()
      const heard = all(socket)
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.match((await heard).toString('latin1'), /^\x05\x00\x05\x00[\s\S]*reached$/)
    }
  })

  test('says why not, and remembers it', async () => {
    const socket = await dial()
    const heard = all(socket)
    socket.write(Buffer.concat([Buffer.from([5, 1, 0]), to(METADATA, 80)]))
    assert.deepEqual([...(await heard)].slice(0, 4), [5, 0, 5, 2])
    assert.equal(way.failures.get(`${METADATA}:80`)?.failed, 'egress.refused')
  })

  test('whatever bytes come, it lives, keeps nothing open and reads no more than it must', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom([], [5, 1, 0], [5, 1, 0, 5, 1], [5, 1, 0, 5, 1, 0, 3], [5, 1, 0, 5, 1, 0, 1, 127]),
        fc.uint8Array({ maxLength: 60 }),
        async (head, tail) => {
          const socket = await dial()
          const closed = once(socket, 'close')
          socket.resume()
          // No name has such letters, and the only addresses are of this machine.
          socket.end(Buffer.from([...head, ...[...tail].map((byte) => byte | 0x80)]))
          await closed
        },
      ),
      { numRuns: 300 },
    )
    await until('nothing is open', 5_000, async () => way.open === 0)
  })

  test('the readers answer for any bytes, and never want more than fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        for (const read of [readGreeting, readRequest]) {
          const step = read(Buffer.from(bytes))
          if (step.state === 'read') assert.ok(step.used <= bytes.length)
          if (step.state === 'more') assert.ok(bytes.length <= LONGEST_SOCKS)
        }
      }),
      { numRuns: 5_000 },
    )
    const request = readRequest(Buffer.from([5, 1, 0, 4, ...new Array(15).fill(0), 1, 0, 80]))
    assert.deepEqual(request.state === 'read' && request.value, { host: '::1', port: 80 })
    assert.equal(readRequest(Buffer.from([5, 3, 0, 1, 1, 2, 3, 4, 0, 80])).state, 'malformed')
    assert.equal(readGreeting(Buffer.from([5, 1, 2])).state, 'malformed')
  })
})
