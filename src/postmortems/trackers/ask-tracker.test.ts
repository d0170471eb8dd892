import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import { type LabCa, mintLabCa } from '../../proofs/faults/lab-ca.ts'
import { askTracker } from './ask-tracker.ts'
import { trackerKinds } from './kinds/registry.ts'
import type { TrackerSettings } from './tracker.ts'

interface Seen {
  request: IncomingMessage
  body: string
}

describe('asking a tracker', () => {
  let ca: LabCa
  let url: string
  let stop: () => Promise<void>
  let answer: (seen: Seen) => { status: number; headers?: Record<string, string>; body: string }
  const seen: Seen[] = []
  const ask = (more: Partial<TrackerSettings> = {}) => {
    const settings = trackerKinds.gitlab!.schema.parse({ kind: 'gitlab', url, project: 'a/b', token: 'tok' })
    return askTracker(
      trackerKinds.gitlab!,
      { ...settings, ca: ca.certificatePem, ...more },
      {
        clock: systemClock,
        egress: { allowPrivate: true, allow: [] },
        signal: new AbortController().signal,
      },
    )
  }

  before(async () => {
    const now = Date.now()
    ca = await mintLabCa({ subject: 'Authority of a house', now })
    const leaf = await ca.issue({ names: ['127.0.0.1'], notBefore: now - DAY, notAfter: now + DAY })
    const server = createServer({ key: leaf.keyPem, cert: leaf.chainPem }, async (request, response) => {
      const one = { request, body: await text(request) }
      seen.push(one)
      const { status, headers, body } = answer(one)
      response.writeHead(status, headers).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    stop = async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  })
  after(() => stop())

  test('an authority of one’s own is trusted where it is named, and nowhere else', async () => {
    answer = () => ({ status: 200, body: '{"id":1}' })
    assert.deepEqual((await ask()('/x')).json, { id: 1 })
    await assert.rejects(ask({ ca: undefined })('/x'), { name: 'TrackerFailed', reason: 'no-answer' })
  })

  test('what is asked is encoded, what is sent is JSON, and nothing is sent that was not given', async () => {
    answer = () => ({ status: 201, body: '{}' })
    await ask()('/things', { query: { search: 'a b&c=d', ä: '#' } })
    await ask()('/things', { method: 'POST', body: { title: 'Ünï' } })
    const [read, write] = seen.slice(-2)
    assert.equal(read!.request.url, '/api/v4/things?search=a+b%26c%3Dd&%C3%A4=%23')
    assert.deepEqual([read!.body, read!.request.headers['content-type']], ['', undefined])
    assert.deepEqual(
      [read!.request.headers['private-token'], read!.request.headers['user-agent']],
      ['tok', 'Tocsin'],
    )
    assert.deepEqual([write!.request.method, write!.body], ['POST', '{"title":"Ünï"}'])
  })

  test('redirects are followed a few times, to the same origin, and never by what changes something', async () => {
    answer = ({ request }) =>
      request.url!.endsWith('/there')
        ? { status: 200, body: '{"ok":true}' }
        : { status: 307, headers: { location: '/api/v4/there' }, body: '' }
    assert.deepEqual((await ask()('/here')).json, { ok: true })
    await assert.rejects(ask()('/here', { method: 'POST', body: {} }), { reason: 'moved' })
    answer = () => ({ status: 302, headers: { location: '/api/v4/round' }, body: '' })
    const before = seen.length
    await assert.rejects(ask()('/round'), { reason: 'moved' })
    assert.equal(seen.length - before, 3)
    answer = () => ({ status: 302, headers: { location: 'https://localhost/' }, body: '' })
    await assert.rejects(ask()('/x'), { reason: 'moved' })
  })

  test('what is no JSON, too long or cut off is a failure with its reason', async () => {
    answer = () => ({ status: 200, body: '<html>' })
    await assert.rejects(ask()('/x'), { reason: 'unreadable', message: 'HTTP 200: the answer is not JSON' })
    answer = () => ({ status: 200, body: `"${'x'.repeat(8_000_001)}"` })
    await assert.rejects(ask()('/x'), { reason: 'unreadable', message: /longer than/ })
    answer = () => ({ status: 200, headers: { 'content-length': '100' }, body: '{"id":' })
    await assert.rejects(ask()('/x'), { reason: 'no-answer' })
    answer = () => ({ status: 204, body: '' })
    assert.equal((await ask()('/x')).json, null)
  })
})
