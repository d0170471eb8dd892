import { createHmac } from 'node:crypto'
import type { Tx } from '../engine/world.ts'
import { newSecret } from '../kit/ids.ts'
import type { Reader } from '../store/store.ts'
import { installationKey, readKey } from './page.rows.ts'

const NAME = 'ack'

function derive(key: string, pageId: string): string {
  return createHmac('sha256', key).update(`ack:${pageId}`).digest('base64url')
}

/** The secret of a page's acknowledgement link, to store its hash; the secret itself is stored nowhere. */
export async function newAckSecret(tx: Tx, pageId: string): Promise<string> {
  return derive(await installationKey(tx, NAME, newSecret()), pageId)
}

/** The same secret again when the page leaves, also after a restart. */
export async function ackSecret(db: Reader, pageId: string): Promise<string> {
  const key = await readKey(db, NAME)
  if (key === null) throw new Error('a page exists without the key of its acknowledgement link')
  return derive(key, pageId)
}
