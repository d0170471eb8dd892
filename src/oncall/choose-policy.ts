import type { Alert } from '../alerts/index.ts'
import { policyFor } from '../catalog/index.ts'
import type { Reader } from '../store/store.ts'
import { defaultPolicy, findPolicy } from './policy.rows.ts'
import type { Policy } from './policy.ts'

/** The policy of an alert: its own, its service's, the default one; null where there is none at all. */
export async function choosePolicy(
  db: Reader,
  alert: Pick<Alert, 'policyId' | 'serviceId'>,
): Promise<Policy | null> {
  const wanted = [alert.policyId, alert.serviceId === null ? null : await policyFor(db, alert.serviceId)]
  for (const id of wanted) {
    const policy = id === null ? null : await findPolicy(db, id)
    if (policy) return policy
  }
  return defaultPolicy(db)
}
