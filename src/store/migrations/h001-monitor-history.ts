import type { Migration } from '../migration.ts'

/** Raw observations, append-only in row order, and their roll-ups. */
export const migration: Migration = {
  name: 'h001-monitor-history',
  breaking: true,
  async up() {},
}
