import type { Role } from '../contract/route.ts'
import type { ManagedBy } from '../store/schema/catalog.ts'
import type { Trait } from './traits.ts'

export type { ManagedBy } from '../store/schema/catalog.ts'

/** What users depend on. */
export interface Service {
  id: string
  name: string
  description: string
  /** The team that owns it. */
  owner: string | null
  /** An escalation policy of its own; the owner team's counts where this is null. */
  policy: string | null
  audience: 'public' | 'internal'
  dependsOn: string[]
  /** What it has, as people declare it, in the order of the alphabet. */
  has: Trait[]
  managedBy: ManagedBy
  removedAt: number | null
}

/** People who own services together. */
export interface Team {
  id: string
  name: string
  members: string[]
  schedule: string | null
  policy: string | null
  managedBy: ManagedBy
  removedAt: number | null
}

/** Somebody who can sign in, and be woken. */
export interface Person {
  id: string
  name: string
  email: string
  role: Role
  /** IANA name. */
  timezone: string
  hasPassword: boolean
  managedBy: ManagedBy
  createdAt: number
  disabledAt: number | null
}

/** One way to reach one person; counts only once it is verified. */
export interface Contact {
  id: string
  personId: string
  /** From 1: the order in which they are tried. */
  position: number
  kind: string
  /** In the form of the channel's schema; holds secrets, so it goes to the channel and nowhere else. */
  address: Record<string, unknown>
  state: 'unverified' | 'verified'
  managedBy: ManagedBy
  verifiedAt: number | null
  verificationAskedAt: number | null
}

/** A session as its owner may see it. */
export interface Session {
  id: string
  personId: string
  ip: string
  userAgent: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
}

/** An API token without its secret. */
export interface ApiToken {
  id: string
  name: string
  role: Role
  origin: 'person' | 'environment'
  /** `probe:<place>`: good for that and nothing else. */
  scope?: string | null
  createdBy: string
  createdAt: number
  expiresAt: number | null
  revokedAt: number | null
  lastUsedAt: number | null
}
