import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TrustStore } from '../build-chain.ts'
import { type Member, memberOf } from '../member.ts'

/** The file that `scripts/generate-trust-profiles.ts` writes: each root once, and which set holds which. */
export interface RootsFile {
  /** DER in base64, with the key of its subject before it: `3f2a… MIID…`. */
  roots: string[]
  /** Where each set comes from, and the numbers of its roots. */
  sets: Record<string, { origin: string; taken: string; roots: number[] }>
}

/** A short key for a folded subject, so that a root is only read when it is asked for. */
export function subjectDigest(subjectKey: string): string {
  return createHash('sha256').update(subjectKey).digest('hex').slice(0, 16)
}

let file: RootsFile | null = null
const members = new Map<number, Member | null>()
const stores = new Map<string, TrustStore>()

/** The sets of roots, as they lie beside this file. Read once, and only when a profile is used. */
export function rootsFile(): RootsFile {
  file ??= JSON.parse(readFileSync(new URL('./roots.json', import.meta.url), 'utf8')) as RootsFile
  return file
}

/** The store of a set of roots. */
export function profileStore(name: string): TrustStore {
  const known = stores.get(name)
  if (known) return known
  const { roots, sets } = rootsFile()
  const byDigest = new Map<string, number[]>()
  for (const index of sets[name]!.roots) {
    const digest = roots[index]!.slice(0, 16)
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), index])
  }
  const found = new Map<string, Member[]>()
  const store: TrustStore = {
    id: `profile ${name}`,
    find(subjectKey) {
      const digest = subjectDigest(subjectKey)
      if (!byDigest.has(digest)) return []
      let answer = found.get(digest)
      if (!answer) {
        answer = byDigest.get(digest)!.flatMap((index) => rootAt(roots, index) ?? [])
        found.set(digest, answer)
      }
      return answer
    },
  }
  stores.set(name, store)
  return store
}

function rootAt(roots: string[], index: number): Member | null {
  let member = members.get(index)
  if (member === undefined) {
    const der = Buffer.from(roots[index]!.slice(17), 'base64')
    member = memberOf(new X509Certificate(der))
    members.set(index, member)
  }
  return member
}
