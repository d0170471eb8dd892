/** A ping as it arrives: the parts of its address, unparsed. */
export interface PingRequest {
  /** The last part of the address: empty, `start`, `fail`, `log` or an exit status. */
  action?: string
  rid?: string
  method: string
}

export type PingAction = 'success' | 'start' | 'fail' | 'log'

export interface ParsedPing {
  action: PingAction
  exitStatus: number | null
  rid: string | null
  /** How long the run took, where the job says so itself. */
  tookMs?: number | null
}

export interface RefusedPing {
  status: 400 | 404 | 405
  text: string
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const WORDS: Record<string, PingAction> = { '': 'success', start: 'start', fail: 'fail', log: 'log' }

/** Whether a part of an address can be a slug. */
export const isSlug = (text: string): boolean => /^[a-z0-9_-]{1,63}$/.test(text)

/** Reads the grammar of ping addresses; what does not follow it is refused with the words that clients know. */
export function parsePing({ action = '', rid, method }: PingRequest): ParsedPing | RefusedPing {
  if (!['GET', 'HEAD', 'POST'].includes(method)) return { status: 405, text: 'method not allowed' }
  if (rid !== undefined && !UUID.test(rid)) return { status: 400, text: 'invalid uuid format' }
  const id = rid?.toLowerCase() ?? null
  if (Object.hasOwn(WORDS, action)) return { action: WORDS[action]!, exitStatus: null, rid: id }
  if (!/^\d+$/.test(action)) return { status: 404, text: 'not found' }
  const exitStatus = Number(action)
  if (exitStatus > 255) return { status: 400, text: 'invalid url format' }
  return { action: exitStatus === 0 ? 'success' : 'fail', exitStatus, rid: id }
}

/** What Uptime Kuma's push address says: `?status=up|down&msg=…&ping=<ms>`. */
export interface PushRequest {
  status?: unknown
  msg?: unknown
  ping?: unknown
}

const LONGEST_PUSHED = 365 * 86_400_000

/** Reads a push as clients of Uptime Kuma mean it: whatever is not `down` is up. */
export function parsePush({ status, msg, ping }: PushRequest): ParsedPing & { body: string | null } {
  const took = typeof ping === 'string' && ping !== '' ? Number.parseFloat(ping) : Number.NaN
  return {
    action: status === 'down' ? 'fail' : 'success',
    exitStatus: null,
    rid: null,
    tookMs: took >= 0 && took <= LONGEST_PUSHED ? Math.round(took) : null,
    body: typeof msg === 'string' && msg !== '' ? msg : null,
  }
}
