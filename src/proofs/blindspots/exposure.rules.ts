import type { Trait } from '../../catalog/index.ts'
import { formatDuration } from '../../kit/duration.ts'
import type { FailureClassId } from '../failure-class.ts'
import type { Traits } from './traits.rules.ts'

/** What is known of a service, as far as it decides in which ways it can fail. */
export interface Exposed {
  traits: Traits
  audience: 'public' | 'internal'
  /** Its monitors that are switched on, by kind. */
  monitors: readonly { id: string; kind: string }[]
  /** What has happened to it, by class; the newest of each. */
  struck: ReadonlyMap<FailureClassId, { what: string; agoMs: number | null }>
  /** Everybody who could be paged for it. */
  people: readonly string[]
  /** The name of the policy that counts for it; null where there is none. */
  policy: string | null
}

/** Which services a class can strike: those that have one of these. */
export const STRIKES: Partial<Record<FailureClassId, readonly Trait[]>> = {
  'service.frozen': [
    'web',
    'tls',
    'phones',
    'token-issuer',
    'mail',
    'database',
    'terminal-servers',
    'dns-zone',
  ],
  'service.broken': ['web', 'mail', 'database', 'token-issuer'],
  'registrar.broken': ['phones', 'terminal-servers'],
  'token.unverifiable': ['token-issuer'],
  'certificate.identity': ['tls', 'terminal-servers'],
  'certificate.expired': ['tls'],
  'certificate.chain': ['tls'],
  'access.open': ['mail', 'terminal-servers'],
  'resource.leak': ['long-running', 'database'],
  'tenant.spike': ['tenants'],
  'data.retention': ['retention-limit'],
  'redundancy.lost': ['pool', 'replicated'],
  'job.hung': ['nightly-job'],
  'log.pattern': ['log'],
  'address.conflict': ['floating-address'],
  'dns.content': ['dns-zone'],
}

// Kinds that live on what others deliver: values, lines, pings.
const FED = ['metric', 'log', 'place', 'peer']

/** Why a class can strike a service, one sentence each; empty where it cannot. */
export function exposureOf(failureClass: FailureClassId, service: Exposed): string[] {
  const reasons: string[] = []
  for (const trait of STRIKES[failureClass] ?? []) {
    const because = service.traits.get(trait)
    if (because !== undefined) reasons.push(`It has ${TRAIT_WORDS[trait]}: ${because}.`)
  }
  reasons.push(...special(failureClass, service))
  const struck = service.struck.get(failureClass)
  if (struck) {
    const when = struck.agoMs === null ? '' : `, ${formatDuration(struck.agoMs)} ago`
    reasons.push(`It has happened here: ${struck.what}${when}.`)
  }
  return reasons
}

function special(failureClass: FailureClassId, service: Exposed): string[] {
  const { monitors, audience, people, policy } = service
  switch (failureClass) {
    case 'service.down':
      return ['Every service can stop.']
    case 'service.frozen': {
      const ports = monitors.filter(({ kind }) => kind === 'tcp')
      return ports.length > 0 ? [`Something listens at a port: ${ports.map(({ id }) => id).join(', ')}.`] : []
    }
    case 'view.inside-only':
      return audience === 'public' ? ['It is public: its users come from outside.'] : []
    case 'watcher.silent': {
      const fed = monitors.filter(({ kind }) => FED.includes(kind))
      return fed.length > 0
        ? [`What watches it lives on what others deliver: ${fed.map(({ id }) => id).join(', ')}.`]
        : []
    }
    case 'page.unanswered':
      return monitors.length > 0 ? ['It has monitors whose alerts must reach a human.'] : []
    case 'escalation.single-person':
      if (monitors.length === 0 || policy === null || people.length > 1) return []
      return [
        people.length === 0
          ? `Nobody stands in the policy ${policy}.`
          : `Only ${people[0]} stands at every step of the policy ${policy}.`,
      ]
    default:
      return []
  }
}

const TRAIT_WORDS: Record<Trait, string> = {
  web: 'pages or an API',
  tls: 'a TLS endpoint',
  pool: 'several nodes',
  'terminal-servers': 'terminal servers',
  phones: 'telephones that register',
  'token-issuer': 'a token issuer',
  mail: 'mail',
  'dns-zone': 'names that it answers for',
  database: 'a database',
  replicated: 'a replica that is to take over',
  'long-running': 'processes that run for weeks',
  tenants: 'tenants who share it',
  'retention-limit': 'work that is thrown away when it waits too long',
  'nightly-job': 'jobs that run by a clock',
  log: 'a log in which errors stand',
  'floating-address': 'addresses that move between machines',
}

/** What a service would have to have, in words, for the class to strike it. */
export function wouldStrike(failureClass: FailureClassId): { trait: Trait; title: string }[] {
  return (STRIKES[failureClass] ?? []).map((trait) => ({ trait, title: TRAIT_WORDS[trait] }))
}
