import type { Reader } from '../store/store.ts'
import { enabledVerdicts } from './monitors.rows.ts'
import type { Verdict } from './observation.ts'

/** How a service is, by its monitors. */
export interface ServiceState {
  state: Verdict
  /** Of the monitor that decides, or `no-monitor`. */
  reason: string
  since: number
}

// What is down counts before what nobody knows: the one is certain.
const WORST: Verdict[] = ['down', 'degraded', 'unknown', 'up']

/** The worst of several states, the longest-standing first. */
export function worstOf(states: ServiceState[]): ServiceState | null {
  const [worst] = [...states].sort(
    (a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || a.since - b.since,
  )
  return worst ?? null
}

/** How each service is that has a monitor switched on. */
export async function serviceStates(db: Reader): Promise<Map<string, ServiceState>> {
  const byService = new Map<string, ServiceState[]>()
  for (const { service_id, verdict, reason, since } of await enabledVerdicts(db)) {
    const known = byService.get(service_id) ?? []
    known.push({ state: verdict as Verdict, reason, since })
    byService.set(service_id, known)
  }
  const states = new Map<string, ServiceState>()
  for (const [serviceId, known] of byService) states.set(serviceId, worstOf(known)!)
  return states
}
