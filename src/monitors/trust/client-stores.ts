import { X509Certificate } from 'node:crypto'
import { hasFailed, type StepFailure } from '../net/failure.ts'
import type { TrustStore } from './build-chain.ts'
import type { Client } from './client.ts'
import type { ClientSpec } from './expectations.ts'
import { type Member, memberOf, nameKey } from './member.ts'
import { PROFILES, type ProfileName } from './profiles/index.ts'
import { profileStore } from './profiles/read-store.ts'
import { givenRoots, type Roots } from './roots.ts'

/** A client without a store of its own beside the profiles: a name of theirs. */
export function isProfile(spec: ClientSpec): spec is ProfileName {
  return typeof spec === 'string'
}

/** The client of a profile or of a store file; fails when the file cannot be read. */
export function clientOf(spec: ClientSpec): Client | StepFailure<'tls.ca-unreadable'> {
  if (isProfile(spec)) {
    const { algorithm, store } = PROFILES[spec]
    return { name: spec, algorithm, store: profileStore(store) }
  }
  const roots = givenRoots(spec.store)
  if (hasFailed(roots)) return { ...roots, summary: `client ${spec.name}: ${roots.summary}` }
  return { name: spec.name, algorithm: spec.legacy ? 'legacy' : 'modern', store: storeOf(roots) }
}

/** What a client is called. */
export const clientName = (spec: ClientSpec): string => (isProfile(spec) ? spec : spec.name)

/** Whether a client follows what was sent before it asks its own store, and breaks where that has ended. */
export function followsWhatWasSent(spec: ClientSpec): boolean {
  if (!isProfile(spec)) return spec.legacy
  const { algorithm } = PROFILES[spec]
  return algorithm === 'legacy' || algorithm === 'openssl-1.0'
}

const stores = new WeakMap<Roots, TrustStore>()

/** Roots as a client's store. */
export function storeOf(roots: Roots): TrustStore {
  const known = stores.get(roots)
  if (known) return known
  const byKey = new Map<string, Member[]>()
  for (const certificate of [...roots.bySubject.values()].flat()) {
    const member = memberOf(new X509Certificate(certificate.raw))
    if (!member) continue
    const key = nameKey(certificate.subject)
    byKey.set(key, [...(byKey.get(key) ?? []), member])
  }
  const store: TrustStore = { id: roots.id, find: (key) => byKey.get(key) ?? [] }
  stores.set(roots, store)
  return store
}
