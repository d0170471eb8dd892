import type { Migration } from '../migration.ts'

/** The tables of oncall/. */
export const migration: Migration = {
  name: '0005-oncall',
  breaking: true,
  async up() {},
}
