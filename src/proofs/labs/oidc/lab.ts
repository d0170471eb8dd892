import { createServer as createHttpServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Clock, Millis } from '../../../kit/clock.ts'
import { MINUTE, SECOND } from '../../../kit/duration.ts'
import { checkOnce, kindNamed, type Observation, type OidcSpec } from '../../../monitors/index.ts'
import type { RunningFault } from '../../faults/fault.ts'
import type { LabServerOptions } from '../../faults/lab-server.ts'
import { nameOf, serverExpectation } from '../aim-at-target.ts'
import { shorten, trustChanges, trusting } from '../copy-spec.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'
import { type LabKey, labKey, publicHalf, signToken } from './lab-keys.ts'

/** What the issuer of a drill needs to satisfy the monitor. */
interface Healthy {
  issuer: string
  algorithm: string
  claims: Record<string, unknown>
  stepMs: Millis
  /** The budgets of the other two steps. */
  discoveryMs: Millis
  tokenMs: Millis
  client: boolean
  jwt: boolean
  /** Whether it accepts some algorithms only, and which. */
  choosy: boolean
  algorithms: readonly string[]
  demandsClaims: boolean
  /** A claim that is demanded by name. */
  claim: string | null
  tokenLifetime?: Millis
  announce?: Millis
}

/** An issuer with one key, which signs whatever is asked for. */
export const lab: LabProtocol<OidcSpec> = {
  kind: 'oidc',
  aim: aimOidc,
  server(options, identity) {
    const onRequest = issuerOf(options)
    return identity ? createHttpsServer(identity, onRequest) : createHttpServer(onRequest)
  },
}

function aimOidc(spec: OidcSpec): Aim {
  const { expect, issuer } = spec
  const url = new URL(issuer)
  const secure = url.protocol === 'https:'
  const { discoveryLatency, keysLatency, tokenLatency } = expect
  const strictest = Math.min(discoveryLatency, keysLatency, tokenLatency)
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, strictest)
  const budget = (given: Millis) => Math.ceil((given * latencyMs!) / strictest)
  const stepMs = Math.ceil(Math.min(timeoutMs, spec.stepTimeout * (timeoutMs / spec.timeout)))
  const healthy: Healthy = {
    issuer,
    algorithm: expect.algorithms[0]!,
    claims: {
      ...expect.claims,
      ...(expect.audience.length > 0 && { aud: expect.audience[0] }),
      ...(expect.scope.length > 0 && { scope: expect.scope.join(' ') }),
    },
    stepMs,
    discoveryMs: budget(discoveryLatency),
    tokenMs: budget(tokenLatency),
    client: spec.client !== undefined,
    jwt: expect.jwt,
    choosy: expect.algorithms.length < EVERY_ALGORITHM,
    algorithms: expect.algorithms,
    demandsClaims: Object.keys(expect.claims).length > 0,
    claim: Object.keys(expect.claims)[0] ?? null,
    ...(expect.tokenLifetime !== undefined && { tokenLifetime: expect.tokenLifetime }),
    ...(expect.announce !== undefined && { announce: expect.announce }),
  }
  return {
    expects: serverExpectation(expect, {
      ...{ speaks: 'oidc', secure, healthy, timeoutMs },
      name: expect.name ?? nameOf(url),
      latencyMs: budget(keysLatency),
    }),
    changes: [...changes, ...(secure ? trustChanges(expect) : [])],
    at: (fault, lab): OidcSpec => ({
      ...spec,
      connectTo: { host: fault.host, port: fault.port },
      expect: {
        ...(secure ? trusting(expect, lab, fault) : expect),
        discoveryLatency: budget(discoveryLatency),
        keysLatency: budget(keysLatency),
        tokenLatency: budget(tokenLatency),
      },
      stepTimeout: stepMs,
      timeout: timeoutMs,
      family: 'any',
    }),
    observe: (copy, fault, clock) => observe(copy as OidcSpec, fault, clock, timeoutMs),
  }
}

/** One look, or two where the keys are exchanged in between. */
async function observe(
  spec: OidcSpec,
  { input }: RunningFault,
  clock: Clock,
  deadlineMs: Millis,
): Promise<Observation> {
  const kind = kindNamed('oidc')
  const first = await checkOnce(kind, spec, { clock, deadlineMs })
  const { laterMs } = (input ?? {}) as { laterMs?: Millis }
  if (laterMs === undefined || first.verdict !== 'up') return first
  const later: Clock = { now: () => clock.now() + laterMs, after: (ms, fn) => clock.after(ms, fn) }
  return checkOnce(kind, spec, { clock: later, deadlineMs, memory: first.memory })
}

const EVERY_ALGORITHM = 11
const TOKEN_SECONDS = 600
/** After the tokens of the lab have ended. */
export const LATER = 11 * MINUTE

function issuerOf({ clock, expects, twist }: LabServerOptions): RequestListener {
  const healthy = expects.healthy as Healthy
  const { issuer, algorithm, claims, stepMs } = healthy
  const base = issuer.replace(/\/$/, '')
  const path = new URL(base).pathname.replace(/\/$/, '')
  const first = labKey(algorithm)
  const second: LabKey = { ...labKey(algorithm), kid: `${first.kid}-2` }
  const other = labKey(otherAlgorithm(healthy))
  // Keys are exchanged between two looks, where that is the fault.
  let looks = 0
  const isExchanged = () => looks > 1 && /^key-(vanished|unannounced)/.test(twist ?? '')
  const published = () => {
    if (twist === 'other-algorithm') return [other]
    if (!isExchanged()) return [first]
    return twist === 'key-unannounced' ? [first, second] : [second]
  }
  const send = (response: ServerResponse, document: unknown, status = 200) => {
    if (response.destroyed) return
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }
  const late = (step: string, budgetMs: Millis, answer: () => void) =>
    twist === `${step}-slow` ? void clock.after(slowness(budgetMs, stepMs), answer) : answer()
  return (request, response) => {
    request.resume()
    const asked = request.url!.slice(path.length)
    if (asked === '/.well-known/openid-configuration') {
      looks++
      if (twist === 'discovery-500') return send(response, { error: 'server_error' }, 500)
      const named = twist === 'wrong-issuer' ? 'https://issuer.invalid' : issuer
      const found = { issuer: named, jwks_uri: `${base}/keys`, token_endpoint: `${base}/token` }
      return late('discovery', healthy.discoveryMs, () => send(response, found))
    }
    if (asked === '/keys') {
      if (twist === 'keys-hang') return
      const keys = { keys: published().map(publicHalf) }
      return late('keys', expects.latencyMs!, () => send(response, keys))
    }
    if (asked === '/token') {
      const granted = { token_type: 'Bearer', access_token: token() }
      return late('token', healthy.tokenMs, () => send(response, granted))
    }
    send(response, { error: 'not_found' }, 404)
  }

  function token(): string {
    if (twist === 'opaque-token') return 'an-opaque-token'
    const laterMs = isExchanged() && twist === 'key-vanished-late' ? LATER : 0
    const seconds = Math.floor((clock.now() + laterMs) / SECOND)
    const key = published().at(-1)!
    const kid = twist === 'key-unknown' ? 'not-published' : key.kid
    const own = { iss: issuer, iat: seconds, exp: seconds + TOKEN_SECONDS, ...twistedClaims() }
    return signToken({ ...key, kid }, own)
  }

  function twistedClaims(): Record<string, unknown> {
    if (twist === 'wrong-audience') return { ...claims, aud: 'https://somebody-else.invalid' }
    if (twist === 'scope-missing') return { ...claims, scope: 'another' }
    if (twist === 'claim-wrong') return { ...claims, [healthy.claim ?? 'claim']: 'unexpected' }
    return claims
  }
}

/** One that the monitor does not accept, or another than the healthy one where it accepts all. */
function otherAlgorithm({ algorithm, algorithms }: Healthy): string {
  const known = ['ES256', 'EdDSA', 'RS256', 'PS256']
  return known.find((one) => !algorithms.includes(one)) ?? known.find((one) => one !== algorithm) ?? 'ES256'
}

/** Later than the budget, and in time for the step, so that nothing but the budget can see it. */
function slowness(budgetMs: Millis, stepMs: Millis): Millis {
  return Math.round(budgetMs >= stepMs ? stepMs * 0.7 : budgetMs + (stepMs - budgetMs) * 0.4)
}
