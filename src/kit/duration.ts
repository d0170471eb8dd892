import type { Millis } from './clock.ts'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export const SECOND = UNITS.s
export const MINUTE = UNITS.m
export const HOUR = UNITS.h
export const DAY = UNITS.d

export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/

/** Reads `90s`, `1h30m` or `14d` as milliseconds; null when it is not a duration. */
export function parseDuration(text: string): Millis | null {
  if (!DURATION_PATTERN.test(text)) return null
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g))
    total += Number(amount) * UNITS[unit as keyof typeof UNITS]
  return total <= Number.MAX_SAFE_INTEGER ? Math.round(total) : null
}

/** Milliseconds as the two largest units: `2d 4h`, `3m 12s`, `250ms`. */
export function formatDuration(ms: Millis): string {
  const sign = ms < 0 ? '-' : ''
  let rest = Math.abs(Math.round(ms))
  if (rest < SECOND) return `${sign}${rest}ms`
  const parts: string[] = []
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ] as const) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) parts.push(`${amount}${unit}`)
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return sign + parts.join(' ')
}

/** Milliseconds in the form that configuration files use: `1h30m`. */
export function writeDuration(ms: Millis): string {
  let rest = Math.round(ms)
  let text = ''
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) text += `${amount}${unit}`
  }
  return text || '0s'
}
