/** Rooms of the contract whose answers a fact may change, by the first word of its type. */
const AFFECTED: Record<string, readonly string[]> = {
  monitor: ['monitors', 'catalog', 'system'],
  maintenance: ['monitors', 'system'],
  pool: ['monitors'],
  alert: ['alerts', 'oncall', 'incidents', 'system'],
  silence: ['alerts', 'system'],
  catalog: ['catalog', 'oncall', 'system'],
  contact: ['catalog', 'oncall'],
  person: ['catalog', 'oncall', 'system'],
  token: ['catalog'],
  escalation: ['alerts', 'oncall'],
  page: ['alerts', 'oncall'],
  override: ['oncall', 'system'],
  oncall: ['oncall', 'alerts', 'system'],
  incident: ['incidents', 'alerts', 'learning', 'system'],
  update: ['comms', 'incidents', 'learning'],
  statuspage: ['comms'],
  postmortem: ['postmortems', 'incidents', 'learning'],
  action: ['postmortems', 'proofs', 'system', 'learning'],
  case: ['proofs'],
  blindspot: ['proofs'],
  learning: ['learning'],
  exercise: ['exercises'],
  evidence: ['postmortems', 'proofs'],
  drill: ['proofs', 'postmortems', 'monitors', 'system'],
}

/** The rooms to fetch anew after a fact; null for a word this page does not know: everything, to be safe. */
export function affectedRooms(type: string): readonly string[] | null {
  return AFFECTED[type.split('.')[0] ?? ''] ?? null
}
