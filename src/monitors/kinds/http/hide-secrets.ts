import { REDACTED } from '../../../kit/redact.ts'

const SECRET_PARAMETER = /token|secret|key|pass|auth|sig/i

/** The names of an address's query parameters that sound like secrets. */
export function secretParameters(url: URL): string[] {
  return [...new Set(url.searchParams.keys())].filter((name) => SECRET_PARAMETER.test(name))
}

/** An address for people: what sounds like a secret in its query is hidden. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const names = secretParameters(url)
  if (names.length === 0) return text
  for (const name of names) url.searchParams.set(name, REDACTED)
  return url.href
}
