import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp2Server, type Http2Server } from 'node:http2'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import {
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { readResponseFrame, requestFrame } from './health-message.ts'
import { grpc } from './index.ts'

const closing: (() => void)[] = []
const sockets = new Set<Socket>()
let root: Minted
let leaf: Minted

before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: 'CN=api', names: ['api.example.org'], by: root })
})
after(() => {
  for (const close of closing) close()
  for (const socket of sockets) socket.destroy()
})

type Answer = { status: number } | { code: status; details: string } | 'never'

/** A real gRPC server with the health service, or without any. */
async function serve(
  answer: ((service: string, metadata: Record<string, unknown>) => Answer) | null,
  secure = false,
) {
  const server = new GrpcServer()
  const method = {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: () => Buffer.alloc(0),
    // The length of a service's name takes two bytes from 128 on.
    requestDeserialize: (bytes: Buffer) => ({ service: bytes.subarray(bytes[1]! > 127 ? 3 : 2).toString() }),
    responseSerialize: (value: number) => (value === 0 ? Buffer.alloc(0) : Buffer.from([0x08, value])),
    responseDeserialize: (bytes: Buffer) => bytes,
  } as const
  const check = (call: ServerUnaryCall<{ service: string }, number>, done: sendUnaryData<number>) => {
    const given = answer!(call.request.service, call.metadata.getMap())
    if (given === 'never') return
    if ('status' in given)
      setTimeout(() => done(null, given.status), call.request.service === 'slow' ? 60 : 0)
    else done({ code: given.code, details: given.details })
  }
  if (answer) server.addService({ Check: method }, { Check: check })
  const credentials = secure
    ? ServerCredentials.createSsl(null, [
        { private_key: Buffer.from(leaf.key), cert_chain: Buffer.from(leaf.cert) },
      ])
    : ServerCredentials.createInsecure()
  closing.push(() => server.forceShutdown())
  return new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port))),
  )
}

async function listen(server: Server | Http2Server): Promise<number> {
  closing.push(() => server.close())
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function observe(port: number, options: Record<string, unknown> = {}) {
  const spec = grpc.schema.parse({ target: `127.0.0.1:${port}`, tls: 'off', timeout: '3s', ...options })
  return checkOnce(grpc, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

async function expects(verdict: string, reason: string, ...given: Parameters<typeof observe>) {
  const seen = await observe(...given)
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
  assert.ok(grpc.reasons.includes(seen.reason))
  assert.ok(!seen.summary.includes('\n'))
  return seen
}

describe('a real server', () => {
  test('serving, not serving, unknown: of the server and of a service', async () => {
    const port = await serve((service) =>
      service === 'gone'
        ? { code: status.NOT_FOUND, details: 'no such' }
        : { status: service === 'jobs' ? 2 : 1 },
    )
    const seen = await expects('up', 'ok', port)
    assert.match(seen.summary, /^the server serves, answered in \d+ms$/)
    await expects('up', 'ok', port, { serviceName: 'a'.repeat(300) })
    const down = await expects('down', 'grpc.not-serving', port, { serviceName: 'jobs' })
    assert.equal(down.summary, 'the service jobs is NOT_SERVING')
    await expects('down', 'grpc.service-unknown', port, { serviceName: 'gone' })
    await expects('down', 'grpc.service-unknown', await serve(() => ({ status: 3 })))
    await expects('down', 'grpc.not-serving', await serve(() => ({ status: 0 })))
    await expects('degraded', 'grpc.slow', port, { serviceName: 'slow', expect: { maxLatency: '30ms' } })
  })

  test('without a health service, refused, failing, and silent', async () => {
    await expects('down', 'grpc.unimplemented', await serve(null))
    const guarded = await serve((_, metadata) =>
      metadata.authorization === 'Bearer x'
        ? { status: 1 }
        : { code: status.UNAUTHENTICATED, details: 'who?' },
    )
    await expects('down', 'grpc.refused', guarded)
    await expects('up', 'ok', guarded, { headers: { authorization: 'Bearer x' } })
    const broken = await serve(() => ({ code: status.UNAVAILABLE, details: 'no\nback end' }))
    const seen = await expects('down', 'grpc.failed', broken)
    assert.equal(seen.summary, 'the health check failed with UNAVAILABLE: no back end')
    await expects('down', 'grpc.no-answer', await serve(() => 'never'), { timeout: '200ms' })
  })

  test('over TLS the certificate is judged before anything is asked', async () => {
    let asked = 0
    const port = await serve(() => {
      asked++
      return { status: 1 }
    }, true)
    const tls = { tls: 'require' }
    const expect = { ca: root.cert, name: 'api.example.org' }
    const seen = await expects('up', 'ok', port, { ...tls, expect })
    assert.equal(seen.certificate?.subject, 'CN=api')
    await expects('down', 'certificate.name-mismatch', port, { ...tls, expect: { ca: root.cert } })
    assert.equal(asked, 1)
    await expects('degraded', 'certificate.expires-soon', port, {
      ...tls,
      expect: { ...expect, warn: '200d' },
    })
    await expects('unknown', 'tls.ca-unreadable', port, { ...tls, expect: { ca: '/nowhere/ca.pem' } })
    const old = createTlsServer({ key: leaf.key, cert: leaf.cert, ALPNProtocols: ['http/1.1'] })
    old.on('tlsClientError', () => {})
    const other = await observe(await listen(old), { ...tls, expect })
    assert.ok(['grpc.no-http2', 'tls.handshake-failed'].includes(other.reason), other.reason)
    const none = createTlsServer({ key: leaf.key, cert: leaf.cert })
    await expects('down', 'grpc.no-http2', await listen(none), { ...tls, expect })
  })
})

describe('what is no gRPC', () => {
  test('each way has its reason', async () => {
    const raw = (talk: (socket: Socket) => void) => listen(createServer(talk))
    await expects('down', 'grpc.no-answer', await raw((socket) => socket.resume()), { timeout: '150ms' })
    await expects(
      'down',
      'grpc.connection-lost',
      await raw((socket) => socket.once('data', () => socket.destroy())),
    )
    await expects(
      'down',
      'grpc.no-http2',
      await raw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const http2 = createHttp2Server((_, response) => response.end('hello'))
    const seen = await expects('down', 'grpc.answer-malformed', await listen(http2))
    assert.match(seen.summary, /no gRPC: status 200, no type/)
    const endless = createHttp2Server((_, response) => {
      response.writeHead(200, { 'content-type': 'application/grpc' })
      response.end(Buffer.alloc(200_000))
    })
    await expects('down', 'grpc.answer-malformed', await listen(endless))
    const forbidden = createHttp2Server((_, response) => response.writeHead(403).end())
    await expects('down', 'grpc.refused', await listen(forbidden))
  })

  test('whatever bytes come, there is a verdict, and in time', async () => {
    let bytes: Uint8Array = new Uint8Array()
    const port = await listen(createServer((socket) => socket.once('data', () => socket.end(bytes))))
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 120 }), async (polite, tail) => {
        bytes = polite ? Buffer.concat([settings, tail]) : tail
        const seen = await observe(port, { timeout: '300ms' })
        assert.equal(seen.verdict, 'down', seen.summary)
        assert.ok(grpc.reasons.includes(seen.reason), seen.reason)
      }),
      { numRuns: 300 },
    )
  })
})

describe('messages', () => {
  test('as they are on the wire', () => {
    assert.deepEqual([...requestFrame('')], [0, 0, 0, 0, 0])
    assert.deepEqual([...requestFrame('ab')], [0, 0, 0, 0, 4, 0x0a, 2, 0x61, 0x62])
    assert.deepEqual([...requestFrame('x'.repeat(300))].slice(0, 8), [0, 0, 0, 1, 47, 0x0a, 0xac, 2])
    const frame = (...bytes: number[]) => readResponseFrame(Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]))
    assert.equal(frame(), 'UNKNOWN')
    assert.equal(frame(8, 1), 'SERVING')
    assert.equal(frame(18, 2, 9, 9, 8, 2), 'NOT_SERVING')
    assert.equal(frame(8, 77), 'UNKNOWN')
    for (const bad of [[8], [18, 9, 1], [8, 0xff], [11], [9, 1]]) assert.equal(frame(...bad), null)
    assert.equal(readResponseFrame(Buffer.from([1, 0, 0, 0, 0])), null)
  })

  test('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const frame = Buffer.from([0, 0, 0, 0, bytes.length, ...bytes])
        const read = readResponseFrame(frame)
        assert.ok(read === null || typeof read === 'string')
      }),
      { numRuns: 5_000 },
    )
  })

  test('targets as they are typed', () => {
    assert.deepEqual(grpc.schemes!.grpcs!('grpcs://api.example.org:443/jobs.v1.Jobs'), {
      target: 'api.example.org:443',
      serviceName: 'jobs.v1.Jobs',
      tls: 'require',
    })
    assert.deepEqual(grpc.schemes!.grpc!('grpc://[::1]:50051'), {
      target: '[::1]:50051',
      serviceName: '',
      tls: 'off',
    })
  })
})
