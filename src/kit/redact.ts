const SECRET_KEY = /pass(word|phrase)?|secret|token|authorization|cookie|api[-_]?key|webhook|private[-_]?key/i

export const REDACTED = '[redacted]'

/** A copy in which every value under a secret-sounding key, and every URL credential, is replaced. */
export function redact<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/(\w+:\/\/[^:/@\s]*):[^/\s]+@/g, `$1:${REDACTED}@`) as T
  if (Array.isArray(value)) return value.map(redact) as T
  if (value === null || typeof value !== 'object') return value
  const copy: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value))
    copy[key] =
      SECRET_KEY.test(key) && inner !== null && typeof inner !== 'boolean' ? REDACTED : redact(inner)
  return copy as T
}
