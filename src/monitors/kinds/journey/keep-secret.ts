import { REDACTED, redactText } from '../../../kit/redact.ts'
import type { JourneySpec } from './spec.ts'

/** Cleans what pages and the browser say before anybody reads it. */
export type Clean = (text: string, longest?: number) => string

const SHORTEST_SECRET = 3
const CONTROLS = /\x1b\[\d*m|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Whatever the journey types is a secret, in each form in which a page or an address may say it again. */
export function secretKeeper({ steps, auth }: Pick<JourneySpec, 'steps' | 'auth'>): Clean {
  const typed = [...steps.map(({ fill }) => fill?.value ?? ''), auth?.password ?? '']
  const forms = typed
    .filter((value) => value.length >= SHORTEST_SECRET)
    .flatMap((value) => [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      new URLSearchParams({ v: value }).toString().slice(2),
    ])
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text, longest = 200) => {
    let clean = text.slice(0, 20_000)
    for (const secret of longestFirst) clean = clean.replaceAll(secret, REDACTED)
    clean = redactText(clean.replace(CONTROLS, ' ')).replace(/\s+/g, ' ').trim()
    return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
  }
}

/** An address without what comes after its path, where secrets travel. */
export function shortUrl(text: string): string {
  if (!URL.canParse(text)) return text.slice(0, 100)
  const { protocol, host, pathname, search, hash } = new URL(text)
  if (!/^https?:$/.test(protocol)) return `${protocol}…`
  return `${protocol}//${host}${pathname}${search || hash ? ' …' : ''}`
}
