import type { Socket } from 'node:net'

/** Says a banner to whoever connects, and listens to nothing. */
export function greeter(banner: string | null): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => {})
    socket.resume()
    if (banner !== null) socket.write(banner)
  }
}
