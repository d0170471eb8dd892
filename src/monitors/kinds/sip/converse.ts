import { randomBytes } from 'node:crypto'
import { endpointText } from '../../net/connect.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import type { CheckContext } from '../kind.ts'
import { answerable, answerChallenge, type Challenge, readChallenges } from './answer-challenge.ts'
import { excerpt, header, type SipResponse, writeRequest } from './message.rules.ts'
import type { Link } from './open-link.ts'
import { domainOf, type SipSpec } from './spec.ts'
import { type TransactFailure, transact } from './transact.ts'

const VERSION = 'Tocsin'
const LONGEST_EXPIRES = 3_600

export type ConverseFailure = TransactFailure | StepFailure<'sip.unauthorized' | 'sip.challenge-unsupported'>

/** How a server asks for a log-in, and where it is answered. */
const CHALLENGES = {
  401: { asks: 'www-authenticate', answer: 'Authorization' },
  407: { asks: 'proxy-authenticate', answer: 'Proxy-Authorization' },
} as const

/** One conversation: requests that share a Call-ID, a count and the log-in. */
export interface Conversation {
  /** The address by which our own binding is known. */
  contact: string
  /** How often something was sent, repetitions included. */
  sends: number
  /** The digest algorithm that the server wanted; null while it wanted none. */
  algorithm: string | null
  /** Asks, answering challenges on the way; `expires` in seconds registers, 0 takes back, null only asks. */
  ask(
    link: Link,
    method: 'OPTIONS' | 'REGISTER',
    expires: number | null,
    signal: AbortSignal,
  ): Promise<SipResponse | ConverseFailure>
  /** The next request as it would be sent, for a last word without an answer. */
  write(link: Link, method: 'REGISTER', expires: number): Buffer
}

/** Begins a conversation; nothing is sent yet. */
export function beginConversation(
  spec: SipSpec,
  { clock }: CheckContext,
  local: Link['local'],
): Conversation {
  const domain = domainOf(spec)
  const token = randomBytes(8).toString('hex')
  const callId = randomBytes(12).toString('hex')
  const tag = randomBytes(6).toString('hex')
  const here = endpointText(local.address, local.port)
  const uri = `sip:${domain}`
  const self = `sip:${spec.user ?? 'tocsin'}@${domain}`
  const transport = spec.transport === 'udp' ? '' : `;transport=${spec.transport}`
  let cseq = 0
  const logins = new Map<string, { challenge: Challenge; cnonce: string; count: number }>()

  const credentials = (method: string): [string, string][] =>
    [...logins].map(([name, login]) => {
      login.count++
      const { challenge, cnonce, count } = login
      const user = spec.authUser ?? spec.user!
      const value = answerChallenge(challenge, { user, password: spec.password!, method, uri, cnonce, count })
      return [name, value]
    })

  // REGISTER without a contact only asks for the list.
  const contactHeaders = (method: string, expires: number | null): [string, string][] => {
    if (expires !== null) return [['Contact', `<${conversation.contact}>;expires=${expires}`]]
    if (method === 'REGISTER') return []
    return [
      ['Contact', `<${conversation.contact}>`],
      ['Accept', 'application/sdp'],
    ]
  }

  const build = (link: Link, method: string, expires: number | null) => {
    cseq++
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    const from = endpointText(link.local.address, link.local.port)
    const to = method === 'REGISTER' ? self : uri
    const message = writeRequest(method, uri, [
      ['Via', `SIP/2.0/${spec.transport.toUpperCase()} ${from};branch=${branch};rport`],
      ['Max-Forwards', '70'],
      ['From', `<${self}>;tag=${tag}`],
      ['To', `<${to}>`],
      ['Call-ID', callId],
      ['CSeq', `${cseq} ${method}`],
      ...contactHeaders(method, expires),
      ...credentials(method),
      ['User-Agent', VERSION],
    ])
    return { message, branch, callId, cseq, method }
  }

  /** Takes up the challenge; null where the request is worth repeating. */
  const takeUp = (response: SipResponse, taken: Map<string, number>): ConverseFailure | null => {
    const { asks, answer } = CHALLENGES[response.status as keyof typeof CHALLENGES]
    const told = `${response.status} ${response.phrase}`.trim()
    const challenges = readChallenges(response.headers.get(asks) ?? [])
    const challenge = answerable(challenges)
    if (!challenge) {
      const offered = challenges.map(({ algorithm, qop }) => [algorithm, ...qop].join('/')).join(', ')
      const what = offered === '' ? 'without a digest challenge' : `asking for ${excerpt(offered, 60)}`
      return failure('sip.challenge-unsupported', `${told}, ${what}: that cannot be answered`)
    }
    // A nonce that went stale says nothing about the password; twice in a row it is no accident.
    const times = taken.get(answer) ?? 0
    const fresh = challenge.stale && challenge.nonce !== logins.get(answer)?.challenge.nonce
    if (times >= 2 || (times === 1 && !fresh)) {
      const who = spec.authUser ?? spec.user
      return failure('sip.unauthorized', `the server did not accept the log-in of ${who}: ${told}`)
    }
    taken.set(answer, times + 1)
    conversation.algorithm = challenge.algorithm
    logins.set(answer, { challenge, cnonce: randomBytes(8).toString('hex'), count: 0 })
    return null
  }

  const conversation: Conversation = {
    contact: `sip:${token}@${here}${transport}`,
    sends: 0,
    algorithm: null,
    write: (link, method, expires) => build(link, method, expires).message,
    async ask(link, method, expires, signal) {
      const taken = new Map<string, number>()
      let lasting = expires
      for (;;) {
        const answered = await transact(link, build(link, method, lasting), clock, signal)
        if (hasFailed(answered)) return answered
        conversation.sends += answered.sends
        const { response } = answered
        if (response.status === 423 && lasting !== null && lasting > 0 && lasting === expires) {
          const least = Number(header(response, 'min-expires'))
          if (!(least > lasting && least <= LONGEST_EXPIRES)) return response
          lasting = least
          continue
        }
        const known = spec.user !== undefined && spec.password !== undefined
        if (!(response.status in CHALLENGES) || !known) return response
        const hopeless = takeUp(response, taken)
        if (hopeless) return hopeless
      }
    },
  }
  return conversation
}
