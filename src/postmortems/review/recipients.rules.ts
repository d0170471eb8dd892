/** Who might be reminded. */
export interface Candidates {
  /** Who wrote of the text. */
  authors: readonly string[]
  /** Who had a role in the incident. */
  roleHolders: readonly string[]
  /** Members of the teams whose services it was. */
  owners: readonly string[]
  /** Who is asked to review. */
  reviewers: readonly string[]
  /** Of those, who approved the present text. */
  approved: readonly string[]
  /** Of those, who asked for changes. */
  against: readonly string[]
}

export type Recipients = {
  people: string[]
  reviewers: boolean
  reason: 'reviewers-pending' | 'authors' | 'role-holders' | 'owners' | 'nobody-known'
}

/** Who can do something about it now: a reviewer who has not spoken, else whoever answers for the text. */
export function whoIsReminded(what: 'draft' | 'review', of: Candidates): Recipients {
  if (what === 'review') {
    const pending = of.reviewers.filter((one) => !of.approved.includes(one) && !of.against.includes(one))
    if (pending.length > 0) return { people: pending, reviewers: true, reason: 'reviewers-pending' }
  }
  const ladder = [
    ['authors', of.authors],
    ['role-holders', of.roleHolders],
    ['owners', of.owners],
  ] as const
  for (const [reason, people] of ladder)
    if (people.length > 0) return { people: [...new Set(people)], reviewers: false, reason }
  return { people: [], reviewers: false, reason: 'nobody-known' }
}
