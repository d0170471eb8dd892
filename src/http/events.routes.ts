import type { FastifyInstance, FastifyReply } from 'fastify'
import { type LiveEvent, readEvents } from '../contract/system.ts'
import { type Fact, factsAfter, lastSeq } from '../engine/facts.ts'
import { iso } from '../kit/clock.ts'
import { SECOND } from '../kit/duration.ts'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import { actorOf } from './authenticate.ts'
import type { RoomRoutes } from './bind.ts'
import type { HttpOptions, Identity } from './context.ts'
import { securityHeaders } from './security-headers.ts'

const HEARTBEAT = 15 * SECOND
// With PostgreSQL another replica may have written what no commit of ours tells.
const LOOK_ROUND = SECOND
const BATCH = 500
/** Whoever is further behind than this fetches everything anew. */
export const LONGEST_CATCH_UP = 5_000
// What may wait in a slow client's socket before it is dropped; it comes back with Last-Event-ID.
const SLOWEST = 256 * 1024
const MOST_STREAMS = 500

interface Stream {
  reply: FastifyReply
  identity: Identity
  seq: number
}

/** One reader of the log for all streams of this process. */
export interface LiveStreams {
  routes: RoomRoutes
  close(): void
  /** How many are open. */
  count(): number
}

/** `/api/v1/events`: every fact's number, type and subject as it is written; what it says is fetched. */
export function liveStreams(options: HttpOptions): LiveStreams {
  const { world } = options
  const streams = new Set<Stream>()
  let reading = false
  let again = false
  let cancelTick = () => {}
  let sinceHeartbeat = 0

  const end = (stream: Stream) => {
    streams.delete(stream)
    stream.reply.raw.end()
    if (streams.size === 0) cancelTick()
  }
  const write = (stream: Stream, text: string) => {
    stream.reply.raw.write(text)
    if (stream.reply.raw.writableLength <= SLOWEST) return
    streams.delete(stream)
    stream.reply.raw.destroy()
  }
  const tell = (stream: Stream, facts: Fact[]) => {
    const fresh = facts.filter((fact) => fact.seq > stream.seq)
    if (fresh.length === 0) return
    stream.seq = fresh.at(-1)!.seq
    write(stream, fresh.map(writeEvent).join(''))
  }

  async function read(): Promise<void> {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        const from = Math.min(...[...streams].map((stream) => stream.seq))
        if (!Number.isFinite(from)) break
        const facts = await factsAfter(world.store.read, from, BATCH)
        for (const stream of [...streams]) tell(stream, facts)
        if (facts.some((fact) => /^(person|token|session)\./.test(fact.type))) await recheck()
        if (facts.length === BATCH) again = true
      } while (again)
    } catch (error) {
      world.log.error({ error: reasonOf(error) }, 'live streams could not read the log')
    } finally {
      reading = false
    }
  }

  /** A stream ends with its session: on sign-out, a changed password, a revoked token. */
  async function recheck(): Promise<void> {
    for (const stream of [...streams]) if (!(await actorOf(options, stream.identity))) end(stream)
  }

  function tick(): void {
    cancelTick = world.clock.after(LOOK_ROUND, () => {
      if (streams.size === 0) return
      sinceHeartbeat += LOOK_ROUND
      if (sinceHeartbeat >= HEARTBEAT) {
        sinceHeartbeat = 0
        for (const stream of [...streams]) write(stream, ': still here\n\n')
        recheck().catch((error) =>
          world.log.error({ error: reasonOf(error) }, 'live streams could not look at their sessions'),
        )
      }
      void read()
      tick()
    })
  }

  const unsubscribe = world.onCommit(() => void read())
  return {
    count: () => streams.size,
    close() {
      unsubscribe()
      for (const stream of [...streams]) end(stream)
      cancelTick()
    },
    routes(bind) {
      bind(readEvents, async ({ request, reply }) => {
        if (streams.size >= MOST_STREAMS)
          throw new TocsinError('too-many-requests', `There are ${MOST_STREAMS} live streams already.`)
        const head = await lastSeq(world.store.read)
        const asked = request.headers['last-event-id']
        const last = typeof asked === 'string' && /^\d{1,15}$/.test(asked) ? Number(asked) : head
        const tooFar = last > head || head - last > LONGEST_CATCH_UP
        reply.hijack()
        reply.raw.writeHead(200, {
          ...securityHeaders(world.publicUrl),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // nginx must not hold events back.
          'x-accel-buffering': 'no',
        })
        const stream: Stream = { reply, identity: request.identity!, seq: tooFar ? head : last }
        streams.add(stream)
        reply.raw.on('close', () => {
          streams.delete(stream)
          if (streams.size === 0) cancelTick()
        })
        reply.raw.on('error', () => streams.delete(stream))
        write(stream, `retry: 2000\n${tooFar ? `event: reset\nid: ${head}\ndata: {}\n` : ': welcome\n'}\n`)
        if (streams.size === 1) {
          cancelTick()
          sinceHeartbeat = 0
          tick()
        }
        void read()
        return undefined
      })
    },
  }
}

function writeEvent(fact: Fact): string {
  const event: LiveEvent = { seq: fact.seq, type: fact.type, subject: fact.subject, at: iso(fact.at) }
  return `id: ${fact.seq}\nevent: fact\ndata: ${JSON.stringify(event)}\n\n`
}

/** Streams end when the server begins to close; otherwise it would wait for them. */
export function endStreamsOnClose(app: FastifyInstance, streams: LiveStreams): void {
  app.addHook('preClose', async () => streams.close())
}
