import type { Migration } from '../migration.ts'

/** The tables of catalog/. */
export const migration: Migration = {
  name: '0002-catalog',
  breaking: true,
  async up() {},
}
