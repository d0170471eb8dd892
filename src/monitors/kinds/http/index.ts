import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import type { MonitorKind } from '../kind.ts'
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
    ...ANSWER_REASONS,
    ...HTTP_REASONS,
    'no-answer',
    'connection-lost',
    'answer-malformed',
    'tls.ca-unreadable',
  ],
  cost: 'network',
  target: httpTarget,
  check: checkHttp,
  schemes: { https: (url) => ({ url }), http: (url) => ({ url }) },
  speaksTls: (target) => /^https:/i.test(target),
  cannotSee: [
    {
      failureClass: 'browser.script',
      why: 'It runs no script: a page that breaks in the browser is seen by journey.',
    },
  ],
}
