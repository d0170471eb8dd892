/** Why a connection did not come about; shared by every kind that opens one. */
export const NETWORK_REASONS = [
  'dns.failed',
  'dns.timeout',
  'egress.refused',
  'connect.refused',
  'connect.timeout',
  'connect.failed',
] as const
export type NetworkReason = (typeof NETWORK_REASONS)[number]

/** A failed step of a check: data, with the sentence for people. */
export interface StepFailure<Reason extends string> {
  failed: Reason
  summary: string
}
export type NetworkFailure = StepFailure<NetworkReason>

export function failure<Reason extends string>(failed: Reason, summary: string): StepFailure<Reason> {
  return { failed, summary }
}

export function hasFailed<Reason extends string>(
  value: object | StepFailure<Reason>,
): value is StepFailure<Reason> {
  return 'failed' in value
}

/** The promise's value, or `late` as soon as the signal fires; whatever the promise does afterwards is ignored. */
export function orAborted<T, L>(signal: AbortSignal, late: L, promise: Promise<T>): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(late)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
