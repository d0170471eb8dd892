import type { Migration } from './migration.ts'
import { migration as monitorHistory } from './migrations/h001-monitor-history.ts'
import { migration as placeCursors } from './migrations/h002-place-cursors.ts'

/** Of the history database: a file of its own on SQLite, the same database on PostgreSQL. */
export const historyMigrations: Migration[] = [monitorHistory, placeCursors]
