import { test } from 'node:test'
import { freshDatabase, needsPostgres } from '../harness/postgres.ts'
import { killUnderLoad } from './kill-nine.ts'

test('kill -9 fifty times under load: nothing acknowledged is lost [postgres]', needsPostgres(), async () => {
  const database = await freshDatabase()
  try {
    await killUnderLoad('postgres', database.url)
  } finally {
    await database.drop()
  }
})
