import type { Socket } from 'node:net'
import type { Clock, Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import { failure } from '../../net/failure.ts'
import { type Dialog, type DialogFailure, said } from './dialog.ts'

export interface ConversationOptions {
  clock: Clock
  /** The deadline of the whole check. */
  signal: AbortSignal
  /** How long the other side may take for one answer. */
  stepMs: Millis
}

// Of what is heard before anybody is trusted.
const MOST_HEARD = 262_144
const DEFAULT_MOST = 4_096

/** Leads dialogs over one connection: each answer in its time, and no more bytes than an answer needs. */
export class Conversation {
  readonly #socket: Socket
  readonly #options: ConversationOptions
  #heard: Buffer = Buffer.alloc(0)
  #total = 0
  #over: DialogFailure | null = null
  #wake: (() => void) | null = null
  readonly #onReadable = () => this.#wake?.()
  readonly #onOver = (error?: unknown) => {
    const how = error instanceof Error ? 'the connection broke' : 'the other side hung up'
    this.#over ??= failure('closed', how)
    this.#wake?.()
  }

  constructor(socket: Socket, options: ConversationOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('readable', this.#onReadable)
    for (const event of ['end', 'close', 'error']) socket.on(event, this.#onOver)
  }

  /** Leads one dialog to its end. */
  async lead<Outcome extends object>(dialog: Dialog<Outcome>): Promise<Outcome | DialogFailure> {
    for (let step = dialog.next(); ; ) {
      if (step.done) return step.value
      const { say, take, most = DEFAULT_MOST, waiting } = step.value
      if (say !== undefined && !this.#socket.destroyed) this.#socket.write(say)
      const answer = take ? await this.#listen(take, most, waiting) : Buffer.alloc(0)
      if ('failed' in answer) return answer
      step = dialog.next(answer)
    }
  }

  /** Lets go of the connection for TLS; fails when more was said than was asked for, since nobody vouches for it. */
  async release(): Promise<DialogFailure | object> {
    // What came in the same packet as the last answer, or right behind it.
    await new Promise((resolve) => setImmediate(resolve))
    this.#pull()
    this.#socket.removeListener('readable', this.#onReadable)
    for (const event of ['end', 'close', 'error']) this.#socket.removeListener(event, this.#onOver)
    if (this.#heard.length === 0) return {}
    const text = said(this.#heard.subarray(0, 60).toString('latin1'))
    return failure(
      'injection',
      `${this.#heard.length} bytes came in the open after TLS was agreed on (${text}): ` +
        'somebody on the way may put words into the mouth of the server',
    )
  }

  async #listen(
    take: (heard: Buffer) => number,
    most: number,
    waiting: string,
  ): Promise<Buffer | DialogFailure> {
    const { clock, signal, stepMs } = this.#options
    let late = false
    const cancel = clock.after(stepMs, () => {
      late = true
      this.#wake?.()
    })
    const onAbort = () => this.#wake?.()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      for (;;) {
        const taken = Math.min(take(this.#heard), this.#heard.length)
        if (taken > 0) {
          const answer = this.#heard.subarray(0, taken)
          this.#heard = this.#heard.subarray(taken)
          return answer
        }
        if (this.#heard.length >= most)
          return failure('too-long', `${this.#heard.length} bytes came, and ${waiting} was not among them`)
        if (this.#total > MOST_HEARD) return failure('too-long', `the other side talks without end`)
        // No more is read than is needed: whoever talks without end is held back by the kernel.
        if (this.#pull()) continue
        if (signal.aborted || late) return this.#hung(waiting, signal.aborted ? null : stepMs)
        if (this.#over)
          return failure(this.#over.failed, `${this.#over.summary} while ${waiting} was waited for`)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = null
      }
    } finally {
      cancel()
      signal.removeEventListener('abort', onAbort)
    }
  }

  #hung(waiting: string, stepMs: Millis | null): DialogFailure {
    const within = stepMs === null ? 'in time' : `within ${formatDuration(stepMs)}`
    if (this.#heard.length === 0) return failure('hung', `connected, but ${waiting} did not come ${within}`)
    const begun = said(this.#heard.subarray(0, 60).toString('latin1'))
    return failure('hung', `${waiting} began with ${begun} and did not end ${within}`)
  }

  #pull(): boolean {
    const chunk = this.#socket.read() as Buffer | null
    if (chunk === null) return false
    this.#total += chunk.length
    this.#heard = this.#heard.length === 0 ? chunk : Buffer.concat([this.#heard, chunk])
    return true
  }
}
