import { isIP } from 'node:net'
import { bytesOf, children, type Element, elementAt, hexOf } from './der.ts'

type Subtree = { kind: 'dns' | 'email'; base: string } | { kind: 'ip' | 'directory'; base: Uint8Array }

/** For which names an authority may issue (RFC 5280, 4.2.1.10). */
export interface NameConstraints {
  permitted: Subtree[]
  excluded: Subtree[]
}

/** The names of a certificate that constraints speak of. */
export interface ConstrainedNames {
  dns: string[]
  ip: string[]
  email: string[]
  /** The subject, as DER. */
  subject: Uint8Array | null
}

/** Reads the extension; null when there is none. */
export function readConstraints(value: Uint8Array | undefined): NameConstraints | null {
  const sequence = value && elementAt(value, 0)
  if (!sequence) return null
  const found: NameConstraints = { permitted: [], excluded: [] }
  for (const list of children(value, sequence)) {
    const into = (list.tag & 0x1f) === 0 ? found.permitted : found.excluded
    for (const subtree of children(value, list)) {
      const base = children(value, subtree)[0]
      const read = base && subtreeOf(value, base)
      if (read) into.push(read)
    }
  }
  return found
}

function subtreeOf(der: Uint8Array, base: Element): Subtree | null {
  const bytes = bytesOf(der, base)
  if (base.tag === 0x82) return { kind: 'dns', base: Buffer.from(bytes).toString('latin1').toLowerCase() }
  if (base.tag === 0x81) return { kind: 'email', base: Buffer.from(bytes).toString('latin1').toLowerCase() }
  if (base.tag === 0x87) return { kind: 'ip', base: bytes }
  if (base.tag === 0xa4) return { kind: 'directory', base: bytes }
  return null
}

/** The name that the constraints forbid; null when they forbid none. */
export function forbiddenName(constraints: NameConstraints, names: ConstrainedNames): string | null {
  for (const [kind, name, matches] of everyName(names)) {
    if (constraints.excluded.some((subtree) => subtree.kind === kind && matches(subtree))) return name
    const permitted = constraints.permitted.filter((subtree) => subtree.kind === kind)
    if (permitted.length > 0 && !permitted.some(matches)) return name
  }
  return null
}

type Claim = [kind: Subtree['kind'], name: string, matches: (subtree: Subtree) => boolean]

function everyName({ dns, ip, email, subject }: ConstrainedNames): Claim[] {
  const claims: Claim[] = dns.map((name) => ['dns', name, ({ base }) => dnsWithin(name, base as string)])
  for (const name of ip) claims.push(['ip', name, ({ base }) => ipWithin(name, base as Uint8Array)])
  for (const name of email) claims.push(['email', name, ({ base }) => emailWithin(name, base as string)])
  if (subject)
    claims.push(['directory', 'the subject', ({ base }) => nameWithin(subject, base as Uint8Array)])
  return claims
}

function dnsWithin(name: string, base: string): boolean {
  const folded = name.toLowerCase()
  if (base === '') return true
  if (!folded.endsWith(base)) return false
  return folded.length === base.length || base.startsWith('.') || folded.at(-base.length - 1) === '.'
}

function emailWithin(address: string, base: string): boolean {
  const folded = address.toLowerCase()
  if (base.includes('@')) return folded === base
  const host = folded.slice(folded.indexOf('@') + 1)
  return base.startsWith('.') ? host.endsWith(base) : host === base
}

/** The base of an address is the network followed by its mask. */
function ipWithin(address: string, base: Uint8Array): boolean {
  const bytes = addressBytes(address)
  if (!bytes || base.length !== bytes.length * 2) return false
  return bytes.every((byte, i) => (byte & base[bytes.length + i]!) === (base[i]! & base[bytes.length + i]!))
}

function addressBytes(address: string): number[] | null {
  if (isIP(address) === 4) return address.split('.').map(Number)
  if (isIP(address) !== 6) return null
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16))
  const [front, back] = [groups(head), groups(tail)]
  const all = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
  return all.flatMap((group) => [group >> 8, group & 0xff])
}

/** Whether the name begins with all parts of the base. */
function nameWithin(subject: Uint8Array, base: Uint8Array): boolean {
  const parts = (der: Uint8Array) => {
    const name = elementAt(der, 0)
    return name ? children(der, name).map((part) => hexOf(der.subarray(part.at, part.to)).toLowerCase()) : []
  }
  const own = parts(subject)
  return parts(base).every((part, i) => part === own[i])
}
