import { isIPv4, isIPv6 } from 'node:net'
import type { DnsSpec } from '../../../monitors/index.ts'

/** Records as people write them, as the data of an answer; null where a text is no such record. */
const WRITERS: Partial<Record<DnsSpec['record'], (text: string) => unknown>> = {
  A: (text) => (isIPv4(text) ? text : null),
  AAAA: (text) => (isIPv6(text) ? text : null),
  CNAME: nameOf,
  NS: nameOf,
  PTR: nameOf,
  TXT: (text) => text.match(/[\s\S]{1,255}/g) ?? [''],
  MX(text) {
    const [preference, exchange] = words(text, 2)
    return exchange === undefined ? null : { preference: Number(preference), exchange }
  },
  SRV(text) {
    const [priority, weight, port, target] = words(text, 4)
    if (target === undefined) return null
    return { priority: Number(priority), weight: Number(weight), port: Number(port), target }
  },
  CAA(text) {
    const parts = /^(\d{1,3}) (\w{1,15}) "([^"]*)"$/.exec(text.trim())
    return parts ? { flags: Number(parts[1]), tag: parts[2], value: parts[3] } : null
  },
  SOA(text) {
    const [mname, rname, ...numbers] = words(text, 7)
    const [serial, refresh, retry, expire, minimum] = numbers.map(Number)
    return minimum === undefined ? null : { mname, rname, serial, refresh, retry, expire, minimum }
  },
}

function nameOf(text: string): string | null {
  return /^[\w.*-]{1,253}$/.test(text) ? text.replace(/\.$/, '') : null
}

function words(text: string, count: number): string[] {
  const parts = text.trim().split(/\s+/)
  return parts.length === count ? parts : []
}

/** Whether this record can be written into an answer. */
export function encodable(type: DnsSpec['record'], text: string): boolean {
  return (WRITERS[type]?.(text) ?? null) !== null
}

/** The data of a record that is encodable. */
export function recordData(type: DnsSpec['record'], text: string): unknown {
  return WRITERS[type]!(text)
}
