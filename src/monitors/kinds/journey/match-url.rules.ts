/** Why an address is not the one that is expected; null where it is. A star stands for anything. */
export function whyNotUrl(wanted: string, now: string): string | null {
  const found = canRead(now)
  // Whole addresses are compared whole; a path alone is compared with the path, and with the query where it has one.
  const seen = /^[a-z][a-z0-9+.-]*:/i.test(wanted)
    ? now
    : found
      ? found.pathname + (/[?#]/.test(wanted) ? found.search : '') + (wanted.includes('#') ? found.hash : '')
      : now
  if (matches(wanted, seen)) return null
  return `the page is at ${found ? found.origin + found.pathname : now.slice(0, 100)}, expected is ${withoutQuery(wanted)}`
}

function canRead(text: string): URL | null {
  return URL.canParse(text) && /^https?:/.test(text) ? new URL(text) : null
}

const withoutQuery = (text: string) => text.replace(/[?#].*$/, (tail) => (tail.length > 1 ? ' …' : ''))

/** Stars without going back and forth: each part is looked for behind the one before. */
function matches(wanted: string, seen: string): boolean {
  const parts = wanted.split('*')
  if (parts.length === 1) return wanted === seen
  const first = parts.shift()!
  const last = parts.pop()!
  if (!seen.startsWith(first)) return false
  let at = first.length
  for (const part of parts) {
    const found = seen.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return seen.length - last.length >= at && seen.endsWith(last)
}
