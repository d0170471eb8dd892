/** Every error that a caller can be told about; the HTTP status is the only transport fact kept here. */
export const ERRORS = {
  'invalid-input': { status: 400, title: 'The input is not valid' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'Name or password is wrong' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'origin-refused': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'wrong-state': { status: 409, title: 'Its present state does not allow this' },
  'managed-by-file': { status: 409, title: 'The configuration file manages this' },
  duplicate: { status: 409, title: 'It exists already' },
  'token-spent': { status: 410, title: 'The link has been used or has expired' },
  'method-not-allowed': { status: 405, title: 'The address does not take this method' },
  'too-large': { status: 413, title: 'The body is too large' },
  'wrong-media-type': { status: 415, title: 'The media type is not accepted' },
  'idempotency-mismatch': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'configuration-invalid': { status: 422, title: 'The configuration is not valid' },
  'proof-required': { status: 422, title: 'Only a proof closes an action' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'no-browser': { status: 503, title: 'No browser is there to print with' },
  'print-failed': { status: 503, title: 'It could not be printed' },
  'store-full': { status: 507, title: 'The disk is full' },
  'store-newer': { status: 500, title: 'The database was written by a newer version' },
  'store-busy': { status: 503, title: 'The database is busy' },
  internal: { status: 500, title: 'Something in Tocsin broke' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** One thing wrong in the input: where, what, and what to do about it. */
export interface Problem {
  /** Where: `monitors.docs.every`, or a JSON pointer-like path of the body. */
  path: string
  message: string
  remedy?: string
}

/** An error meant for the caller. Anything else that is thrown is a bug of ours. */
export class TocsinError extends Error {
  readonly code: ErrorCode
  readonly problems: Problem[]
  constructor(code: ErrorCode, detail: string, problems: Problem[] = []) {
    super(detail)
    this.name = 'TocsinError'
    this.code = code
    this.problems = problems
  }
  get status(): number {
    return ERRORS[this.code].status
  }
}

export function notFound(what: string, id: string): TocsinError {
  return new TocsinError('not-found', `There is no ${what} "${id}".`)
}

export function wrongState(detail: string): TocsinError {
  return new TocsinError('wrong-state', detail)
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
