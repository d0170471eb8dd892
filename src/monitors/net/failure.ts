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

/** What went wrong on our own side: nothing was learned of the target, so that no kind may call it down. */
export const OWN_REASONS = [
  'self.no-descriptors',
  'self.no-memory',
  'self.no-network',
  'self.no-ports',
  'self.not-permitted',
  'dns.resolver-dead',
] as const
export type OwnReason = (typeof OWN_REASONS)[number]

const OWN_CODES: Record<string, { reason: OwnReason; words: string }> = {
  EMFILE: { reason: 'self.no-descriptors', words: 'this process may open no more files or sockets' },
  ENFILE: { reason: 'self.no-descriptors', words: 'this machine may open no more files or sockets' },
  ENOBUFS: { reason: 'self.no-memory', words: 'this machine has no buffers left for a connection' },
  ENOMEM: { reason: 'self.no-memory', words: 'this machine has no memory left for a connection' },
  // Our routing table has no way there. A host that is away is EHOSTUNREACH, or silence.
  ENETUNREACH: { reason: 'self.no-network', words: 'this machine has no route to that network' },
  ENETDOWN: { reason: 'self.no-network', words: 'the network of this machine is down' },
  EADDRNOTAVAIL: {
    reason: 'self.no-ports',
    words: 'this machine has no address or port left to connect from',
  },
  EACCES: { reason: 'self.not-permitted', words: 'this machine does not permit the connection' },
  EPERM: { reason: 'self.not-permitted', words: 'this machine does not permit the connection' },
}

/** The failure that an error code of the system means when it is our own side's; null when it is the other's. */
export function ownFault(where: string, code: string | undefined): StepFailure<OwnReason> | null {
  const own = code !== undefined && Object.hasOwn(OWN_CODES, code) ? OWN_CODES[code] : undefined
  return own ? failure(own.reason, `${own.words} (${code} for ${where}): nothing is known of it`) : null
}

/** Whether a reason says that we ourselves are the cause. */
export function isOwnReason(reason: string): reason is OwnReason {
  return (OWN_REASONS as readonly string[]).includes(reason)
}

/** A failed step of a check: data, with the sentence for people. */
export interface StepFailure<Reason extends string> {
  failed: Reason
  summary: string
}
/** `checkOnce` turns the verdict of those that are our own into unknown. */
export type NetworkFailure = StepFailure<NetworkReason | OwnReason>

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
