import type { Millis } from '../../kit/clock.ts'
import { MINUTE } from '../../kit/duration.ts'
import type { MemberState } from './pool.ts'

/** What is stored of the member that a load balancer asks for. */
export interface AskedMember {
  state: MemberState
  cause: string
  /** The reason of the newest check. */
  reason: string
  tell: 'drain' | 'down'
  since: Millis
  /** When it was first said that the member is back. */
  toldAt: Millis | null
}

// Several load balancers may ask; each must hear once that a member is back.
const SAY_READY_FOR = 10 * MINUTE

/** Causes after which something that we said may still stand at a load balancer. */
const UNDONE = ['good-in-a-row', 'floor-demands-it', 'left-the-pool', 'decides-no-more']

/**
 * The line for HAProxy's agent-check. What is not mentioned stays as it is there, and what an agent has said only
 * an agent takes back. So `ready`, which would also undo what a person did by hand, is said only where we drained,
 * and for a while after it was first heard; of a member that we never touched nothing is said but `up`.
 */
export function agentAnswer(member: AskedMember, now: Millis): { line: string; saysReady: boolean } {
  if (member.state === 'drained') {
    const reason = member.cause === 'not-tested-yet' ? 'not-tested-yet' : member.reason
    // `drain` takes no reason; before that of `down` HAProxy wants a blank. `up` takes back a `down` of other settings.
    return { line: member.tell === 'down' ? `down #${plain(reason)}` : 'up drain', saysReady: false }
  }
  const ours = UNDONE.includes(member.cause)
  if (!ours || (member.toldAt !== null && now >= member.toldAt + SAY_READY_FOR))
    return { line: 'up', saysReady: false }
  return { line: 'up ready', saysReady: true }
}

// One word: blanks, commas and line ends would begin another instruction.
const plain = (reason: string) => reason.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60)

/** What was asked on one line: `pool/member`; null where it is no such thing. */
export function readQuestion(line: string): { pool: string; member: string } | null {
  const parts = /^([a-z0-9][a-z0-9-]{0,79})\/([\x21-\x7e]{1,200})$/.exec(line.trim())
  return parts ? { pool: parts[1]!, member: parts[2]! } : null
}
