import type { Clock, Millis } from '../../../kit/clock.ts'
import { failure, type StepFailure } from '../../net/failure.ts'
import { answers, type Identity, readMessage, type SipResponse } from './message.rules.ts'
import type { Link, LinkFailure } from './open-link.ts'

/** Timers of RFC 3261, 17.1.2: the first repetition, and the longest pause between two. */
export const T1: Millis = 500
export const T2: Millis = 4_000
/** Of so many datagrams or messages that answer nothing, one more is no accident. */
const MOST_FOREIGN = 1_000

export type TransactFailure = LinkFailure | StepFailure<'sip.no-answer'>

/** The final answer to a request. */
export interface Answered {
  response: SipResponse
  /** How often the request was sent. */
  sends: number
}

/** Sends one request and waits for its final answer; over UDP the request is repeated. */
export function transact(
  link: Link,
  asked: Identity & { message: Buffer },
  clock: Clock,
  signal: AbortSignal,
): Promise<Answered | TransactFailure> {
  return new Promise((resolve) => {
    let sends = 0
    let foreign = 0
    let nonsense: string | null = null
    let provisional: number | null = null
    let pause = T1
    let cancel = () => {}
    const settle = (outcome: Answered | TransactFailure) => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      link.listen(
        () => {},
        () => {},
      )
      resolve(outcome)
    }
    const onAbort = () => settle(silence(sends, nonsense, provisional))
    const onMessage = (message: Buffer) => {
      const read = readMessage(message)
      if (read.is === 'response' && answers(read.response, asked)) {
        if (read.response.status >= 200) return settle({ response: read.response, sends })
        provisional = read.response.status
        // Whoever works on it already is asked less often.
        pause = T2
        return
      }
      if (read.is === 'nonsense') nonsense = read.why
      if (++foreign > MOST_FOREIGN)
        settle(failure('sip.malformed', `${MOST_FOREIGN} messages came, and none answers the request`))
    }
    const send = () => {
      sends++
      link.send(asked.message)
      if (link.reliable) return
      cancel = clock.after(pause, send)
      pause = Math.min(pause * 2, T2)
    }
    if (signal.aborted) return settle(failure('sip.no-answer', 'there was no time left to ask'))
    signal.addEventListener('abort', onAbort, { once: true })
    send()
    link.listen(onMessage, settle)
  })
}

function silence(sends: number, nonsense: string | null, provisional: number | null): TransactFailure {
  if (nonsense !== null)
    return failure('sip.malformed', `no answer came, but something that is no SIP message: ${nonsense}`)
  if (provisional !== null) return failure('sip.no-answer', `the server said ${provisional} and then no more`)
  const times = sends === 1 ? '' : ` although it was asked ${sends} times`
  return failure('sip.no-answer', `no answer came in time${times}`)
}
