/** For each kind monitors that expect everything they can, and one that expects as little as it may. */
import type { StrictKind } from './strict-for-tests.ts'
import { STRICT_OTHERS } from './strict-others-for-tests.ts'
import { STRICT_PROTOCOLS } from './strict-protocols-for-tests.ts'

export { CERTIFICATE_LESSONS, LATENCY_LESSONS, type StrictKind } from './strict-for-tests.ts'

export const STRICT_KINDS: Record<string, StrictKind> = { ...STRICT_PROTOCOLS, ...STRICT_OTHERS }

/** What only a limit of time can see. */
export const TOO_LATE = /^(slow|websocket-no-(answer|pong)|.*-slow|journey-slow-step)$/
// These are waited for until a limit, which takes longer than all others together.
export const WAITED_FOR =
  /^(tarpit|slow|icmp-no-answer|sip-silent|websocket-no-(answer|pong)|oidc-keys-hang|.*-slow|journey-slow-step)$/

/** What is loaded within the time of the first check would be taken for slowness of the other side. */
export async function loadWhatChecksUse(): Promise<void> {
  await Promise.all([import('ws'), import('node:http2'), import('pg'), import('mysql2'), import('jose')])
}
