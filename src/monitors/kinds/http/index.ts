import { NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { lookAtNodes } from '../../trust/look-at-nodes.ts'
import { NODE_REASONS } from '../../trust/nodes.rules.ts'
import type { HostPort } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { checkHttp, HTTP_REASONS, httpTarget } from './check-http.ts'
import { ANSWER_REASONS } from './judge-answer.rules.ts'
import { type HttpSpec, httpSchema } from './spec.ts'

export type { HttpSpec } from './spec.ts'

/** Web requests, with the certificate judged on the way. */
export const http: MonitorKind<HttpSpec> = {
  kind: 'http',
  title: 'Web address',
  description:
    'Makes one request on a fresh connection and judges status, headers, body, latency and certificate. ' +
    'It runs no script and loads no part of a page.',
  schema: httpSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    ...NODE_REASONS,
    ...ANSWER_REASONS,
    ...HTTP_REASONS,
    'no-answer',
    'connection-lost',
    'answer-malformed',
    'tls.ca-unreadable',
  ],
  cost: 'network',
  target: httpTarget,
  check,
  typedAs: ['https://HOST[:443]/PATH', 'http://HOST[:80]/PATH'],
  schemes: { https: (url) => ({ url }), http: (url) => ({ url }) },
  speaksTls: (target) => /^https:/i.test(target),
  byAddress: {
    endpoint,
    pointAt: (spec, address) => ({ ...spec, connectTo: address, everyAddress: false }),
  },
  cannotSee: [
    {
      failureClass: 'browser.script',
      why: 'It runs no script: a page that breaks in the browser is seen by journey.',
      seenBy: ['journey'],
    },
    {
      failureClass: 'availability.rare',
      why: 'One request in a hundred that fails is seen by the counters of the service, not by one request a minute.',
      seenBy: ['metric', 'log'],
    },
  ],
}

function endpoint({ url, connectTo }: HttpSpec): HostPort {
  return connectTo ?? endpointOf(new URL(url))
}

function check(spec: HttpSpec, context: CheckContext): Promise<Observation> {
  if (!spec.everyAddress) return checkHttp(spec, context)
  const { host, port } = endpoint(spec)
  return lookAtNodes({ ...spec, host }, context, (node) =>
    checkHttp({ ...spec, connectTo: { host: node, port } }, context),
  )
}

function endpointOf({ protocol, hostname, port }: URL): HostPort {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}
