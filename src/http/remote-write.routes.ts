import type { FastifyInstance } from 'fastify'
import { readCoMovement, remoteWrite } from '../contract/metrics.ts'
import { iso } from '../kit/clock.ts'
import { TocsinError } from '../kit/errors.ts'
import {
  findCoMovement,
  readRemoteWrite,
  receiveSamples,
  seriesText,
  writeVersionOf,
} from '../monitors/index.ts'
import { binder, type RoomRoutes } from './bind.ts'
import type { HttpOptions } from './context.ts'
import { millis } from './presenting.ts'

// Prometheus sends two thousand samples at once: a tenth of this.
const MOST_BYTES = 8 * 1024 * 1024

/** A body that is bytes and not JSON; nothing of it shows to who looks for members. */
class Bytes {
  readonly #bytes: Buffer
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  read(): Buffer {
    return this.#bytes
  }
}

/** Prometheus' remote write, in a scope of its own: its bodies are not JSON. */
export function serveRemoteWrite(app: FastifyInstance, options: HttpOptions, bound: Set<string>): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) =>
    done(null, new Bytes(body as Buffer)),
  )
  const { world } = options
  binder(
    app,
    options,
    bound,
  )(remoteWrite, async ({ actor, request, reply }) => {
    // The answer tells which version was understood, also where the request is refused: a sender may fall back.
    const version = writeVersionOf(request.headers['content-type'])
    if (version === null)
      throw new TocsinError(
        'wrong-media-type',
        'Send application/x-protobuf, of prometheus.WriteRequest or io.prometheus.write.v2.Request.',
      )
    if (request.headers['content-encoding']?.toLowerCase() !== 'snappy')
      throw new TocsinError('wrong-media-type', 'Send the body as a Snappy block: Content-Encoding: snappy.')
    const body = request.body instanceof Bytes ? request.body.read() : Buffer.alloc(0)
    const written = readRemoteWrite(body, version)
    if ('malformed' in written)
      throw new TocsinError('invalid-input', `The remote write cannot be read: ${written.malformed}.`)
    const { samples } = await receiveSamples(world, actor, written.series)
    if (version === '2')
      reply.headers({
        'X-Prometheus-Remote-Write-Samples-Written': String(samples),
        // These are not kept, and a sender that counts shall know.
        'X-Prometheus-Remote-Write-Histograms-Written': '0',
        'X-Prometheus-Remote-Write-Exemplars-Written': '0',
      })
    return undefined
  })
}

/** Questions about series. */
export const seriesRoutes: RoomRoutes = (bind, { world }) => {
  bind(readCoMovement, async ({ actor, query }) => {
    const [from, to] = [millis(query.from), millis(query.to)]
    const { baselineMs, query: promql, limit } = query
    const found = await findCoMovement(world, actor, { from, to, baselineMs, query: promql })
    return {
      from: iso(from),
      to: iso(to),
      baselineFrom: iso(found.baselineFrom),
      looked: found.looked,
      moved: found.moved.slice(0, limit).map(({ series, onset, score, correlation, ...one }) => ({
        ...one,
        labels: series.labels,
        name: seriesText(series.labels).slice(0, 500),
        monitorId: series.monitorId,
        score: Number(score.toFixed(2)),
        correlation: correlation === null ? null : Number(correlation.toFixed(3)),
        onset: iso(onset),
        points: series.points
          .filter(({ at, value }) => at >= found.baselineFrom && at <= to && Number.isFinite(value))
          .filter((_, index, all) => index % Math.ceil(all.length / 120) === 0)
          .map(({ at, value }): [number, number] => [at, value]),
      })),
      problems: found.problems,
    }
  })
}
