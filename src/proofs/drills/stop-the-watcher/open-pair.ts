import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Millis, sleep } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import type { Disposable, StartDisposable } from '../../disposable.ts'

/** What the watcher sent to its contact. */
export interface Told {
  subject: string
  text: string
  at: Millis
}

/** A Tocsin and its watcher, both started for one drill, and the contact of the watcher. */
export interface Pair {
  watched: Disposable
  told: readonly Told[]
  /** How many signs of life the watcher has taken. */
  beats(): number
  /** Waits until something is so, or this long. */
  until(isSo: () => boolean, atMost: Millis): Promise<boolean>
  close(): Promise<void>
}

/** One of the two did not come up; `printed` is what it said. */
export class NotStarted extends Error {
  readonly printed: string
  constructor(message: string, printed: string) {
    super(message)
    this.printed = printed.slice(-2_000)
  }
}

const START_PATIENCE = 60 * SECOND
const LOOK_EVERY = 50
// So many signs of life show that the watch works before it is tried.
const BEATS_BEFORE = 3
const LARGEST_MESSAGE = 100_000

/** Starts both on loopback and answers once the watcher has heard from the other several times. */
export async function openPair(options: {
  startDisposable: StartDisposable
  clock: Clock
  peer: string
  silence: string
}): Promise<Pair> {
  const { startDisposable, clock, peer, silence } = options
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-drill-'))
  const told: Told[] = []
  const contact = await openContact((subject, text) => told.push({ subject, text, at: clock.now() }))
  const started: Disposable[] = []
  const until = async (isSo: () => boolean, atMost: Millis) => {
    for (const end = clock.now() + atMost; !isSo(); await sleep(clock, LOOK_EVERY))
      if (clock.now() > end) return false
    return true
  }
  const close = async () => {
    await Promise.all(started.map((one) => one.end()))
    contact.close()
    contact.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
  const start = async (what: string, args: string[], says: RegExp): Promise<Disposable> => {
    const process = startDisposable(args)
    started.push(process)
    await until(() => says.test(process.printed()) || process.hasEnded(), START_PATIENCE)
    if (!says.test(process.printed()))
      throw new NotStarted(`${what} did not start: this says nothing of the watch.`, process.printed())
    return process
  }
  try {
    const key = randomBytes(33).toString('base64url')
    const state = join(folder, 'watch-state.json')
    const contactUrl = `http://127.0.0.1:${portOf(contact)}/`
    const watcher = await start(
      'The watcher',
      ['watch-peer', write(folder, 'watch.yaml', watcherFile({ peer, key, silence, state, contactUrl }))],
      WATCHES,
    )
    const url = `${WATCHES.exec(watcher.printed())![1]}/peers/${peer}/beat`
    const config = write(folder, 'tocsin.yaml', watchedFile({ url, key, port: portOf(contact) }))
    const data = join(folder, 'data')
    const watched = await start(
      'The Tocsin of the drill',
      ['serve', '--host', '127.0.0.1', '--port', '0', '--data', data, '--config', config],
      /listening on /,
    )
    const beats = () => beatsIn(state, peer)
    if (!(await until(() => beats() >= BEATS_BEFORE, START_PATIENCE)))
      throw new NotStarted('The watcher never heard from the Tocsin of the drill.', watched.printed())
    return { watched, told, beats, until, close }
  } catch (error) {
    await close()
    throw error
  }
}

const WATCHES = /watching \S+ on (http:\S+)/

const portOf = (server: Server) => (server.address() as AddressInfo).port

function write(folder: string, name: string, settings: object): string {
  const file = join(folder, name)
  // JSON is YAML too; and the key is for these two processes alone.
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  return file
}

function watcherFile(of: { peer: string; key: string; silence: string; state: string; contactUrl: string }) {
  return {
    listen: '127.0.0.1:0',
    state: of.state,
    peers: { [of.peer]: { key: of.key, silence: of.silence } },
    contacts: [{ kind: 'webhook', address: { url: of.contactUrl } }],
  }
}

/** A Tocsin that looks at one port of this machine, tells nobody, and sends signs of life. */
function watchedFile({ url, key, port }: { url: string; key: string; port: number }) {
  return {
    services: { drill: { name: 'Drill' } },
    monitors: { contact: { service: 'drill', type: 'tcp', target: `127.0.0.1:${port}`, every: '1s' } },
    watchers: [{ url, key }],
    watchdog: { every: '1s' },
  }
}

/** What the watcher has written down of a peer. */
function beatsIn(state: string, peer: string): number {
  if (!existsSync(state)) return 0
  const { peers } = JSON.parse(readFileSync(state, 'utf8')) as {
    peers?: Record<string, { heard?: { beats?: number } }>
  }
  return peers?.[peer]?.heard?.beats ?? 0
}

/** The contact of the watcher: a web hook of this drill. */
async function openContact(hear: (subject: string, text: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => {
      body += part
      if (body.length > LARGEST_MESSAGE) request.destroy()
    })
    request.on('end', () => {
      const { subject, text } = readMessage(body)
      hear(subject, text)
      response.writeHead(200).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function readMessage(body: string): { subject: string; text: string } {
  try {
    const { subject, text } = JSON.parse(body) as Record<string, unknown>
    return { subject: String(subject ?? ''), text: String(text ?? '') }
  } catch {
    return { subject: 'not readable', text: body }
  }
}
