import { describe } from 'node:test'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { freshDatabase } from './postgres.ts'

export interface StoreUnderTest {
  name: 'sqlite' | 'postgres'
  /** A fresh, empty, migrated store; close it when done. */
  open(): Promise<Store>
}

/** Runs the same suite on every store that users may choose. */
export function onEveryStore(title: string, suite: (under: StoreUnderTest) => void): void {
  describe(`${title} [sqlite]`, () =>
    suite({ name: 'sqlite', open: () => openStore({ directory: ':memory:', now: 0 }) }))
  describe(`${title} [postgres]`, () =>
    suite({
      name: 'postgres',
      async open() {
        const database = await freshDatabase()
        const store = await openStore({ directory: '', databaseUrl: database.url, now: 0 })
        return {
          ...store,
          close: async () => {
            await store.close()
            await database.drop()
          },
        }
      },
    }))
}
