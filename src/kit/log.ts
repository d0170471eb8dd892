import pino from 'pino'
import { redact } from './redact.ts'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  debug(fields: object, message: string): void
}

/** JSON lines on standard error; secrets are redacted before they are written. */
export function openLog(level: string): Log {
  const log = pino(
    { level, base: null, formatters: { log: (fields) => redact(fields) } },
    pino.destination(2),
  )
  return log
}

export const silentLog: Log = { info() {}, warn() {}, error() {}, debug() {} }
