import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { travelClock } from '../kit/clock.ts'
import type { ChannelContext, ChannelMessage } from './channel.ts'
import type { EgressPolicy } from './egress.ts'
import { channels } from './registry.ts'
import { sendThrough } from './send-through.ts'
import { checkSignature } from './webhook/signature.ts'

const NOW = Date.UTC(2026, 0, 5, 9)
const message: ChannelMessage = {
  subject: 'Documentation is down',
  text: 'The certificate expired.',
  link: { label: 'Acknowledge', url: 'https://tocsin.example.org/a/1' },
  key: 'alert-1/1/ana/webhook',
}

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

describe('messages over HTTP', () => {
  let server: Server
  let url = ''
  let answer: RequestListener = (_, response) => response.end('ok')
  const seen: Seen[] = []

  before(async () => {
    server = createServer(async (request, response) => {
      seen.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: await text(request),
      })
      answer(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  function context(
    egress: EgressPolicy = { allowPrivate: true, allow: [] },
    signal = new AbortController().signal,
  ) {
    return { clock: travelClock(NOW), signal, settings: { mail: null, egress } } satisfies ChannelContext
  }
  const status =
    (code: number, headers = {}, body = ''): RequestListener =>
    (_, response) => {
      response.writeHead(code, headers).end(body)
    }

  test('a webhook gets signed JSON with the key of the message', async () => {
    answer = status(204)
    seen.length = 0
    const address = { url: `${url}/in?room=1`, secret: 'a secret of sixteen' }
    const delivery = await sendThrough(channels, 'webhook', address, message, context())
    assert.deepEqual(delivery, { result: 'sent', detail: 'HTTP 204' })
    const [request] = seen
    assert.equal(request!.method, 'POST')
    assert.equal(request!.url, '/in?room=1')
    assert.equal(request!.headers['content-type'], 'application/json')
    assert.equal(request!.headers['idempotency-key'], encodeURIComponent(message.key))
    assert.deepEqual(JSON.parse(request!.body), {
      key: message.key,
      subject: message.subject,
      text: message.text,
      link: message.link,
      sentAt: '2026-01-05T09:00:00.000Z',
    })
    const signature = String(request!.headers['tocsin-signature'])
    assert.equal(checkSignature(signature, address.secret, request!.body, NOW), 'valid')
    assert.equal(checkSignature(signature, address.secret, `${request!.body} `, NOW), 'wrong')
  })

  test('without a secret nothing is signed', async () => {
    answer = status(200)
    seen.length = 0
    await sendThrough(channels, 'webhook', { url }, message, context())
    assert.equal(seen[0]!.headers['tocsin-signature'], undefined)
  })

  test('each status says whether another attempt makes sense', async () => {
    const expected: Record<number, string> = {
      200: 'sent',
      202: 'sent',
      301: 'refused',
      302: 'refused',
      307: 'refused',
      400: 'refused',
      401: 'refused',
      403: 'refused',
      404: 'refused',
      408: 'retry',
      410: 'refused',
      425: 'retry',
      429: 'retry',
      500: 'retry',
      503: 'retry',
    }
    for (const [code, result] of Object.entries(expected))
      for (const kind of ['webhook', 'slack', 'mattermost']) {
        answer = status(Number(code))
        const delivery = await sendThrough(channels, kind, { url }, message, context())
        assert.equal(delivery.result, result, `${kind}: HTTP ${code}`)
      }
  })

  test('a redirect is not followed', async () => {
    seen.length = 0
    answer = status(307, { location: `${url}/elsewhere` })
    const delivery = await sendThrough(channels, 'webhook', { url: `${url}/first` }, message, context())
    assert.equal(delivery.result, 'refused')
    assert.match((delivery as { reason: string }).reason, /redirects are not followed/)
    assert.deepEqual(
      seen.map((request) => request.url),
      ['/first'],
    )
  })

  test('an error word is repeated, a page is not', async () => {
    answer = status(404, {}, 'no_service')
    assert.deepEqual(await sendThrough(channels, 'slack', { url }, message, context()), {
      result: 'refused',
      reason: 'HTTP 404: no_service',
    })
    answer = status(404, {}, '<h1>Internal wages: 12,345</h1>')
    assert.deepEqual(await sendThrough(channels, 'webhook', { url }, message, context()), {
      result: 'refused',
      reason: 'HTTP 404',
    })
  })

  test('an answer without end is cut off, its status counts', async () => {
    answer = (_, response) => {
      response.writeHead(200)
      const write = () => {
        if (response.destroyed) return
        response.write('x'.repeat(10_000))
        setImmediate(write)
      }
      write()
    }
    assert.equal((await sendThrough(channels, 'webhook', { url }, message, context())).result, 'sent')
  })

  test('nobody listening and a lost connection are tried again', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    const nobody = await sendThrough(
      channels,
      'webhook',
      { url: `http://127.0.0.1:${port}` },
      message,
      context(),
    )
    assert.equal(nobody.result, 'retry')
    assert.match((nobody as { reason: string }).reason, /ECONNREFUSED/)
    answer = (request) => request.socket.destroy()
    const lost = await sendThrough(channels, 'webhook', { url }, message, context())
    assert.equal(lost.result, 'retry')
  })

  test('the signal ends an attempt that gets no answer', async () => {
    const abort = new AbortController()
    answer = () => abort.abort()
    const delivery = await sendThrough(
      channels,
      'webhook',
      { url },
      message,
      context(undefined, abort.signal),
    )
    assert.deepEqual(delivery, { result: 'retry', reason: 'no answer in time' })
    const late = await sendThrough(channels, 'webhook', { url }, message, context(undefined, abort.signal))
    assert.deepEqual(late, { result: 'retry', reason: 'stopped before it was sent' })
  })

  test('the egress policy is kept for addresses and for names', async () => {
    seen.length = 0
    answer = status(200)
    const strict: EgressPolicy = { allowPrivate: false, allow: [] }
    const { port } = server.address() as AddressInfo
    for (const address of [
      url,
      `http://localhost:${port}`,
      `http://2130706433:${port}`,
      'http://169.254.169.254/latest',
    ])
      for (const kind of ['webhook', 'slack', 'mattermost']) {
        const delivery = await sendThrough(channels, kind, { url: address }, message, context(strict))
        assert.equal(delivery.result, 'refused', address)
        assert.match((delivery as { reason: string }).reason, /egress policy/)
      }
    assert.equal(seen.length, 0)
    const listed = { allowPrivate: false, allow: ['localhost'] }
    const delivery = await sendThrough(
      channels,
      'webhook',
      { url: `http://localhost:${port}` },
      message,
      context(listed),
    )
    assert.equal(delivery.result, 'sent')
  })

  test('Slack and Mattermost get their own languages', async () => {
    answer = status(200, {}, 'ok')
    seen.length = 0
    const hostile = {
      ...message,
      subject: 'Disk *full* <!channel>',
      text: 'a & b <https://evil.example|click> @all **bold**',
    }
    await sendThrough(channels, 'slack', { url }, hostile, context())
    await sendThrough(channels, 'mattermost', { url, channel: 'ops' }, hostile, context())
    const [slack, mattermost] = seen.map((request) => JSON.parse(request.body))
    assert.deepEqual(slack, {
      text:
        '*Disk ∗full∗ &lt;!channel&gt;*\na &amp; b &lt;https://evil.example|click&gt; @all **bold**\n' +
        '<https://tocsin.example.org/a/1|Acknowledge>',
      unfurl_links: false,
      unfurl_media: false,
    })
    assert.equal(mattermost.channel, 'ops')
    assert.match(mattermost.text, /^\*\*Disk \\\*full\\\* \\<\\!channel\\>\*\*\n\n/)
    assert.match(mattermost.text, /@\u200ball \\\*\\\*bold\\\*\\\*/)
    assert.match(mattermost.text, /\n\n\[Acknowledge\]\(https:\/\/tocsin\.example\.org\/a\/1\)$/)
  })
})
