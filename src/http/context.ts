import type { LifeBoard } from '../engine/life/life-board.ts'
import type { Actor, World } from '../engine/world.ts'
import type { Proposer } from '../postmortems/index.ts'

/** How the engine is doing, told by whoever drives it. */
export interface EngineStatus {
  /** False with `--no-engine`: this process only serves. */
  running: boolean
  startedAt: number
  /** When each loop last came round. */
  lastTurns: Record<string, number>
  /** False until the configuration has been applied. */
  configured: boolean
}

export interface HttpOptions {
  world: World
  version: string
  engineStatus: () => EngineStatus
  /** The watchdog's figures; null or left out where none runs. */
  life?: () => LifeBoard | null
  /** How the canary fared; null or left out where none is kept. */
  canary?: () => { runs: number; missed: number; lastTookMs: number | null } | null
  /** Who may be asked for proposals to an import; nobody, where it is left out. */
  proposer?: () => Proposer
  /** Where the status page is published. */
  publicDirectory: string
  /** Where the browser application was built; it need not exist. */
  webDirectory: string
  /** Answers /metrics without a token. */
  publicMetrics?: boolean
  /** Proxies whose X-Forwarded-For counts: addresses, ranges, or `loopback`. */
  trustProxy?: string | string[] | boolean
  /** In tests an answer that does not keep to the contract is a failure; live it is logged and sent. */
  strictAnswers?: boolean
}

/** Who calls, and how they showed it. */
export interface Identity {
  actor: Actor
  via: 'session' | 'token'
  /** The session's or token's secret, to look at it again while a stream is open. */
  secret: string
}

export const SESSION_COOKIE = 'tocsin_session'

/** Stands for the caller of a public route: may do nothing. */
export const NOBODY: Actor = { id: 'system:anonymous', name: 'somebody', role: 'viewer', personId: null }

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null
  }
}
