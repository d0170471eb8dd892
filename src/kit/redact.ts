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

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic|token)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [
    /\b([\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[-_]?key|private[-_]?key|credential)[\w-]{0,20}["']?\s{0,3}[:=]\s{0,3})(?:"[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1${REDACTED}`,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abpr]-[\w-]{10,}|\bglpat-[\w-]{16,}/g, REDACTED],
]

/** A line of text in which whatever looks like a credential is replaced. */
export function redactText(text: string): string {
  return CREDENTIALS.reduce((clean, [pattern, by]) => clean.replace(pattern, by), redact(text))
}
