import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Clock, Millis } from '../../kit/clock.ts'
import { SECOND } from '../../kit/duration.ts'
import { reasonOf } from '../../kit/errors.ts'
import type { CheckContext } from '../kinds/kind.ts'
import { hasFailed } from '../net/failure.ts'
import { fetchDocument } from './fetch-document.ts'
import type { RenewalInfo, ServedLeaf } from './renewal.rules.ts'
import {
  isDemand,
  knownDirectory,
  parseRenewalInfo,
  pauseAfter,
  pauseAfterFailure,
  renewalInfoName,
  renewalInfoUrl,
} from './renewal-info.rules.ts'

/** What is known of one certificate's renewal, and from when on it may be asked about again. */
export interface RenewalMemory {
  /** Where renewal information is, by the directory; null while that is not known. */
  base: string | null
  info: RenewalInfo | null
  askAt: Millis
  failures: number
  /** Why the last answer was none. */
  trouble: string | null
}

/** By the name of the certificate, so that several nodes have room. */
export type RenewalMemories = Record<string, RenewalMemory>

export interface AskedRenewal {
  info: RenewalInfo | null
  trouble: string | null
  memories: RenewalMemories
}

export interface RenewalQuestion {
  leaf: ServedLeaf
  issuerNames: string[]
  directory: string | undefined
  /** Authorities trusted besides those of the machine, as a file or as text. */
  ca: string | undefined
}

const PATIENCE = 3 * SECOND
// For checks that keep no memory: a process asks no more often than it may, whoever forgets.
const MOST_ASKED = 20_000
const askedBefore = new Map<string, RenewalMemory>()
const MOST_REMEMBERED = 16

/**
 * Asks the authority when a certificate should be renewed, as seldom as it wants to be asked. Whatever goes wrong,
 * the check goes on: an authority that is away says nothing about the service.
 */
export async function askRenewalInfo(
  certificate: X509Certificate,
  question: RenewalQuestion,
  { clock, signal, memory }: Pick<CheckContext, 'clock' | 'signal' | 'memory'>,
): Promise<AskedRenewal> {
  const memories = memoriesIn(memory)
  const name = renewalInfoName(certificate.raw)
  const directory = question.directory ?? knownDirectory(question.issuerNames)
  if (name === null || directory === null) {
    const trouble =
      name === null ? 'the certificate does not name the key of its issuer' : 'no ACME directory is known'
    return { info: null, trouble, memories }
  }
  const now = clock.now()
  const key = `${directory} ${name}`
  const known = (Object.hasOwn(memories, name) ? memories[name] : askedBefore.get(key)) ?? null
  // After its end a certificate must not be asked about any more.
  if ((known && now < known.askAt) || now > question.leaf.notAfter)
    return { info: known?.info ?? null, trouble: known?.trouble ?? null, memories }
  const asked = await ask(name, directory, question, known, clock, signal)
  if (askedBefore.size >= MOST_ASKED) askedBefore.delete(askedBefore.keys().next().value!)
  askedBefore.set(key, asked)
  const others = Object.entries(memories)
    .filter(([other]) => other !== name)
    .slice(-MOST_REMEMBERED + 1)
  return {
    info: asked.info,
    trouble: asked.trouble,
    memories: { ...Object.fromEntries(others), [name]: asked },
  }
}

async function ask(
  name: string,
  directory: string,
  { leaf, ca }: RenewalQuestion,
  known: RenewalMemory | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<RenewalMemory> {
  const box = new AbortController()
  const close = () => box.abort()
  const cancel = clock.after(PATIENCE, close)
  signal.addEventListener('abort', close, { once: true })
  const info = known?.info ?? null
  const failures = (known?.failures ?? 0) + 1
  const failed = (trouble: string, passing: boolean): RenewalMemory => ({
    // The address may have moved.
    base: null,
    info,
    askAt: clock.now() + pauseAfterFailure(passing, failures),
    failures,
    trouble,
  })
  try {
    const get = (address: string) => fetchDocument(address, { ca: ca && pemOf(ca), signal: box.signal })
    let base = known?.base ?? null
    if (base === null) {
      const answer = await get(directory)
      if (hasFailed(answer)) return failed(answer.summary, true)
      base = answer.status === 200 ? baseIn(answer.body) : null
      if (base === null)
        return failed(`the directory answered ${answer.status} without renewalInfo`, passes(answer.status))
    }
    const answer = await get(renewalInfoUrl(base, name))
    if (hasFailed(answer)) return failed(answer.summary, true)
    const window = answer.status === 200 ? parseRenewalInfo(answer.body) : null
    if (window === null)
      return failed(`renewal information answered ${answer.status} without a window`, passes(answer.status))
    const now = clock.now()
    const demanded = isDemand(window, info, leaf, now)
    const askAt = now + pauseAfter(answer.retryAfter, now)
    return { base, info: { ...window, demanded }, askAt, failures: 0, trouble: null }
  } catch (error) {
    return failed(reasonOf(error), false)
  } finally {
    cancel()
    signal.removeEventListener('abort', close)
  }
}

const passes = (status: number) => status >= 500 || status === 429

const pemOf = (ca: string) => (ca.includes('-----BEGIN') ? ca : readFileSync(ca, 'utf8'))

function baseIn(body: string): string | null {
  try {
    const { renewalInfo } = JSON.parse(body) as { renewalInfo?: unknown }
    if (typeof renewalInfo !== 'string' || renewalInfo.length > 500 || !URL.canParse(renewalInfo)) return null
    return /^https?:$/.test(new URL(renewalInfo).protocol) ? renewalInfo : null
  } catch {
    return null
  }
}

/** What the check before left, as far as it is ours. */
function memoriesIn(memory: unknown): RenewalMemories {
  const kept = (memory as { renewal?: unknown } | null)?.renewal
  return typeof kept === 'object' && kept !== null ? (kept as RenewalMemories) : {}
}
