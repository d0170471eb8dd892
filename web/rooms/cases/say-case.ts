import type { IncidentCase } from '../../../src/contract/cases.ts'
import { sayDuration } from '../../times/say-time.ts'

/** How long it was before anybody noticed, and before somebody knew who could act: "7h 28m, by users". */
export function sayNoticed(past: NonNullable<IncidentCase['past']>): string {
  const noticed = Date.parse(past.noticed) - Date.parse(past.began)
  const reached = Date.parse(past.reached) - Date.parse(past.began)
  const first = `${sayDuration(noticed)}, by ${past.by}`
  return reached > noticed ? `${first}; ${sayDuration(reached)} until somebody knew who could act` : first
}

/** How long it lasted. */
export function sayLasted(past: NonNullable<IncidentCase['past']>): string {
  return sayDuration(Date.parse(past.mended) - Date.parse(past.began))
}

/** How the case stands here: which services could be struck, and which of them have its drill. */
export function sayStanding({ exposed }: Pick<IncidentCase, 'exposed'>): { state: string; say: string } {
  if (exposed.length === 0) return { state: 'not-exposed', say: 'No service is known to have it' }
  const drilled = exposed.filter(({ drillId }) => drillId !== null).length
  if (drilled === 0)
    return {
      state: 'unproven',
      say: `${exposed.length} ${exposed.length === 1 ? 'service' : 'services'}, none drilled`,
    }
  if (drilled < exposed.length)
    return { state: 'unproven', say: `${drilled} of ${exposed.length} services drilled` }
  return { state: 'proved', say: `All ${exposed.length} drilled` }
}

const ORIGINS = {
  shipped: 'comes with Tocsin',
  file: 'from the configuration',
  people: 'from a post-mortem of yours',
} as const

/** Where a case comes from. */
export const sayOrigin = (origin: IncidentCase['origin']) => ORIGINS[origin]
