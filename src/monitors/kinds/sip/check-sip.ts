import { type Clock, type Millis, sleep } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import { endpointText } from '../../net/connect.ts'
import { hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import type { Inspection } from '../../trust/inspect-certificate.ts'
import type { HostPort } from '../fields.ts'
import type { CheckContext } from '../kind.ts'
import { beginConversation, type Conversation } from './converse.ts'
import { findBinding, judgeAnswer, type SipJudgement } from './judge-sip.rules.ts'
import { excerpt, header, type SipResponse } from './message.rules.ts'
import { type Link, openLink } from './open-link.ts'
import type { SipSpec } from './spec.ts'

/** The most that is kept back of the timeout for taking a binding back. */
const LONGEST_CLEANUP = 2 * SECOND

/** Asks or registers, judges the answer, and leaves nothing behind. */
export async function checkSip(spec: SipSpec, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const started = clock.now()
  const observed = (
    { verdict, reason, summary }: Pick<Observation, 'verdict' | 'reason' | 'summary'>,
    values: Observation['values'] = {},
    inspection: Inspection | null = null,
  ): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: { ...inspection?.values, ...values, transport: spec.transport },
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
  })
  const registers = spec.method === 'register'
  const kept = registers ? Math.min(LONGEST_CLEANUP, spec.timeout / 4) : 0
  const work = timeBox(clock, spec.timeout - kept, signal)
  try {
    const link = await openLink(spec, context, work.signal)
    if (hasFailed(link)) {
      const verdict = link.failed === 'tls.ca-unreadable' ? 'unknown' : 'down'
      return observed({ verdict, reason: link.failed, summary: link.summary })
    }
    if ('rejected' in link) return observed(link.rejected, { address: link.address }, link.rejected)
    const talk = beginConversation(spec, context, link.local)
    try {
      const began = clock.now()
      const expires = registers ? Math.round(spec.expires / SECOND) : null
      const answer = await talk.ask(link, registers ? 'REGISTER' : 'OPTIONS', expires, work.signal)
      const latency = clock.now() - began
      let judgement = judge(answer, spec, talk.contact, latency)
      if (spec.alsoAt && judgement.verdict === 'up')
        judgement = (await missingElsewhere(spec, spec.alsoAt, context, talk, work.signal)) ?? judgement
      let removal: Removal = 'not-needed'
      if (registers && mayBeBound(answer)) {
        removal = await takeBack(spec, context, link, talk)
        judgement = withRemoval(judgement, removal, spec)
      }
      const values = {
        ...figures(answer, talk),
        ...(!hasFailed(answer) && { latencyMs: latency }),
        address: link.address,
        ...(removal !== 'not-needed' && { unregistered: removal === 'removed' }),
      }
      const { inspection } = link
      const told = judgement.verdict !== 'down' && inspection?.verdict === 'degraded' ? inspection : judgement
      return observed(told, values, inspection)
    } finally {
      link.close()
    }
  } finally {
    work.end()
  }
}

type Outcome = SipResponse | StepFailure<string>

function judge(answer: Outcome, spec: SipSpec, contact: string, latency: Millis): Told {
  if (hasFailed(answer)) return { verdict: 'down', reason: answer.failed, summary: answer.summary }
  return judgeAnswer(answer, spec, contact, latency)
}

type Told = Omit<SipJudgement, 'reason'> & { reason: string }

// Nodes tell each other a moment later.
const [LOOKS, PAUSE] = [3, 200]

/** What is wrong at the other node; null where it lists our binding too. */
async function missingElsewhere(
  spec: SipSpec,
  node: HostPort,
  context: CheckContext,
  talk: Conversation,
  signal: AbortSignal,
): Promise<Told | null> {
  const where = endpointText(node.host, node.port)
  const missing = (why: string): Told => ({
    verdict: 'degraded',
    reason: 'sip.not-replicated',
    summary: `${spec.user} is registered, but not at ${where}: ${why}`,
  })
  const link = await openLink({ ...spec, target: node }, context, signal)
  if (hasFailed(link)) return missing(link.summary)
  if ('rejected' in link) return missing(link.rejected.summary)
  try {
    for (let looks = 1; ; looks++) {
      const answer = await talk.ask(link, 'REGISTER', null, signal)
      if (hasFailed(answer)) return missing(answer.summary)
      const { own, all } = findBinding(answer, talk.contact)
      if (own) return null
      const told = `${answer.status} ${answer.phrase}`.trim()
      if (looks === LOOKS || answer.status > 299) return missing(`${told}, ${all} other contacts`)
      await sleep(context.clock, PAUSE)
    }
  } finally {
    link.close()
  }
}

/** Whether a binding may stand: it was granted, or nobody knows what became of the request. */
function mayBeBound(answer: Outcome): boolean {
  if (!hasFailed(answer)) return answer.status < 300
  return ['sip.no-answer', 'sip.connection-lost', 'sip.malformed'].includes(answer.failed)
}

type Removal = 'not-needed' | 'removed' | 'refused' | 'unheard'

/** Takes the binding back, over a new link where the old one broke; at the deadline with a last word. */
async function takeBack(
  spec: SipSpec,
  context: CheckContext,
  link: Link,
  talk: Conversation,
): Promise<Removal> {
  const { signal } = context
  const remove = async (over: Link): Promise<Removal> => {
    const answer = await talk.ask(over, 'REGISTER', 0, signal)
    if (hasFailed(answer)) return 'unheard'
    const gone = answer.status < 300 && findBinding(answer, talk.contact).own === null
    return gone ? 'removed' : 'refused'
  }
  const first = await remove(link)
  if (first !== 'unheard') return first
  if (signal.aborted) {
    link.close(talk.write(link, 'REGISTER', 0))
    return first
  }
  const again = await openLink(spec, context, signal)
  if (hasFailed(again) || 'rejected' in again) return first
  try {
    return await remove(again)
  } finally {
    again.close()
  }
}

function withRemoval(judgement: Told, removal: Removal, spec: SipSpec): Told {
  if (judgement.verdict === 'down' || removal === 'removed') return judgement
  const why = removal === 'refused' ? 'the server kept it' : 'no answer came'
  const summary = `${spec.user} was registered, but the binding could not be taken back: ${why}`
  return { verdict: 'degraded', reason: 'sip.still-bound', summary }
}

function figures(answer: Outcome, talk: Conversation): Observation['values'] {
  const login: Observation['values'] = talk.algorithm === null ? {} : { digest: excerpt(talk.algorithm, 20) }
  if (hasFailed(answer)) return login
  const server = header(answer, 'server') ?? header(answer, 'user-agent')
  const { own, all } = findBinding(answer, talk.contact)
  const values: Observation['values'] = { status: answer.status, ...login, sends: talk.sends }
  if (server !== null) values.server = excerpt(server, 80)
  if (own) {
    values.bindings = all
    values.grantedSeconds = own.expires
  }
  return values
}

/** A signal of the check's own that fires before the deadline of the whole. */
function timeBox(clock: Clock, ms: Millis, outer: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const cancel = clock.after(ms, abort)
  if (outer.aborted) abort()
  outer.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    end() {
      cancel()
      outer.removeEventListener('abort', abort)
    },
  }
}
