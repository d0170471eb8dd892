import type { Algorithm } from '../build-chain.ts'

/** A population of clients that Tocsin knows of its own. */
export interface Profile {
  title: string
  algorithm: Algorithm
  /** A set of roots in `roots.json`. */
  store: string
}

const node = (major: number, algorithm: Algorithm = 'modern'): Profile => ({
  title: `Node.js ${major} with its built-in roots`,
  algorithm,
  store: `node-${major}`,
})

/** The populations by name, as the configuration calls them. */
export const PROFILES = {
  modern: { title: 'current clients with the roots of Mozilla', algorithm: 'modern', store: 'node-26' },
  'debian-12': { title: 'OpenSSL 3 with the roots of Debian 12', algorithm: 'modern', store: 'debian-12' },
  gnutls: { title: 'GnuTLS 3.7 with the roots of Debian 12', algorithm: 'gnutls', store: 'debian-12' },
  'openssl-1.0': {
    title: 'OpenSSL up to 1.0.1 and what behaves like it, with the roots of 2019',
    algorithm: 'legacy',
    store: 'node-8',
  },
  // Node 8 carries OpenSSL 1.0.2.
  'node-8': node(8, 'openssl-1.0'),
  'node-10': node(10),
  'node-12': node(12),
  'node-14': node(14),
  'node-16': node(16),
  'node-18': node(18),
  'node-20': node(20),
  'node-22': node(22),
  'node-24': node(24),
  'node-26': node(26),
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES
export const PROFILE_NAMES = Object.keys(PROFILES) as [ProfileName, ...ProfileName[]]
