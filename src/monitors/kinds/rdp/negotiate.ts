import type { Socket } from 'node:net'
import { failure, type StepFailure } from '../../net/failure.ts'
import {
  type ConnectionConfirm,
  connectionRequest,
  packetLength,
  readConnectionConfirm,
} from './x224.rules.ts'

export const DIALOG_REASONS = ['rdp.no-answer', 'rdp.connection-lost'] as const
export type DialogFailure = StepFailure<(typeof DIALOG_REASONS)[number]>

/**
 * Asks for a connection and reads the confirm, and not a byte more: what came with it is given back to the socket,
 * on which TLS goes on.
 */
export function negotiate(
  socket: Socket,
  user: string | undefined,
  signal: AbortSignal,
): Promise<ConnectionConfirm | DialogFailure> {
  return new Promise((resolve) => {
    let heard: Buffer = Buffer.alloc(0)
    const settle = (outcome: ConnectionConfirm | DialogFailure) => {
      signal.removeEventListener('abort', onAbort)
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd)
      resolve(outcome)
    }
    const onAbort = () => {
      socket.destroy()
      settle(
        heard.length === 0
          ? failure(
              'rdp.no-answer',
              'connected, but the server did not answer the connection request in time',
            )
          : failure('rdp.no-answer', `the connection confirm stopped after ${heard.length} bytes`),
      )
    }
    const onEnd = () => settle(failure('rdp.connection-lost', 'the server hung up on the connection request'))
    const onReadable = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
        heard = Buffer.concat([heard, chunk])
        const length = packetLength(heard)
        if (length !== null && typeof length === 'object')
          return settle({ says: 'nonsense', why: length.complaint })
        if (length === null || heard.length < length) continue
        const confirm = readConnectionConfirm(heard.subarray(0, length))
        // Listening ends first, or the unshifted bytes would be read here again.
        settle(confirm)
        if (heard.length > length) socket.unshift(heard.subarray(length))
        return
      }
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('readable', onReadable)
    socket.once('end', onEnd)
    socket.once('close', onEnd)
    socket.write(connectionRequest(user))
  })
}
