import type { Schema } from './schema.ts'
import type { Store } from './store.ts'

// Below SQLite's limit of bound parameters for the widest table.
const ROWS = 200

/**
 * Copies whole tables from one store into another, whatever the two dialects; for replicas, which begin with
 * what is configured now. Rows that are there already stay.
 */
export async function copyTables(from: Store, to: Store, tables: readonly (keyof Schema)[]): Promise<void> {
  for (const table of tables) {
    const rows = await from.read.selectFrom(table).selectAll().execute()
    await to.transaction(async (db) => {
      for (let i = 0; i < rows.length; i += ROWS)
        await db
          .insertInto(table)
          .values(rows.slice(i, i + ROWS) as never)
          .onConflict((c) => c.doNothing())
          .execute()
    })
  }
}
