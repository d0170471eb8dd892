import type { Socket } from 'node:net'
import type { Millis } from '../../kit/clock.ts'
import type { StepFailure } from '../net/failure.ts'
import type { Family } from '../net/resolve.ts'
import type { CertificateExpectations } from '../trust/expectations.ts'
import type { Inspection } from '../trust/inspect-certificate.ts'
import type { HostPort } from './fields.ts'

/** Why a database gave no answer; beside these, what stands in the way of a connection or of TLS. */
export const SQL_REASONS = [
  'sql.no-answer',
  'sql.connection-lost',
  'sql.protocol-unknown',
  'sql.tls-refused',
  'sql.auth-refused',
  'sql.database-missing',
  'sql.too-many-connections',
  'sql.not-ready',
  'sql.query-failed',
  'sql.query-timeout',
  'sql.answer-too-large',
] as const
export type SqlReason = (typeof SQL_REASONS)[number]
export type SqlFailure = StepFailure<SqlReason>

/** Which database, as whom, and what to ask. */
export interface SqlSettings {
  engine: 'postgres' | 'mysql'
  target: HostPort
  user: string
  password?: string | undefined
  database?: string | undefined
  /** Whether TLS is spoken: then no credential is sent before the certificate was judged. */
  tls: 'off' | 'require'
  expect: CertificateExpectations
  family: Family
  /** One statement, run in a transaction that can only read; none asks only for the role. */
  query?: string | undefined
  /** After this the server itself stops the statement. */
  statementTimeout: Millis
}

/** What a database answered. */
export interface SqlAnswer {
  columns: string[]
  rows: unknown[][]
  /** A replica is in recovery (PostgreSQL) or read-only (MySQL and MariaDB). */
  role: 'primary' | 'replica'
  version: string
  connectMs: Millis
  queryMs: Millis
  address: string
  inspection: Inspection | null
}

/** A conversation with one database over a socket that is open already. */
export interface SqlLine {
  socket: Socket
  settings: SqlSettings
  /** Makes the socket speak TLS and judges the certificate; throws `Refused` where it is not the right one. */
  secure(socket: Socket): Promise<Socket>
  /** Told when the server let us in. */
  onReady(): void
}

/** What an engine answers, without what all engines have in common. */
export type EngineAnswer = Pick<SqlAnswer, 'columns' | 'rows' | 'role' | 'version'>

/** A failure on its way through a driver, which knows exceptions only. */
export class Refused extends Error {
  readonly failure: StepFailure<string>
  constructor(failed: StepFailure<string>) {
    super(failed.summary)
    this.failure = failed
  }
}
