import { randomBytes } from 'node:crypto'
import { isBeatSigned, parseBeat } from '../engine/life/beat.ts'
import { neverHeard, takeBeat } from '../engine/life/peer.rules.ts'
import type { World } from '../engine/world.ts'
import type { PeerSpec } from './kinds/peer/index.ts'
import { findHeard, writeHeard } from './kinds/peer/peers.rows.ts'
import { findDefinition } from './monitors.rows.ts'

/** What a Tocsin that sent a beat is answered. */
export interface PeerAnswer {
  status: 200 | 400 | 401 | 409
  body: { reason: string; challenge?: string }
}

const newChallenge = () => randomBytes(18).toString('base64url')

/** Takes the beat of another Tocsin, for the monitor of that name; kept before it is answered. */
export async function hearPeer(
  world: World,
  input: { monitorId: string; body: string; signature: unknown },
): Promise<PeerAnswer> {
  const { monitorId, body, signature } = input
  const monitor = await findDefinition(world.store.read, monitorId)
  const watches = monitor?.kind === 'peer' && monitor.enabled
  // An unknown name costs the same time as a wrong key, and is answered in the same words.
  const key = watches ? (monitor.spec as PeerSpec).key : newChallenge()
  const signed = isBeatSigned(key, monitorId, body, signature)
  if (!watches || !signed) return { status: 401, body: { reason: 'not-signed' } }
  const beat = parseBeat(body)
  if (!beat) return { status: 400, body: { reason: 'not-a-beat' } }
  return world.transact(async (tx): Promise<PeerAnswer> => {
    const before = await findHeard(tx.db, monitorId)
    const known = before?.heard ?? neverHeard(newChallenge())
    const { taken, reason, heard } = takeBeat(known, beat, tx.now, newChallenge())
    const challenge = !taken && reason === 'challenge-wanted' ? { challenge: heard.challenge } : {}
    // Also the challenge is kept: whoever repeats it may come to another replica.
    const kept = taken || !before ? await writeHeard(tx.db, monitorId, heard, before?.version ?? null) : true
    if (!kept) return { status: 409, body: { reason: 'reordered' } }
    return { status: taken ? 200 : 409, body: { reason, ...challenge } }
  })
}
