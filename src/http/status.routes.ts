import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { snapshotDirectory } from '../comms/index.ts'
import type { Clock } from '../kit/clock.ts'
import { TocsinError } from '../kit/errors.ts'
import type { HttpOptions } from './context.ts'
import { pageHtml } from './pages/layout.ts'
import { sendProblem } from './problem.ts'
import { etagOf, securityHeaders } from './security-headers.ts'

const LOOK_AGAIN = 1_000
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.atom': 'application/atom+xml; charset=utf-8',
  '.xml': 'application/rss+xml; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ics': 'text/calendar; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

interface PublishedFile {
  bytes: Buffer
  etag: string
  modified: number
  headers: Record<string, string>
  unchangedHeaders: Record<string, string>
}

/** The published files, kept in memory and looked at again at most once a second. */
export interface PublishedFiles {
  /** The file at this path below the folder; undefined when it is not there. */
  find(path: string): PublishedFile | undefined
  /** Looks whether another snapshot was published; cheap when it was done within the last second. */
  refresh(): Promise<void> | undefined
}

/** Reads what was published, so that a request costs no disk; needs neither engine nor database. */
export function publishedFiles(
  publicDirectory: string,
  clock: Clock,
  headers: Record<string, string>,
): PublishedFiles {
  let files = new Map<string, PublishedFile>()
  let version = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    // Another snapshot is another target of the link, whole from the moment it appears.
    const target = await realpath(snapshotDirectory(publicDirectory))
    if (target === version) return
    const read = new Map<string, PublishedFile>()
    const entries = await readdir(target, { recursive: true, withFileTypes: true })
    for (const entry of entries.filter((one) => one.isFile())) {
      const file = join(entry.parentPath, entry.name)
      const path = relative(target, file).split(sep).join('/')
      const modified = Math.floor((await stat(file)).mtimeMs / 1_000) * 1_000
      read.set(path, published(path, await readFile(file), modified, headers))
    }
    files = read
    version = target
  }

  return {
    find: (path) => files.get(path),
    refresh() {
      const now = clock.now()
      if (now - lookedAt < LOOK_AGAIN && now >= lookedAt) return looking
      lookedAt = now
      looking ??= look()
        .catch(() => {})
        .finally(() => {
          looking = undefined
        })
      return looking
    },
  }
}

function published(
  path: string,
  bytes: Buffer,
  modified: number,
  common: Record<string, string>,
): PublishedFile {
  const etag = etagOf(bytes)
  const shared = {
    ...common,
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'cache-control': 'public, max-age=60',
    'access-control-allow-origin': '*',
  }
  return {
    bytes,
    etag,
    modified,
    headers: {
      ...shared,
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-length': String(bytes.length),
    },
    unchangedHeaders: shared,
  }
}

const NOTHING_YET = pageHtml({
  title: 'Nothing published yet',
  body: '<p>This status page has not been published yet.</p>',
})

/** `/status/…` and the Statuspage-compatible `/api/v2/…`, from the last published snapshot. */
export function serveStatus(app: FastifyInstance, { world, publicDirectory }: HttpOptions): void {
  const files = publishedFiles(publicDirectory, world.clock, securityHeaders(world.publicUrl))

  async function serve(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
    const looking = files.refresh()
    if (looking) await looking
    const file = files.find(path) ?? files.find(`${path}.html`)
    if (!file) return missing(request, reply)
    reply.hijack()
    send(file, request.raw, reply.raw)
    return reply
  }

  /** Answers what is in memory and fresh before any routing; everything else takes the usual way. */
  function answerAtOnce(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = request
    if ((method !== 'GET' && method !== 'HEAD') || !/^\/(?:status|api\/v2)\/[\w./-]*$/.test(url)) return false
    if (files.refresh()) return false
    const path = url.startsWith('/status/') ? url.slice('/status/'.length) || 'index.html' : url.slice(1)
    const file = files.find(path) ?? files.find(`${path}.html`)
    if (file) send(file, request, response)
    return file !== undefined
  }

  // The page must stand the crowd that comes when everything else falls: a published file needs no routing.
  app.addHook('onReady', async () => {
    const usual = app.server.listeners('request') as ((...args: unknown[]) => void)[]
    app.server.removeAllListeners('request')
    app.server.on('request', (request, response) => {
      if (!answerAtOnce(request, response))
        for (const listener of usual) listener.call(app.server, request, response)
    })
  })

  function missing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (request.url.startsWith('/api/'))
      return sendProblem(world, reply, new TocsinError('not-found', 'Nothing is published at this address.'))
    return reply.code(404).header('cache-control', 'no-store').type(TYPES['.html']!).send(NOTHING_YET)
  }

  app.get('/status', (_request, reply) => reply.redirect('/status/', 308))
  app.get<{ Params: { '*': string } }>('/status/*', (request, reply) =>
    serve(request, reply, request.params['*'] || 'index.html'),
  )
  app.get<{ Params: { '*': string } }>('/api/v2/*', (request, reply) =>
    serve(request, reply, `api/v2/${request.params['*']}`),
  )
}

function send(file: PublishedFile, request: IncomingMessage, response: ServerResponse): void {
  if (isUnchanged(request, file)) response.writeHead(304, file.unchangedHeaders).end()
  else response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.bytes)
}

function isUnchanged(request: IncomingMessage, file: PublishedFile): boolean {
  const tags = request.headers['if-none-match']
  if (tags !== undefined)
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === file.etag)
  const since = request.headers['if-modified-since']
  return since !== undefined && file.modified <= Date.parse(since)
}
