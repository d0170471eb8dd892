import { createServer } from 'node:net'
import type { SqlSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'
import { playMysql } from './play-mysql.ts'
import { playPostgres } from './play-postgres.ts'

/** What the database of a drill answers to satisfy the monitor. */
export interface PlayedDatabase {
  engine: SqlSpec['engine']
  role: 'primary' | 'replica'
  /** In the first column of each row. */
  value: string | null
  rows: number
  /** The limits of the monitor; null where it has none. */
  min: number | null
  max: number | null
  fewest: number | null
  most: number | null
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
  const { min, max, fewest, most } = healthy
  // Where there is no limit, what only a limit could see.
  if (twist === 'value-low') return { ...healthy, value: String(min === null ? -1e9 : min - 1) }
  if (twist === 'value-high') return { ...healthy, value: String(max === null ? 1e9 : max + 1) }
  if (twist === 'rows-missing') return { ...healthy, rows: Math.max(0, (fewest ?? 2) - 1) }
  if (twist === 'rows-extra') return { ...healthy, rows: (most ?? healthy.rows) + 1 }
  if (twist === 'wrong-value') return { ...healthy, value: 'unexpected', rows: healthy.rows + 1 }
  return healthy
}

function aimSql(spec: SqlSpec, sample?: string): Aim | null {
  const { expect, engine } = spec
  const secure = spec.tls === 'require'
  // The played MySQL does not speak TLS.
  if (engine === 'mysql' && secure) return null
  const wanted = expect.value === undefined ? (expect.min ?? expect.max ?? 1) : expect.value
  const healthy: PlayedDatabase = {
    engine,
    role: expect.role ?? 'primary',
    value: sample ?? (wanted === null ? null : String(wanted)),
    rows: Math.min(
      expect.rows ?? Math.min(Math.max(expect.minRows ?? 1, 1), expect.maxRows ?? 1_000),
      MOST_ROWS,
    ),
    min: expect.min ?? null,
    max: expect.max ?? null,
    fewest: expect.rows ?? expect.minRows ?? null,
    most: expect.rows ?? expect.maxRows ?? null,
  }
  return aimAtTarget(spec, { speaks: 'sql', secure, healthy })
}
