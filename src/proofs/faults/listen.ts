import type { AddressInfo, Server, Socket } from 'node:net'
import type { RunningFault } from './fault.ts'

/** Where all of a drill's servers are. */
export const HOST = '127.0.0.1'

/** Listens on loopback; stopping it destroys what is still connected. */
export function listen(
  server: Server,
  onStop: () => void = () => {},
  at: { host: string; port: number } = { host: HOST, port: 0 },
): Promise<RunningFault> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, () => {
      const { port } = server.address() as AddressInfo
      resolve({
        host: HOST,
        port,
        stop: () =>
          new Promise((done) => {
            onStop()
            server.close(() => done())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}
