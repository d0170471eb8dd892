/** The tables of catalog/. Times are milliseconds, booleans 0 or 1, JSON is text. */

/** `file`: the configuration file manages it; `api`: people do. */
export type ManagedBy = 'file' | 'api'

export interface ServicesTable {
  id: string
  name: string
  description: string
  /** The team that owns it. */
  owner: string | null
  policy: string | null
  audience: 'public' | 'internal'
  /** JSON: what people say that it has; null where they say nothing. */
  has: string | null
  managed_by: ManagedBy
  created_at: number
  updated_at: number
  /** Kept for history once it is gone. */
  removed_at: number | null
}

export interface ServiceDependenciesTable {
  service_id: string
  depends_on: string
}

export interface TeamsTable {
  id: string
  name: string
  schedule: string | null
  policy: string | null
  managed_by: ManagedBy
  created_at: number
  updated_at: number
  removed_at: number | null
}

export interface TeamMembersTable {
  team_id: string
  person_id: string
  position: number
}

export interface PeopleTable {
  id: string
  name: string
  email: string
  /** Lower case; null once disabled, so that the address can be used again. Unique. */
  email_key: string | null
  role: 'viewer' | 'responder' | 'editor' | 'administrator'
  timezone: string
  /** argon2id in PHC form; null until a password is set. */
  password_hash: string | null
  password_set_at: number | null
  managed_by: ManagedBy
  created_at: number
  updated_at: number
  disabled_at: number | null
}

export interface ContactsTable {
  id: string
  person_id: string
  /** From 1: the order in which they are tried. */
  position: number
  kind: string
  /** JSON, in the form of the channel's schema. */
  address: string
  /** SHA-256 of kind and canonical address. */
  address_key: string
  state: 'unverified' | 'verified'
  managed_by: ManagedBy
  created_at: number
  verified_at: number | null
  verification_asked_at: number | null
  removed_at: number | null
}

export interface ContactVerificationsTable {
  secret_hash: string
  contact_id: string
  /** What is verified is this address, not whatever the contact has become since. */
  address_key: string
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface SessionsTable {
  id: string
  secret_hash: string
  person_id: string
  /** The network address and the browser at sign-in, to recognize one's own sessions. */
  ip: string
  user_agent: string
  created_at: number
  last_seen_at: number
  expires_at: number
  ended_at: number | null
}

export interface ApiTokensTable {
  id: string
  name: string
  secret_hash: string
  role: 'viewer' | 'responder' | 'editor' | 'administrator'
  /** `environment` for the one given as TOCSIN_ADMIN_TOKEN. */
  origin: 'person' | 'environment'
  /** `probe:<place>`: good for that and nothing else; null for what its role may do. */
  scope: string | null
  created_by: string
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
}

/** One-time links: the first administrator's, and those with which people set their password. */
export interface SetupLinksTable {
  id: string
  secret_hash: string
  purpose: 'first-administrator' | 'set-password'
  person_id: string | null
  created_at: number
  expires_at: number
  used_at: number | null
}

/** One row per attempt that has not succeeded. */
export interface SignInFailuresTable {
  id: string
  /** SHA-256 of the address typed in: people type passwords into the wrong field. */
  account_key: string
  ip: string
  at: number
}

export interface CatalogSchema {
  services: ServicesTable
  service_dependencies: ServiceDependenciesTable
  teams: TeamsTable
  team_members: TeamMembersTable
  people: PeopleTable
  contacts: ContactsTable
  contact_verifications: ContactVerificationsTable
  sessions: SessionsTable
  api_tokens: ApiTokensTable
  setup_links: SetupLinksTable
  sign_in_failures: SignInFailuresTable
}
