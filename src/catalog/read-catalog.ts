import type { Reader } from '../store/store.ts'
import { dependentsOf } from './dependency.rules.ts'
import { findService, listDependencies } from './services.rows.ts'
import { findTeam } from './teams.rows.ts'

/** The escalation policy that the service asks for: its own, else its owner team's; null leaves it to the default. */
export async function policyFor(db: Reader, serviceId: string): Promise<string | null> {
  const service = await findService(db, serviceId)
  if (!service) return null
  if (service.policy) return service.policy
  const team = service.owner ? await findTeam(db, service.owner) : null
  return team && team.removedAt === null ? team.policy : null
}

/** The services that stand still when this one fails, nearest first. */
export async function blastRadius(
  db: Reader,
  serviceId: string,
): Promise<{ serviceId: string; distance: number }[]> {
  return dependentsOf(await listDependencies(db), serviceId)
}
