import { iso, type Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Observation, Verdict } from '../../observation.ts'
import { type Inspection, toldOfCertificate } from '../../trust/inspect-certificate.ts'
import type { CheckContext } from '../kind.ts'
import { judgeRotation, type RotationMemory, readMemory } from './judge-rotation.rules.ts'
import { judgeClaims, lifetimeOf } from './judge-token.rules.ts'
import { type Discovery, type PublishedKey, readDiscovery, readKeys } from './read-documents.rules.ts'
import type { OidcSpec } from './spec.ts'
import { fetchStep, type Step, type StepName } from './step.ts'
import { type VerifiedToken, verifyToken } from './verify-token.ts'

/** What a token told: null claims where it is opaque and may be. */
interface Token {
  verified: VerifiedToken | null
}

/** Walks the path of a consumer: discovery, keys, token, signature, claims. */
export async function checkOidc(spec: OidcSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const before = readMemory(context.memory)
  const seen: Sight = { values: {}, warnings: [], certificate: null, memory: before, details: null }
  const problem = await walk(spec, context, before, seen)
  const told = problem ?? seen.warnings[0]
  const { certificate, values: certificateValues } = seen.certificate ?? toldOfCertificate(problem)
  return {
    verdict: problem ? problem.verdict : told ? 'degraded' : 'up',
    reason: told?.failed ?? 'ok',
    summary: told?.summary ?? wellSaid(seen),
    tookMs: clock.now() - started,
    ...(certificate && { certificate }),
    values: { ...certificateValues, ...seen.values },
    ...(seen.details !== null && { details: seen.details }),
    memory: { ...(context.memory as object | null), ...seen.certificate?.memory, ...seen.memory },
  }
}

/** What a page, or a terminal, shows beyond one line. */
export interface OidcDetails {
  keys: {
    id: string
    /** When it was published, where that was seen. */
    since: string | null
    /** When a token was last signed with it. */
    signed: string | null
    /** Until when a key that is gone would be needed. */
    neededUntil: string | null
  }[]
}

/** What gathers on the way. */
interface Sight {
  values: Observation['values']
  /** What degrades, worst first. */
  warnings: StepFailure<string>[]
  certificate: Inspection | null
  memory: RotationMemory | null
  details: OidcDetails | null
}

type Problem = StepFailure<string> & { verdict: Verdict }

async function walk(
  spec: OidcSpec,
  context: CheckContext,
  before: RotationMemory | null,
  seen: Sight,
): Promise<Problem | null> {
  const { expect } = spec
  const take = (name: StepName, step: Step, limit: Millis) => {
    seen.values[`${name}Ms`] = step.tookMs
    seen.certificate ??= step.inspection
    if (step.inspection?.verdict === 'degraded')
      seen.warnings.push(failure(step.inspection.reason, step.inspection.summary))
    if (step.tookMs > limit)
      seen.warnings.push(
        failure(
          `oidc.${name}-slow`,
          `${STEP_WORDS[name]} came after ${formatDuration(step.tookMs)}, allowed is ${formatDuration(limit)}`,
        ),
      )
  }

  const discovery = await discover(spec, context, take)
  if (hasFailed(discovery)) {
    // Consumers keep the discovery document and come back for the keys: what they meet there matters more.
    const keysUrl = discovery.failed === 'oidc.discovery-hang' ? before?.keysUrl : null
    const keys = keysUrl ? await fetchStep('keys', new URL(keysUrl), spec, context) : null
    return down(keys && hasFailed(keys) && keys.failed === 'oidc.keys-hang' ? keys : discovery)
  }
  const step = await fetchStep('keys', new URL(discovery.keysUrl), spec, context)
  if (hasFailed(step)) return down(step)
  take('keys', step, expect.keysLatency)
  const keys = readKeys(step.document)
  if (hasFailed(keys)) return down(keys)
  const signing = keys.filter((key) => key.signs)
  seen.values.keys = signing.length
  const exposed = keys.find((key) => key.exposed)
  if (exposed)
    return down(
      failure('oidc.key-exposed', `the private half of the key ${exposed.id} is published with the others`),
    )
  const token = await obtain(spec, context, discovery, keys, take)
  if (token && hasFailed(token)) {
    remember(spec, context, before, seen, discovery, signing, null)
    return down(token)
  }
  remember(spec, context, before, seen, discovery, signing, token?.verified ?? null)
  const claims = token?.verified?.claims
  const wrong = claims ? judgeClaims(claims, spec, context.clock.now()) : null
  if (wrong) return down(wrong)
  const weak = signing.find((key) => key.weak)
  if (weak)
    seen.warnings.push(failure('oidc.key-weak', `the key ${weak.id} is ${weak.weak}, which verifiers refuse`))
  return null
}

const STEP_WORDS: Record<StepName, string> = {
  discovery: 'the discovery document',
  keys: 'the signing keys',
  token: 'a token',
}

function down(what: StepFailure<string>): Problem {
  return { ...what, verdict: what.failed === 'tls.ca-unreadable' ? 'unknown' : 'down' }
}

type Take = (name: StepName, step: Step, limit: Millis) => void

async function discover(
  spec: OidcSpec,
  context: CheckContext,
  take: Take,
): Promise<Discovery | StepFailure<string>> {
  const url = new URL(`${spec.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const step = await fetchStep('discovery', url, spec, context)
  if (hasFailed(step)) return step
  take('discovery', step, spec.expect.discoveryLatency)
  return readDiscovery(step.document, spec.issuer)
}

async function obtain(
  spec: OidcSpec,
  context: CheckContext,
  discovery: Discovery,
  keys: readonly PublishedKey[],
  take: Take,
): Promise<Token | null | StepFailure<string>> {
  const { client, expect } = spec
  if (!client) return null
  if (!discovery.tokenUrl)
    return failure('oidc.discovery-malformed', 'discovery: it names no token endpoint, and a client is given')
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  for (const name of ['scope', 'audience', 'resource'] as const)
    if (client[name] !== undefined) form.set(name, client[name])
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' }
  if (client.authentication === 'basic') {
    const words = `${encodeForm(client.id)}:${encodeForm(client.secret)}`
    headers.Authorization = `Basic ${Buffer.from(words).toString('base64')}`
  } else {
    form.set('client_id', client.id)
    form.set('client_secret', client.secret)
  }
  const request = { method: 'POST', headers, body: form.toString() }
  const step = await fetchStep('token', new URL(discovery.tokenUrl), spec, context, request)
  if (hasFailed(step)) return step
  take('token', step, expect.tokenLatency)
  const { access_token: token } = step.document
  if (typeof token !== 'string' || token === '')
    return failure('oidc.token-malformed', 'the token endpoint answered without an access token')
  if (!expect.jwt && token.split('.').length !== 3) return { verified: null }
  const verified = await verifyToken(token, keys, expect.algorithms)
  return hasFailed(verified) ? verified : { verified }
}

/** RFC 6749 2.3.1: identifier and secret are form-encoded before they are put together. */
const encodeForm = (text: string) => new URLSearchParams({ a: text }).toString().slice(2)

function remember(
  { expect }: OidcSpec,
  { clock }: CheckContext,
  before: RotationMemory | null,
  seen: Sight,
  { keysUrl }: Discovery,
  signing: readonly PublishedKey[],
  verified: VerifiedToken | null,
): void {
  const lifetime = verified ? lifetimeOf(verified.claims) : null
  const { memory, finding, announced, vanished } = judgeRotation({
    now: clock.now(),
    before,
    keysUrl,
    published: signing.map((key) => key.id),
    token: verified && { id: verified.key.id, lifetime },
    tokenLifetime: expect.tokenLifetime,
    announce: expect.announce,
  })
  seen.memory = memory
  if (finding) seen.warnings.unshift(failure(finding.reason, finding.summary))
  if (verified) seen.values.algorithm = verified.algorithm
  if (announced.length > 0) seen.values.announced = announced.slice(0, 5).join(' ')
  const gone = new Map(vanished.map(({ id, until }) => [id, until]))
  seen.details = {
    keys: memory.keys.slice(0, 20).map(([id, key]) => ({
      id,
      since: key.original ? null : iso(key.firstSeen),
      signed: key.signed === null ? null : iso(key.signed),
      neededUntil: gone.has(id) ? iso(gone.get(id)!) : null,
    })),
  }
}

function wellSaid({ values }: Sight): string {
  const many = values.keys === 1 ? '1 signing key' : `${values.keys} signing keys`
  const verified = values.algorithm ? `, a new token verified (${values.algorithm})` : ''
  const announced = values.announced ? `; new: ${values.announced}` : ''
  return `${many} in ${formatDuration(Number(values.keysMs))}${verified}${announced}`
}
