import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { RunningFault } from './fault.ts'
import { HOST } from './listen.ts'

/** A server over UDP on loopback: what it answers to each datagram; null is silence. */
export async function listenForDatagrams(
  onMessage: (message: Buffer, answer: (text: Buffer) => void) => void,
  onStop: () => void = () => {},
): Promise<RunningFault> {
  const socket = await bound()
  let stopped = false
  socket.on('error', () => {})
  socket.on('message', (message: Buffer, from: RemoteInfo) =>
    onMessage(message, (text) => void (stopped || socket.send(text, from.port, from.address, () => {}))),
  )
  return running(socket, () => {
    stopped = true
    onStop()
  })
}

/** Datagrams arrive and nobody reads them: what a frozen process looks like over UDP. */
export function startDatagramTarpit(): Promise<RunningFault> {
  return listenForDatagrams(() => {})
}

/**
 * A port where nobody hears a datagram, for as long as this runs: the socket that holds it is connected to itself,
 * so that the kernel answers everybody else as it answers for a closed port.
 */
export async function startDatagramRefusal(): Promise<RunningFault> {
  const socket = await bound()
  socket.connect(socket.address().port, HOST)
  await once(socket, 'connect')
  return running(socket, () => {})
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, HOST)
  await once(socket, 'listening')
  return socket
}

function running(socket: Socket, onStop: () => void): RunningFault {
  return {
    host: HOST,
    port: socket.address().port,
    stop: () =>
      new Promise((done) => {
        onStop()
        socket.close(() => done())
      }),
  }
}
