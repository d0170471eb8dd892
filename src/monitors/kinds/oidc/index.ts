import { formatDuration } from '../../../kit/duration.ts'
import { NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { hostOf } from '../fetch-once.ts'
import type { HostPort } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { checkOidc, type OidcDetails } from './check-oidc.ts'
import { CLAIM_REASONS } from './judge-token.rules.ts'
import { type OidcSpec, oidcSchema } from './spec.ts'
import { STEP_REASONS } from './step.ts'
import { SIGNATURE_REASONS } from './verify-token.ts'

export type { OidcSpec } from './spec.ts'

/** Token issuers, as those see them who verify tokens. */
export const oidc: MonitorKind<OidcSpec> = {
  kind: 'oidc',
  title: 'OpenID Connect issuer',
  description:
    'Walks the path of a service that verifies tokens: discovery, signing keys within a time of their own, and, ' +
    'with a client, a new token with its signature and claims. It remembers the keys, and sees one that vanishes ' +
    'while tokens signed with it may still live. It logs nobody in.',
  schema: oidcSchema,
  reasons: [
    ...new Set([
      'ok',
      ...NETWORK_REASONS,
      'tls.handshake-failed',
      ...CERTIFICATE_REASONS,
      'tls.ca-unreadable',
      ...STEP_REASONS,
      'oidc.discovery-slow',
      'oidc.keys-slow',
      'oidc.token-slow',
      'oidc.keys-empty',
      'oidc.key-exposed',
      'oidc.key-vanished',
      'oidc.key-unannounced',
      ...SIGNATURE_REASONS,
      ...CLAIM_REASONS,
    ]),
  ],
  cost: 'network',
  target: (spec) => spec.issuer,
  check: checkOidc,
  typedAs: ['oidc+https://ISSUER'],
  schemes: {
    'oidc+https': (target) => ({ issuer: target.replace(/^oidc\+/i, '') }),
    'oidc+http': (target) => ({ issuer: target.replace(/^oidc\+/i, '') }),
  },
  speaksTls: (target) => /^oidc\+https:/i.test(target),
  longText,
  byAddress: {
    endpoint: ({ issuer, connectTo }) => connectTo ?? endpointOf(new URL(issuer)),
    pointAt: (spec, address) => ({ ...spec, connectTo: address }),
  },
  cannotSee: [
    {
      failureClass: 'login.broken',
      why: 'It obtains tokens as a machine: pages and forms of a login are seen by journey.',
      seenBy: ['journey'],
    },
    {
      failureClass: 'resource.growth',
      why: 'A token table that fills up is seen by the growth of its count, before the issuer stops answering.',
      seenBy: ['metric', 'sql'],
    },
  ],
}

function endpointOf(url: URL): HostPort {
  return { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

/** How long each step took, and what is known of each key. */
function longText({ values, details }: Observation): string[] {
  const took = (['discovery', 'keys', 'token'] as const).flatMap((step) =>
    typeof values[`${step}Ms`] === 'number' ? [`${step} ${formatDuration(Number(values[`${step}Ms`]))}`] : [],
  )
  const keys = (details as OidcDetails | undefined)?.keys ?? []
  return [
    ...(took.length > 0 ? [took.join(', ')] : []),
    ...keys.map(({ id, signed, neededUntil }) => {
      if (neededUntil) return `key ${id}: gone, and needed until ${neededUntil}`
      return `key ${id}: published${signed ? ', signed a token' : ''}`
    }),
  ]
}
