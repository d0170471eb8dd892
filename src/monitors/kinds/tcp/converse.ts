import type { Socket } from 'node:net'
import { failure, type StepFailure } from '../../net/failure.ts'

// An answer is searched in its first bytes; a server that talks without end must not fill the memory.
const MOST_READ = 65_536

export type ConversationFailure = StepFailure<'no-answer' | 'answer-unexpected' | 'connection-lost'>

/** Sends a text, and waits for the expected text when there is one. */
export function converse(
  socket: Socket,
  send: string | undefined,
  contains: string | undefined,
  signal: AbortSignal,
): Promise<{ bytes: number } | ConversationFailure> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0)
    const settle = (outcome: { bytes: number } | ConversationFailure) => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(outcome)
    }
    const unexpected = () =>
      settle(failure('answer-unexpected', `the answer lacks "${contains}": ${excerpt(heard)}`))
    const onAbort = () =>
      heard.length > 0 ? unexpected() : settle(failure('no-answer', 'connected, but no answer came in time'))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      if (contains !== undefined && heard.includes(contains)) settle({ bytes: heard.length })
      else if (heard.length > MOST_READ) unexpected()
    })
    const onEnd = () =>
      heard.length > 0
        ? unexpected()
        : settle(failure('connection-lost', 'the other side hung up without an answer'))
    socket.once('end', onEnd)
    socket.once('close', onEnd)
    if (send !== undefined)
      socket.write(withControls(send), () => contains === undefined && settle({ bytes: 0 }))
  })
}

const ESCAPES: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' }
const withControls = (text: string) => text.replace(/\\([rnt0\\])/g, (_, letter: string) => ESCAPES[letter]!)

/** The beginning of an answer, fit for one line. */
function excerpt(heard: Buffer): string {
  return JSON.stringify(heard.subarray(0, 80).toString('latin1'))
}
