import type { Migration } from '../migration.ts'

/** The tables of monitors/. */
export const migration: Migration = {
  name: '0003-monitors',
  breaking: true,
  async up() {},
}
