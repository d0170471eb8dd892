import type { Db, Reader } from '../store/store.ts'
import type { RecentFailures } from './sign-in.rules.ts'

/** Failures after `since`, without one of them: of the pair, of the place, and of the account. */
export async function recentFailures(
  db: Reader,
  accountKey: string,
  ip: string,
  since: number,
  except: string,
): Promise<RecentFailures> {
  const count = async (filter: { account?: true; ip?: true }) => {
    const row = await db
      .selectFrom('sign_in_failures')
      .select((eb) => [eb.fn.countAll().as('count'), eb.fn.min('at').as('oldest')])
      .where('at', '>', since)
      .where('id', '!=', except)
      .$if(filter.account === true, (query) => query.where('account_key', '=', accountKey))
      .$if(filter.ip === true, (query) => query.where('ip', '=', ip))
      .executeTakeFirstOrThrow()
    return { count: Number(row.count), oldest: row.oldest === null ? null : Number(row.oldest) }
  }
  return {
    pair: await count({ account: true, ip: true }),
    ip: await count({ ip: true }),
    account: await count({ account: true }),
  }
}

export async function insertFailure(
  db: Db,
  row: { id: string; account_key: string; ip: string; at: number },
): Promise<void> {
  await db.insertInto('sign_in_failures').values(row).execute()
}

export async function deleteFailure(db: Db, id: string): Promise<void> {
  await db.deleteFrom('sign_in_failures').where('id', '=', id).execute()
}

/** A success forgives the failures of the same account from the same place. */
export async function forgiveFailures(db: Db, accountKey: string, ip: string): Promise<void> {
  await db.deleteFrom('sign_in_failures').where('account_key', '=', accountKey).where('ip', '=', ip).execute()
}

export async function purgeFailures(db: Db, before: number): Promise<void> {
  await db.deleteFrom('sign_in_failures').where('at', '<', before).execute()
}
