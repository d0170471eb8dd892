import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import { reasonOf } from '../../../kit/errors.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import { type Inspection, refusedBy } from '../../trust/inspect-certificate.ts'
import { fetchOnce } from '../fetch-once.ts'
import type { CheckContext } from '../kind.ts'
import type { OidcSpec } from './spec.ts'

/** What a consumer asks for, in this order. */
export type StepName = 'discovery' | 'keys' | 'token'

const WORDS: Record<StepName, string> = {
  discovery: 'the discovery document',
  keys: 'the signing keys',
  token: 'a token',
}

export interface StepRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** A JSON document that came, and how long it took. */
export interface Step {
  document: Record<string, unknown>
  tookMs: Millis
  inspection: Inspection | null
}

/** The reasons of failed requests. */
export const STEP_REASONS = [
  'oidc.discovery-hang',
  'oidc.discovery-failed',
  'oidc.discovery-malformed',
  'oidc.keys-hang',
  'oidc.keys-failed',
  'oidc.keys-malformed',
  'oidc.token-hang',
  'oidc.token-failed',
  'oidc.token-malformed',
  'oidc.token-refused',
] as const

/**
 * Fetches one JSON document as a consumer does, within a time of its own. Accepting the connection and then
 * never answering is a failure with a name: whoever waits for it without a limit stands still.
 */
export async function fetchStep(
  step: StepName,
  url: URL,
  spec: OidcSpec,
  context: CheckContext,
  request: StepRequest = {},
): Promise<Step | StepFailure<string>> {
  const { clock } = context
  const started = clock.now()
  const original = url.host === new URL(spec.issuer).host
  const { name, issuer, fingerprint, ...rest } = spec.expect
  const asked = {
    ...request,
    url,
    headers: { Accept: 'application/json', ...request.headers },
    family: spec.family,
    connectTo: original ? spec.connectTo : undefined,
    expect: original ? spec.expect : rest,
  }
  const limited = new AbortController()
  const abort = () => limited.abort()
  const cancel = clock.after(spec.stepTimeout, abort)
  context.signal.addEventListener('abort', abort, { once: true })
  if (context.signal.aborted) abort()
  const fetched = await fetchOnce(asked, { ...context, signal: limited.signal })
  cancel()
  context.signal.removeEventListener('abort', abort)
  const tookMs = clock.now() - started
  const what = WORDS[step]
  if (hasFailed(fetched)) {
    if (fetched.failed === 'no-answer' || fetched.failed === 'tls.handshake-timeout') {
      const blocked = step === 'keys' ? ': who verifies tokens with them waits, and stands still' : ''
      const waited = formatDuration(tookMs)
      return failure(
        `oidc.${step}-hang`,
        `${url.host} accepts the connection and does not send ${what} in ${waited}${blocked}`,
      )
    }
    if (/^(connection-lost|answer-malformed)$/.test(fetched.failed))
      return failure(`oidc.${step}-failed`, `asked for ${what}: ${fetched.summary}`)
    return failure(fetched.failed, `asked for ${what}: ${fetched.summary}`)
  }
  const { answer, inspection } = fetched
  if (inspection?.verdict === 'down') return refusedBy(inspection)
  const text = answer.body.toString('utf8')
  if (answer.status !== 200) {
    const said = errorOf(text)
    const refused = step === 'token' && (answer.status === 400 || answer.status === 401)
    const location = answer.headers.location ? ', a redirect' : ''
    return failure(
      refused ? 'oidc.token-refused' : `oidc.${step}-failed`,
      `asked for ${what}: status ${answer.status}${location}${said && `, ${said}`}`,
    )
  }
  try {
    const document = JSON.parse(text)
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return { document, tookMs, inspection }
    return failure(`oidc.${step}-malformed`, `${what}: JSON, but no object`)
  } catch (error) {
    const why = reasonOf(error).replace(/\s+/g, ' ').slice(0, 100)
    return failure(`oidc.${step}-malformed`, `${what}: no JSON (${why})`)
  }
}

/** `error` and `error_description` of an OAuth error, as far as they are words. */
function errorOf(text: string): string {
  try {
    const { error, error_description: more } = JSON.parse(text) as Record<string, unknown>
    return [error, more]
      .filter((part): part is string => typeof part === 'string')
      .map((part) => part.replace(/\s+/g, ' ').slice(0, 100))
      .join(': ')
  } catch {
    return ''
  }
}
