import type { ServerHttp2Stream } from 'node:http2'
import type { Server } from 'node:net'
import type { GrpcSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import type { LabProtocol } from '../lab-protocol.ts'

// HealthCheckResponse in a frame, by status.
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 1])
const NOT_SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 2])

const EMPTY_FRAME = 5

/** A gRPC server with the health service alone. */
export const lab: LabProtocol<GrpcSpec> = {
  kind: 'grpc',
  aim: (spec) =>
    aimAtTarget(spec, {
      speaks: 'grpc',
      secure: spec.tls === 'require',
      healthy: { service: spec.serviceName },
    }),
  server({ twist }, identity): Server {
    // Loaded with the first drill of such a monitor: a server is wanted at once.
    const { createSecureServer, createServer } = process.getBuiltinModule('node:http2')
    const server = identity ? createSecureServer(identity) : createServer()
    server.on('stream', (stream: ServerHttp2Stream) => {
      const asked: Buffer[] = []
      stream.on('error', () => {})
      stream.on('data', (chunk: Buffer) => asked.push(chunk))
      stream.once('end', () => {
        // Whoever asks for the server as a whole sends an empty message.
        const named = Buffer.concat(asked).length > EMPTY_FRAME
        const bad = twist === 'not-serving' || (twist === 'service-not-serving' && named)
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(bad ? NOT_SERVING : SERVING)
      })
    })
    server.on('sessionError', () => {})
    return server
  },
}
