import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { acceptInvitation, createPerson, createToken, invitePerson } from '../catalog/index.ts'
import type { Role } from '../contract/route.ts'
import { createWorld } from '../engine/create-world.ts'
import { systemActor, type World } from '../engine/world.ts'
import { type Clock, systemClock } from '../kit/clock.ts'
import { DAY } from '../kit/duration.ts'
import { type Log, silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'
import type { EngineStatus, HttpOptions } from './context.ts'
import { createHttpServer } from './server.ts'

export const PUBLIC_URL = 'http://tocsin.test'
export const tester = systemActor('test')

/** A front desk; no engine runs unless a test drives one. */
export interface Desk {
  app: FastifyInstance
  world: World
  options: HttpOptions
  publicDirectory: string
  engine: EngineStatus
  /** What was logged as an error. */
  errors: object[]
  token(role: Role): Promise<string>
  /** A person who has signed in; `cookie` is the header. */
  person(role: Role, id?: string): Promise<{ id: string; cookie: string }>
  /** Calls with a token of the role, or without any. */
  call(
    role: Role | null,
    method: string,
    url: string,
    body?: unknown,
    headers?: object,
  ): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** Opens one over an empty store, or over the world of a story. */
export async function openDesk(more: Partial<HttpOptions> & { clock?: Clock } = {}): Promise<Desk> {
  const { clock = more.world?.clock ?? systemClock, ...options } = more
  const store = more.world ? null : await openStore({ directory: ':memory:', now: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-desk-'))
  const errors: object[] = []
  const log: Log = { ...silentLog, error: (fields, message) => void errors.push({ ...fields, message }) }
  const world =
    more.world ?? createWorld({ clock, store: store!, log, instance: 'test', publicUrl: PUBLIC_URL })
  const engine: EngineStatus = { running: true, startedAt: clock.now(), lastTurns: {}, configured: true }
  const all: HttpOptions = {
    version: '0.0.0-test',
    engineStatus: () => engine,
    publicDirectory: join(folder, 'public'),
    webDirectory: join(folder, 'web'),
    strictAnswers: true,
    ...options,
    world,
  }
  const app = createHttpServer(all)
  await app.ready()
  const tokens = new Map<Role, string>()
  const token = async (role: Role) => {
    if (!tokens.has(role))
      tokens.set(role, (await createToken(world, tester, { name: `the ${role}'s`, role })).secret)
    return tokens.get(role)!
  }
  return {
    app,
    world,
    options: all,
    publicDirectory: all.publicDirectory,
    engine,
    errors,
    token,
    async person(role, id = role) {
      await createPerson(world, tester, { id, name: `Person ${id}`, email: `${id}@example.org`, role })
      const { secret } = await invitePerson(world, tester, { personId: id })
      const password = 'correct horse battery staple'
      const session = await acceptInvitation(
        world,
        { secret, password },
        { ip: '127.0.0.1', userAgent: 'test' },
      )
      return { id, cookie: `tocsin_session=${session.secret}` }
    },
    async call(role, method, url, body, headers = {}) {
      return app.inject({
        method: method as InjectOptions['method'],
        url,
        headers: {
          ...(role === null ? {} : { authorization: `Bearer ${await token(role)}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    async close() {
      await app.close()
      await store?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A day from now, as the API wants it. */
export function tomorrow(world: World): string {
  return new Date(world.clock.now() + DAY).toISOString()
}
