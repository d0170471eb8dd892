import { z } from 'zod'

/** What a service may have that decides in which ways it can fail; each with what it means. */
export const TRAITS = {
  web: 'pages or an API over HTTP',
  tls: 'a TLS endpoint',
  pool: 'several nodes that share the work',
  'terminal-servers': 'Remote Desktop for people',
  phones: 'telephones or clients that register',
  'token-issuer': 'tokens that others verify',
  mail: 'mail that comes in or goes out',
  'dns-zone': 'names that it answers for',
  database: 'a database of its own',
  replicated: 'a replica that is to take over',
  'long-running': 'processes that run for weeks',
  tenants: 'tenants who share it',
  'retention-limit': 'work that waits, and is thrown away when it is too old',
  'nightly-job': 'jobs that run by a clock',
  log: 'a log in which errors stand',
  'floating-address': 'addresses that move between machines',
} as const

export type Trait = keyof typeof TRAITS
export const TRAIT_NAMES = Object.keys(TRAITS) as [Trait, ...Trait[]]

/** What a service has, as people declare it. */
export const traits = z
  .array(z.enum(TRAIT_NAMES))
  .max(TRAIT_NAMES.length)
  .default([])
  .meta({
    title: 'Has',
    description:
      'What it has beside what its monitors show, for the map of blind spots: ' +
      `${TRAIT_NAMES.map((name) => `\`${name}\` (${TRAITS[name]})`).join(', ')}.`,
  })
