/** A person as the catalogue knows them. */
export interface Candidate {
  id: string
  name: string
  email: string
}

export type OwnerMatch =
  | { outcome: 'matched'; personId: string; by: 'email' | 'handle' | 'name' }
  | { outcome: 'open'; reason: 'nobody' | 'several' }

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s.,_'’-]+/g, ' ')
    .trim()

const EMAIL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]/g

/**
 * Whom a document means by what it wrote as the owner: by mailbox, then by handle, then by full name, and only where
 * that is exactly one person. A first name alone, or a text that names two people, is a guess, and is left to people.
 */
export function matchOwner(written: string, people: readonly Candidate[]): OwnerMatch {
  const only = (found: readonly Candidate[], by: 'email' | 'handle' | 'name'): OwnerMatch | null => {
    const ids = [...new Set(found.map(({ id }) => id))]
    if (ids.length === 0) return null
    return ids.length === 1
      ? { outcome: 'matched', personId: ids[0]!, by }
      : { outcome: 'open', reason: 'several' }
  }
  const mailboxes = new Set([...written.matchAll(EMAIL)].map(([mailbox]) => mailbox.toLowerCase()))
  if (mailboxes.size > 1) return { outcome: 'open', reason: 'several' }
  const byMailbox = only(
    people.filter(({ email }) => mailboxes.has(email.toLowerCase())),
    'email',
  )
  if (byMailbox) return byMailbox
  // `Ana Lindqvist <ana@elsewhere.example>`: the mailbox is nobody's, the name may be somebody's.
  const rest = written
    .replace(EMAIL, ' ')
    .replace(/[<>()[\]]/g, ' ')
    .trim()
  if (/[,;/&+]| and /i.test(rest.replace(/[,;]\s*$/, ''))) {
    const swapped = /^([^,;/&+]+),\s*([^,;/&+]+)$/.exec(rest)
    const bySwapped = swapped ? byName(`${swapped[2]} ${swapped[1]}`, people) : []
    return only(bySwapped, 'name') ?? { outcome: 'open', reason: 'several' }
  }
  const handle = /^@?([\w.-]+)$/.exec(rest)?.[1]?.toLowerCase()
  const byHandle = handle
    ? only(
        people.filter(({ id, email }) => id === handle || email.toLowerCase().split('@')[0] === handle),
        'handle',
      )
    : null
  return byHandle ?? only(byName(rest, people), 'name') ?? { outcome: 'open', reason: 'nobody' }
}

function byName(written: string, people: readonly Candidate[]): Candidate[] {
  const wanted = fold(written)
  return wanted.includes(' ') ? people.filter(({ name }) => fold(name) === wanted) : []
}
