/** A webhook receiver on loopback that keeps every message, duplicates included. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Received {
  key: string
  body: string
}

export interface Receiver {
  url: string
  received: Received[]
  stop(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        received.push({ key: decodeURIComponent(String(request.headers['idempotency-key'] ?? '')), body })
        response.writeHead(204).end()
      },
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
