import { createServer } from 'node:net'
import type { SqlSpec } from '../../../monitors/index.ts'
import { certificateExpectation, shorten, trustChanges, trusting } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { playMysql } from './play-mysql.ts'
import { playPostgres } from './play-postgres.ts'

/** What the database of a drill answers to satisfy the monitor. */
export interface PlayedDatabase {
  engine: SqlSpec['engine']
  role: 'primary' | 'replica'
  /** In the first column of each row. */
  value: string | null
  rows: number
}

// More would make a drill a load test.
const MOST_ROWS = 1_000

/** A database that knows one answer. */
export const lab: LabProtocol<SqlSpec> = {
  kind: 'sql',
  aim: aimSql,
  server({ expects, twist }, identity) {
    const played = twisted(expects.healthy as PlayedDatabase, twist)
    return createServer((socket) => {
      socket.on('error', () => {})
      if (played.engine === 'postgres') playPostgres(socket, played, identity, twist)
      else playMysql(socket, played, twist)
    })
  },
}

function twisted(healthy: PlayedDatabase, twist: string | undefined): PlayedDatabase {
  if (twist === 'wrong-role') return { ...healthy, role: healthy.role === 'primary' ? 'replica' : 'primary' }
  if (twist === 'wrong-value') return { ...healthy, value: 'unexpected', rows: healthy.rows + 1 }
  return healthy
}

function aimSql(spec: SqlSpec, sample?: string): Aim | null {
  const { expect, target, engine } = spec
  const secure = spec.tls === 'require'
  // The played MySQL does not speak TLS.
  if (engine === 'mysql' && secure) return null
  const name = expect.name ?? target.host
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.maxLatency ?? null)
  const wanted = expect.value === undefined ? (expect.min ?? expect.max ?? 1) : expect.value
  const healthy: PlayedDatabase = {
    engine,
    role: expect.role ?? 'primary',
    value: sample ?? (wanted === null ? null : String(wanted)),
    rows: Math.min(
      expect.rows ?? Math.min(Math.max(expect.minRows ?? 1, 1), expect.maxRows ?? 1_000),
      MOST_ROWS,
    ),
  }
  return {
    expects: {
      speaks: 'sql',
      secure,
      name,
      ...certificateExpectation(expect),
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy,
      latencyMs,
      timeoutMs,
    },
    changes: [...changes, ...(secure ? trustChanges(expect) : [])],
    at: ({ host, port }, lab): SqlSpec => ({
      ...spec,
      target: { host, port },
      expect: {
        ...(secure ? trusting(expect, lab) : expect),
        name,
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}
