import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ChannelMap, describeAddress, sendThrough } from '../../channels/index.ts'
import { isBeatSigned, parseBeat } from '../../engine/life/beat.ts'
import { beginWatch, goOnWatching, judgePeer, neverHeard, takeBeat } from '../../engine/life/peer.rules.ts'
import type { Clock } from '../../kit/clock.ts'
import { SECOND } from '../../kit/duration.ts'
import { reasonOf } from '../../kit/errors.ts'
import { canonicalJson } from '../../kit/json.ts'
import type { Log } from '../../kit/log.ts'
import { type PeerState, readState, type WatcherState, writeState } from './keep-state.ts'
import { type BeatAnswer, peerDesk } from './peer-desk.ts'
import { nothingSaid, type Outgoing, retryAfter, stepPages } from './peer-page.rules.ts'
import type { WatcherContact, WatcherSettings } from './settings.ts'

/** A watcher that listens. */
export interface RunningWatcher {
  url: string
  stop(): Promise<void>
}

const TURN = SECOND
// In a longer gap the watcher itself was away: nothing was listened to.
const LONGEST_TURN = 5 * SECOND
const SEND_PATIENCE = 30 * SECOND
const SAVE_EVERY = 5

const contactKey = ({ kind, address }: WatcherContact) => `${kind} ${canonicalJson(address)}`
const newChallenge = () => randomBytes(18).toString('base64url')

/** Watches other Tocsins: takes their beats, judges their silence, and pages by its own channels. */
export class PeerWatcher {
  readonly #settings: WatcherSettings
  readonly #channels: ChannelMap
  readonly #clock: Clock
  readonly #log: Log
  readonly #state: WatcherState
  readonly #sending = new Set<Outgoing>()
  readonly #stopping = new AbortController()
  #turns = 0
  #at: number
  #saved = true
  #cancel = () => {}

  constructor(settings: WatcherSettings, channels: ChannelMap, clock: Clock, log: Log) {
    this.#settings = settings
    this.#channels = channels
    this.#clock = clock
    this.#log = log
    this.#at = clock.now()
    const before = readState(settings.stateFile)
    // Peers that were taken out of the file are forgotten.
    this.#state = Object.fromEntries(
      Object.keys(settings.peers).map((name) => [name, before[name] ?? this.#unknown()]),
    )
    // Written once at the start: who cannot keep anything must not begin.
    writeState(settings.stateFile, this.#state)
  }

  #unknown(): PeerState {
    const heard = neverHeard(newChallenge())
    return { heard, watch: beginWatch(heard), pages: nothingSaid }
  }

  async listen(): Promise<RunningWatcher> {
    const { host, port, tls } = this.#settings
    const desk = peerDesk(
      tls,
      (...beat) => this.#take(...beat),
      () => this.#saved,
    )
    desk.listen(port, host)
    await once(desk, 'listening')
    this.#turn()
    const heard = (desk.address() as AddressInfo).port
    return {
      url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${heard}`,
      stop: async () => {
        this.#cancel()
        this.#stopping.abort()
        desk.close()
        desk.closeAllConnections()
        this.#save()
      },
    }
  }

  #take(name: string, body: string, signature: unknown): BeatAnswer {
    const peer = Object.hasOwn(this.#settings.peers, name) ? this.#settings.peers[name]! : null
    // An unknown name costs the same time as a wrong key, and is answered in the same words.
    const signed = isBeatSigned(peer?.key ?? newChallenge(), name, body, signature)
    if (!peer || !signed) return { status: 401, body: { reason: 'not-signed' } }
    const beat = parseBeat(body)
    if (!beat) return { status: 400, body: { reason: 'not-a-beat' } }
    const state = this.#state[name]!
    const { taken, reason, heard } = takeBeat(state.heard, beat, this.#clock.now(), newChallenge())
    if (!taken) {
      if (reason !== 'challenge-wanted') this.#log.warn({ peer: name, reason }, 'a beat was refused')
      const asks = reason === 'challenge-wanted' ? { challenge: heard.challenge } : {}
      return { status: 409, body: { reason, ...asks } }
    }
    state.heard = heard
    // On the disk before it is answered: after a restart the same beat must not count again.
    return this.#save() ? { status: 200, body: { reason } } : { status: 503, body: { reason: 'not-kept' } }
  }

  #save(): boolean {
    try {
      writeState(this.#settings.stateFile, this.#state)
      this.#saved = true
    } catch (error) {
      if (this.#saved) this.#log.error({ error: reasonOf(error) }, 'the state cannot be written')
      this.#saved = false
    }
    return this.#saved
  }

  #turn(): void {
    const now = this.#clock.now()
    const listened = Math.min(LONGEST_TURN, Math.max(0, now - this.#at))
    this.#at = now
    try {
      this.#judge(now, listened)
    } catch (error) {
      this.#log.error({ error: reasonOf(error) }, 'a turn failed and the next one follows')
    }
    this.#cancel = this.#clock.after(TURN, () => this.#turn())
  }

  #judge(now: number, listened: number): void {
    const contacts = this.#settings.contacts.map(contactKey)
    let said = false
    for (const [name, limits] of Object.entries(this.#settings.peers)) {
      const state = this.#state[name]!
      state.watch = goOnWatching(state.watch, state.heard, listened)
      const judged = judgePeer(state.heard, state.watch, limits)
      const step = stepPages(state.pages, name, judged, contacts, now, listened, this.#settings.remind)
      state.pages = step.pages
      if (step.reason === 'turned-ill' || step.reason === 'came-back' || step.reason === 'reminder') {
        said = true
        this.#log.warn({ peer: name, reason: judged.reason }, `${step.reason}: ${judged.summary}`)
      }
    }
    // What is to be said is on the disk before it is said.
    if (said || ++this.#turns % SAVE_EVERY === 0) this.#save()
    for (const name of Object.keys(this.#state)) this.#deliver(this.#state[name]!, listened)
  }

  #deliver(state: PeerState, listened: number): void {
    for (const outgoing of state.pages.outgoing) {
      if (this.#sending.has(outgoing)) continue
      outgoing.waitMs -= listened
      if (outgoing.waitMs > 0) continue
      this.#sending.add(outgoing)
      void this.#send(state, outgoing).finally(() => this.#sending.delete(outgoing))
    }
  }

  async #send(state: PeerState, outgoing: Outgoing): Promise<void> {
    const contact = this.#settings.contacts.find((one) => contactKey(one) === outgoing.contact)
    const dropped = () => {
      state.pages = { ...state.pages, outgoing: state.pages.outgoing.filter((one) => one !== outgoing) }
      this.#save()
    }
    if (!contact) return dropped()
    const { key, subject, text } = outgoing
    const delivery = await sendOnce(
      this.#channels,
      contact,
      { key, subject, text },
      this.#settings,
      this.#clock,
      [this.#stopping.signal],
    )
    const to = describeAddress(this.#channels, contact.kind, contact.address)
    if (delivery.result === 'sent') return dropped()
    this.#log.error({ to, why: delivery.reason, tries: outgoing.tries + 1 }, 'a page was not delivered')
    // A refusal may be a mistake of the moment too, and there is nobody else to tell: it is tried again, slowly.
    outgoing.tries += delivery.result === 'refused' ? 5 : 1
    outgoing.waitMs = retryAfter(outgoing.tries)
  }
}

/** One attempt to reach a contact, with its own deadline. */
export async function sendOnce(
  channels: ChannelMap,
  contact: WatcherContact,
  message: { key: string; subject: string; text: string },
  settings: WatcherSettings,
  clock: Clock,
  signals: AbortSignal[] = [],
) {
  const late = new AbortController()
  const cancel = clock.after(SEND_PATIENCE, () => late.abort())
  try {
    const context = { clock, signal: AbortSignal.any([late.signal, ...signals]), settings: settings.channels }
    return await sendThrough(channels, contact.kind, contact.address, message, context)
  } finally {
    cancel()
  }
}
