import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BEAT_HEADER, type Beat, peerOfAddress, signBeat } from '../engine/life/beat.ts'
import type { LifeConfig } from '../engine/life/config.ts'
import type { LifeBoard } from '../engine/life/life-board.ts'
import { systemClock } from '../kit/clock.ts'

export type Watcher = LifeConfig['watchers'][number]

const POST_PATIENCE = 8_000
const MOST_READ = 2_000

type Answer = { status: number; body: string } | { lost: string }

/** What became of one beat. */
export type Sent = 'taken' | 'refused' | 'lost'

/** Sends signs of life to the watchers; the program does, and the watchdog's thread while the program hangs. */
export class BeatSender {
  readonly #instance: string
  readonly #board: LifeBoard
  readonly #told: (watcher: Watcher, sent: Sent, why: string) => void
  /** Those whose answer is awaited: a watcher that hangs is not asked twice at once. */
  readonly #busy = new Set<string>()

  constructor(instance: string, board: LifeBoard, told: (watcher: Watcher, sent: Sent, why: string) => void) {
    this.#instance = instance
    this.#board = board
    this.#told = told
  }

  /** One beat to each watcher. */
  async send(watchers: Watcher[]): Promise<void> {
    await Promise.all(watchers.map((watcher) => this.#beat(watcher)))
  }

  async #beat(watcher: Watcher): Promise<void> {
    const url = new URL(watcher.url)
    const peer = peerOfAddress(url.pathname)
    if (peer === null || this.#busy.has(watcher.url)) return
    this.#busy.add(watcher.url)
    try {
      let answer = await this.#post(url, peer, watcher)
      const challenge = 'status' in answer && answer.status === 409 ? challengeIn(answer.body) : undefined
      // It does not know this start of ours yet.
      if (challenge !== undefined) answer = await this.#post(url, peer, watcher, challenge)
      if ('lost' in answer) this.#told(watcher, 'lost', answer.lost)
      else if (answer.status >= 200 && answer.status < 300) this.#told(watcher, 'taken', 'ok')
      else this.#told(watcher, 'refused', `HTTP ${answer.status}`)
    } finally {
      this.#busy.delete(watcher.url)
    }
  }

  #next(challenge?: string): Beat {
    const board = this.#board
    return {
      instance: this.#instance,
      counter: board.nextNumber(),
      sentAt: systemClock.now(),
      done: board.get('done'),
      expected: Math.floor(board.get('expected')),
      cursor: board.get('cursor'),
      alertsOpen: board.get('alertsOpen'),
      blockedMs: board.get('blockedMs'),
      engineAgeMs: Math.max(0, board.get('engineAgeMs')),
      stopping: board.get('stopping') === 1,
      ...(challenge !== undefined && { challenge }),
    }
  }

  #post(url: URL, peer: string, watcher: Watcher, challenge?: string): Promise<Answer> {
    const body = JSON.stringify(this.#next(challenge))
    return new Promise((resolve) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const call = send(
        url,
        {
          method: 'POST',
          // A connection of its own: one that was left lying about may be dead.
          agent: false,
          ...(watcher.ca !== undefined && { ca: watcher.ca }),
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            [BEAT_HEADER]: signBeat(watcher.key, peer, body),
          },
        },
        (response) => {
          let heard = ''
          const done = () => {
            response.destroy()
            resolve({ status: response.statusCode ?? 0, body: heard })
          }
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            heard += chunk
            if (heard.length > MOST_READ) done()
          })
          response.on('end', done)
          response.on('error', done)
        },
      )
      const cancel = systemClock.after(POST_PATIENCE, () => call.destroy(new Error('no answer in time')))
      call.on('error', (error: NodeJS.ErrnoException) => resolve({ lost: error.code ?? error.message }))
      call.on('close', cancel)
      call.end(body)
    })
  }
}

function challengeIn(body: string): string | undefined {
  try {
    const { challenge } = JSON.parse(body)
    return typeof challenge === 'string' && challenge.length <= 100 ? challenge : undefined
  } catch {
    return undefined
  }
}
