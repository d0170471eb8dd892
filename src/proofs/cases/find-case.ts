import type { Reader } from '../../store/store.ts'
import { caseConfig, type IncidentCase } from './case.ts'
import { findStoredCase, listStoredCases } from './cases.rows.ts'
import { SHIPPED_CASES } from './registry.ts'

let parsed: readonly IncidentCase[] | null = null

/** The cases that come with Tocsin, in the order of the registry. */
export function shippedCases(): readonly IncidentCase[] {
  parsed ??= Object.entries(SHIPPED_CASES).map(([id, input]) => ({
    ...caseConfig.parse(input),
    id,
    origin: 'shipped' as const,
    postmortemId: null,
  }))
  return parsed
}

/** Every case: those that people wrote first, because they are nearer. */
export async function listCases(db: Reader): Promise<IncidentCase[]> {
  return [...(await listStoredCases(db)), ...shippedCases()]
}

/** One case, or null. */
export async function findCase(db: Reader, id: string): Promise<IncidentCase | null> {
  return shippedCases().find((one) => one.id === id) ?? (await findStoredCase(db, id))
}
