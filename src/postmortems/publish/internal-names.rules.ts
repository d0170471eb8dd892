/** What a name from inside names. */
export type NameKind = 'person' | 'service' | 'monitor' | 'host' | 'address' | 'e-mail'

/** A name that the public does not know. */
export interface InternalName {
  name: string
  kind: NameKind
}

export interface FoundName extends InternalName {
  times: number
}

/** What the catalogue knows of names. */
export interface Known {
  people: readonly { name: string }[]
  services: readonly { id: string; name: string; isPublic: boolean }[]
  monitors: readonly { id: string; name: string; target: string }[]
}

const SHORTEST_PART = 3
const SHORTEST_ID = 4
const INSTEAD: Record<NameKind, string> = {
  person: '[name left out]',
  service: '[service left out]',
  monitor: '[monitor left out]',
  host: '[host left out]',
  address: '[address left out]',
  'e-mail': '[address left out]',
}

/** The names that are to stay inside: people, services that are not public, monitors and the hosts that they watch. */
export function internalNames({ people, services, monitors }: Known): InternalName[] {
  const isPublic = new Set(
    services.filter((service) => service.isPublic).flatMap(({ id, name }) => [fold(id), fold(name)]),
  )
  const names: InternalName[] = []
  for (const { name } of people) {
    names.push({ name, kind: 'person' })
    for (const part of name.split(/[\s,]+/))
      if (part.length >= SHORTEST_PART && part !== name && /^\p{Lu}/u.test(part))
        names.push({ name: part, kind: 'person' })
  }
  for (const { id, name, isPublic } of services) if (!isPublic) names.push(...both(id, name, 'service'))
  for (const { id, name, target } of monitors) {
    names.push(...both(id, name, 'monitor'))
    const host = hostOf(target)
    if (host) names.push({ name: host, kind: 'host' })
  }
  const seen = new Set<string>()
  return names
    .filter(({ name }) => {
      const key = fold(name)
      if (key === '' || isPublic.has(key) || seen.has(key)) return false
      seen.add(key)
      return true
    })
    .sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? -1 : 1))
}

const fold = (text: string) => text.normalize('NFKC').trim().toLowerCase()

function both(id: string, name: string, kind: NameKind): InternalName[] {
  // An id is often a word that everybody uses; one of several parts is not.
  const telling = id.length >= SHORTEST_ID && /[-_.\d]/.test(id)
  return [{ name, kind }, ...(telling && fold(id) !== fold(name) ? [{ name: id, kind }] : [])]
}

/** The host of an address or of `host:port`, where it tells something: a name of several parts, or an address. */
function hostOf(target: string): string | null {
  const host =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[^\s/:?#]+)/i.exec(target)?.[1] ?? ''
  return host.startsWith('[') ? host.slice(1, -1) : host.includes('.') ? host : null
}

// Anything that looks like a mail address, an address of a network, or a name that only a network of one's own knows.
const LOOKS: readonly [NameKind, RegExp][] = [
  ['e-mail', /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu],
  [
    'host',
    /(?<![\p{L}\p{N}._-])(?:[a-z0-9-]{1,63}\.){1,8}(?:internal|intranet|local|localdomain|lan|corp|home\.arpa|svc)(?![\p{L}\p{N}-])/giu,
  ],
  ['address', /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g],
  [
    'address',
    /(?<![\p{L}\p{N}:])(?:[0-9a-f]{1,4}:){3,7}(?::|[0-9a-f]{1,4})(?:[0-9a-f:]{0,20})(?![\p{L}\p{N}:])/giu,
  ],
]

/**
 * A text without the names from inside; those of `keep` stay. Names are found as whole words, the longest first, whatever
 * their case; a part of a person's name only as it is written, because many are words as well.
 */
export function leaveOutNames(
  text: string,
  names: readonly InternalName[],
  keep: readonly string[],
): { text: string; leftOut: FoundName[]; kept: FoundName[] } {
  const kept = new Set(keep.map(fold))
  const counts = { leftOut: new Map<string, FoundName>(), kept: new Map<string, FoundName>() }
  const count = (where: 'leftOut' | 'kept', name: string, kind: NameKind) => {
    const key = `${kind} ${fold(name)}`
    const known = counts[where].get(key)
    if (known) known.times++
    else counts[where].set(key, { name, kind, times: 1 })
  }
  // Everything is found in the text as it was: what was put in its place is no text to search.
  const taken: { from: number; kind: NameKind; said: string }[] = []
  const covered = new Uint8Array(text.length)
  const take = (from: number, said: string, kind: NameKind) => {
    if (covered.subarray(from, from + said.length).includes(1)) return
    covered.fill(1, from, from + said.length)
    taken.push({ from, kind, said })
  }
  const words = new Set(wordsOf(text))
  for (const [kind, pattern] of LOOKS) for (const m of text.matchAll(pattern)) take(m.index, m[0], kind)
  for (const { name, kind } of names.filter(({ name }) => wordsOf(name).every((word) => words.has(word))))
    for (const m of text.matchAll(wholeWord(name, kind))) take(m.index, m[0], kind)
  let out = ''
  let at = 0
  for (const { from, kind, said } of taken.sort((a, b) => a.from - b.from)) {
    const stays = kept.has(fold(said))
    count(stays ? 'kept' : 'leftOut', said, kind)
    out += text.slice(at, from) + (stays ? said : INSTEAD[kind])
    at = from + said.length
  }
  const list = (where: 'leftOut' | 'kept') =>
    [...counts[where].values()].sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1))
  return { text: out + text.slice(at), leftOut: list('leftOut'), kept: list('kept') }
}

/** What a text must hold for a name to be in it: looked at first, because most names are in no text. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

function wholeWord(name: string, kind: NameKind): RegExp {
  // Markdown may stand before any of its signs, and a line may end between its words.
  const pattern = [...name]
    .map((sign) =>
      /\s/u.test(sign)
        ? '\\s+'
        : /[\p{L}\p{N}]/u.test(sign)
          ? sign
          : `\\\\?${sign.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`,
    )
    .join('')
  const isPart = kind === 'person' && !/\s/u.test(name)
  return new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`, isPart ? 'gu' : 'giu')
}
