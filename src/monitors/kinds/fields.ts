import { z } from 'zod'
import { DURATION_PATTERN, parseDuration } from '../../kit/duration.ts'

/** A duration as people write it (`90s`, `1h30m`), in milliseconds once parsed. */
export function durationField(title: string, description: string) {
  return z
    .string()
    .regex(DURATION_PATTERN, 'a duration such as 10s, 5m or 1h30m is expected')
    .transform((text) => parseDuration(text) as number)
    .meta({ title, description })
}

/** As `durationField`, with the value that stands when it is left out. */
export function durationOr(fallback: string, title: string, description: string) {
  return durationField(title, description).prefault(fallback).meta({ title, description, default: fallback })
}

/** How long a check may take in all, name resolution included. */
export const timeoutField = durationOr('10s', 'Timeout', 'The whole check must end within this time.').refine(
  (ms) => ms >= 1 && ms <= 300_000,
  'a timeout between 1ms and 5m is expected',
)

export const familyField = z.enum(['any', 'ipv4', 'ipv6']).default('any').meta({
  title: 'Address family',
  description: 'Connect over IPv4 or IPv6 only; by default IPv4 is tried first.',
})

/** A host and a port. */
export interface HostPort {
  host: string
  port: number
}

/** Reads `docs.example.org:443` or `[2001:db8::1]:443`; null when it is not an endpoint. */
export function parseHostPort(text: string, defaultPort?: number): HostPort | null {
  const parts = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(text)
  if (!parts) return null
  const port = parts[3] === undefined ? defaultPort : Number(parts[3])
  if (port === undefined || port < 1 || port > 65_535) return null
  return { host: (parts[1] ?? parts[2])!, port }
}

/** `tls://host:443/` as `host:443`. */
export function withoutScheme(target: string): string {
  return target.replace(/^[a-z0-9+.-]+:\/*/i, '').replace(/\/$/, '')
}

/** A `host:port` text, as its two parts once parsed. */
export function hostPortField(title: string, description: string, defaultPort?: number) {
  return z
    .string()
    .transform((text, context): HostPort => {
      const parsed = parseHostPort(text.trim(), defaultPort)
      if (parsed) return parsed
      context.addIssue({ code: 'custom', message: 'host:port is expected, with an IPv6 address in brackets' })
      return z.NEVER
    })
    .meta({ title, description })
}
