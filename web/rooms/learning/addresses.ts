import type { SearchHit } from '../../../src/contract/learning.ts'

/** Where what was found stands. */
export function addressOfHit({
  kind,
  id,
  incidentId,
}: Pick<SearchHit, 'kind' | 'id' | 'incidentId'>): string {
  if (kind === 'post-mortem') return `/post-mortems/${id}`
  if (kind === 'action') return `/actions/${id}`
  if (kind === 'case') return `/cases/${id}`
  return `/incidents/${kind === 'incident' ? id : incidentId}`
}

/** Where a record stands: its post-mortem tells more than its incident. */
export function addressOfRecord(of: { incidentId: string | null; postmortemId: string | null }): string {
  return of.postmortemId ? `/post-mortems/${of.postmortemId}` : `/incidents/${of.incidentId}`
}

/** The search that finds what is counted. */
export function addressOfSearch(filter: Record<string, string | undefined>): string {
  const given = Object.entries(filter).filter((one): one is [string, string] => one[1] !== undefined)
  return `/search?${new URLSearchParams(given)}`
}
