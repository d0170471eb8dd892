import { createServer as createHttpServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Clock, Millis } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import type { OidcSpec } from '../../../monitors/index.ts'
import type { LabServerOptions } from '../../faults/lab-server.ts'
import { certificateExpectation, shorten, trustChanges, trusting } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { type LabKey, labKey, publicHalf, signToken } from './lab-keys.ts'

/** What the issuer of a drill needs to satisfy the monitor. */
interface Healthy {
  issuer: string
  algorithm: string
  claims: Record<string, unknown>
  stepMs: Millis
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
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.keysLatency)
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
  }
  return {
    expects: {
      speaks: 'oidc',
      secure,
      name: expect.name ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...certificateExpectation(expect),
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy,
      latencyMs,
      timeoutMs,
    },
    changes: [...changes, ...(secure ? trustChanges(expect) : [])],
    at: ({ host, port }, lab): OidcSpec => ({
      ...spec,
      connectTo: { host, port },
      expect: { ...(secure ? trusting(expect, lab) : expect), keysLatency: latencyMs! },
      stepTimeout: stepMs,
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

function issuerOf({ clock, expects, twist }: LabServerOptions): RequestListener {
  const { issuer, algorithm, claims, stepMs } = expects.healthy as Healthy
  const base = issuer.replace(/\/$/, '')
  const path = new URL(base).pathname.replace(/\/$/, '')
  const key = labKey(algorithm)
  const send = (response: ServerResponse, document: unknown, status = 200) => {
    if (response.destroyed) return
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }
  return (request, response) => {
    request.resume()
    const asked = request.url!.slice(path.length)
    if (asked === '/.well-known/openid-configuration') {
      if (twist === 'discovery-500') return send(response, { error: 'server_error' }, 500)
      const named = twist === 'wrong-issuer' ? 'https://issuer.invalid' : issuer
      return send(response, { issuer: named, jwks_uri: `${base}/keys`, token_endpoint: `${base}/token` })
    }
    if (asked === '/keys') {
      if (twist === 'keys-hang') return
      const keys = { keys: [publicHalf(key)] }
      if (twist !== 'keys-slow') return send(response, keys)
      return void clock.after(slowness(expects.latencyMs!, stepMs), () => send(response, keys))
    }
    if (asked === '/token') return send(response, { token_type: 'Bearer', access_token: token(key, clock) })
    send(response, { error: 'not_found' }, 404)
  }

  function token(signing: LabKey, now: Clock): string {
    const seconds = Math.floor(now.now() / SECOND)
    const kid = twist === 'key-unknown' ? 'not-published' : signing.kid
    return signToken({ ...signing, kid }, { iss: issuer, iat: seconds, exp: seconds + 600, ...claims })
  }
}

/** Later than the budget, and in time for the step, so that nothing but the budget can see it. */
function slowness(budgetMs: Millis, stepMs: Millis): Millis {
  return Math.round(budgetMs >= stepMs ? stepMs * 0.7 : budgetMs + (stepMs - budgetMs) * 0.4)
}
