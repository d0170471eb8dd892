import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  type Answer,
  closeServers,
  contactOf,
  datagrams,
  digest,
  observe,
  register,
  removes,
  respond,
  stream,
  value,
} from './servers-for-tests.ts'

after(closeServers)

describe('the log-in', () => {
  test('never sends the password, and counts the nonce when it is used again', async () => {
    const server = await datagrams((request) =>
      value(request, 'Authorization') ? [register(request)] : [respond(request, '401 No', digest('n1'))],
    )
    const seen = await observe(server.port, { method: 'register' })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.ok(!server.heard.join().includes('secret'))
    assert.deepEqual(
      server.heard.map((request) => /nc=(\d+)/.exec(request)?.[1] ?? null),
      [null, '00000001', '00000002'],
    )
    assert.deepEqual(
      server.heard.map((request) => value(request, 'CSeq')),
      ['1 REGISTER', '2 REGISTER', '3 REGISTER'],
    )
  })

  test('is repeated once where the nonce went stale', async () => {
    const stale = await datagrams((request, count) => {
      if (count === 1) return [respond(request, '401 No', digest('n1'))]
      if (count === 2) return [respond(request, '401 No', digest('n2', ', stale=true'))]
      return [register(request)]
    })
    assert.equal((await observe(stale.port, { method: 'register' })).reason, 'ok')
    const always = await datagrams((request, count) => [
      respond(request, '401 No', digest(`n${count}`, ', stale=true')),
    ])
    assert.equal((await observe(always.port, { method: 'register' })).reason, 'sip.unauthorized')
    assert.equal(always.heard.length, 3)
  })

  test('for proxy and registrar is made with each', async () => {
    const server = await datagrams((request) => {
      if (!value(request, 'Proxy-Authorization'))
        return [respond(request, '407 Proxy', digest('p').replace('WWW', 'Proxy'))]
      if (!value(request, 'Authorization')) return [respond(request, '401 No', digest('r'))]
      return [register(request)]
    })
    assert.equal((await observe(server.port, { method: 'register' })).reason, 'ok')
  })

  test('with a nonce for one use is made anew to take the binding back', async () => {
    let open = ''
    const server = await datagrams((request, count) => {
      const used = /nonce="([^"]*)"/.exec(value(request, 'Authorization') ?? '')?.[1]
      if (used !== undefined && used === open) {
        open = ''
        return [register(request)]
      }
      open = `n${count}`
      return [respond(request, '401 No', digest(open))]
    })
    const seen = await observe(server.port, { method: 'register' })
    assert.deepEqual([seen.reason, seen.values.unregistered], ['ok', true])
  })

  test('that asks for the unknown is not answered', async () => {
    const server = await datagrams((request) => [
      respond(request, '401 No', digest('n').replace('MD5', 'SHA3-512')),
    ])
    const seen = await observe(server.port, { method: 'register' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.challenge-unsupported'])
    assert.match(seen.summary, /asking for SHA3-512\/auth/)
  })
})

describe('the binding', () => {
  const bound = (request: string) => !removes(request)

  test('for too short a time is asked for again, as long as the registrar wants', async () => {
    const server = await datagrams((request) =>
      /expires=60$/m.test(value(request, 'Contact')!)
        ? [respond(request, '423 Brief', 'Min-Expires: 120')]
        : [register(request)],
    )
    const seen = await observe(server.port, { method: 'register' })
    assert.deepEqual([seen.reason, seen.values.grantedSeconds], ['ok', 120])
    const absurd = await datagrams((request) => [respond(request, '423 Brief', 'Min-Expires: 99999999')])
    assert.equal((await observe(absurd.port, { method: 'register' })).reason, 'sip.status-unexpected')
  })

  test('of others is not mistaken for our own', async () => {
    const server = await datagrams((request) => [
      respond(request, '200 OK', 'Contact: <sip:phone@10.0.0.1>;expires=3600'),
    ])
    const seen = await observe(server.port, { method: 'register' })
    assert.equal(seen.reason, 'sip.not-bound')
    assert.match(seen.summary, /only other contacts are listed \(1\)/)
    assert.ok(removes(server.heard.at(-1)!))
  })

  test('is taken back where the answer was slow, or wrong, or never came', async () => {
    const cases: [string, Answer, string][] = [
      ['slow', (request) => [register(request)], 'slow'],
      [
        'a strange success',
        (request) => [respond(request, '202 Later', contactOf(request))],
        'sip.status-unexpected',
      ],
      ['lost', (request) => (bound(request) ? [] : [respond(request, '200 OK')]), 'sip.no-answer'],
    ]
    for (const [what, answer, reason] of cases) {
      const { port } = await datagrams(answer, reason === 'slow' ? 20 : 0)
      const expect = reason === 'slow' ? { maxLatency: '0ms' } : { status: 200 }
      const seen = await observe(port, { method: 'register', timeout: '1200ms', expect })
      assert.equal(seen.reason, reason, what)
      assert.equal(seen.values.unregistered, true, what)
    }
  })

  test('is taken back over another connection where the first one broke', async () => {
    const removed: string[] = []
    const server = await stream((socket, request) => {
      if (bound(request)) return void socket.destroy()
      removed.push(value(request, 'Contact')!)
      socket.write(respond(request, '200 OK'))
    })
    const seen = await observe(server.port, { method: 'register', transport: 'tcp' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.connection-lost'])
    assert.equal(seen.values.unregistered, true)
    assert.equal(removed[0], value(server.heard[0]!, 'Contact')!.replace('expires=60', 'expires=0'))
  })

  test('is given a last word at the deadline, which nobody waits for', async () => {
    const server = await datagrams(() => [])
    const seen = await observe(server.port, { method: 'register', timeout: '300ms' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.no-answer'])
    assert.equal(seen.values.unregistered, false)
    for (let i = 0; i < 50 && server.heard.filter(removes).length < 2; i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    assert.ok(server.heard.filter(removes).length >= 2)
  })

  test('is not taken back where there was none', async () => {
    const server = await datagrams((request) => [respond(request, '403 Forbidden')])
    await observe(server.port, { method: 'register' })
    assert.equal(server.heard.length, 1)
  })

  test('is looked for at the other node, which may learn of it a moment later', async () => {
    let known = ''
    const main = await datagrams((request) => {
      known = removes(request) ? '' : contactOf(request)
      return [register(request)]
    })
    const asked = (request: string) => value(request, 'Contact') === null
    const backup = await datagrams((request, count) => [
      respond(request, '200 OK', ...(asked(request) && count > 1 ? [known] : [])),
    ])
    const settings = { method: 'register', alsoAt: `127.0.0.1:${backup.port}` }
    const seen = await observe(main.port, settings)
    assert.deepEqual([seen.verdict, seen.reason, seen.values.unregistered], ['up', 'ok', true], seen.summary)
    assert.deepEqual([backup.heard.length, backup.heard.every(asked)], [2, true])

    const alone = await datagrams((request) => [respond(request, '200 OK')])
    const missing = await observe(main.port, { ...settings, alsoAt: `127.0.0.1:${alone.port}` })
    assert.deepEqual([missing.verdict, missing.reason], ['degraded', 'sip.not-replicated'])
    assert.match(missing.summary, /not at 127\.0\.0\.1:\d+: 200 OK, 0 other contacts/)
    assert.equal(missing.values.unregistered, true)
    const refusing = await observe(main.port, { ...settings, alsoAt: '127.0.0.1:1' })
    assert.equal(refusing.reason, 'sip.not-replicated')
    assert.match(refusing.summary, /refused/)
  })
})
