export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** JSON with sorted keys, so that equal values have equal text (RFC 8785 for the values we store). */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`
}

/** Reads JSON text that we wrote ourselves. */
export function parseJson<T = unknown>(text: string): T {
  return JSON.parse(text) as T
}
