import type { InventoryEntry } from '../../../src/contract/certificates.ts'

const DAY = 86_400_000

/** What the filter "ends within" offers. */
export const WITHIN = {
  any: 'Any end',
  ended: 'Ended',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
} as const
export type Within = keyof typeof WITHIN

/** The instant that a certificate must end before; nothing where every end will do. */
export function endsBefore(within: string, now: number): string | undefined {
  if (within === 'ended') return new Date(now).toISOString()
  const days = /^(\d+)d$/.exec(within)?.[1]
  return days === undefined ? undefined : new Date(now + Number(days) * DAY).toISOString()
}

/** How near the end is. */
export function endTone(notAfter: string, now: number): 'bad' | 'warn' | 'plain' {
  const left = Date.parse(notAfter) - now
  return left < 7 * DAY ? 'bad' : left < 30 * DAY ? 'warn' : 'plain'
}

const WORDS: Record<string, string> = {
  'certificate.replacement-demanded': 'To be replaced at once',
  'certificate.not-reloaded': 'Renewed, not reloaded',
  'certificate.renewal-overdue': 'Overdue',
  'certificate.file-outdated': 'Older one on the disk',
  'certificate.file-unreadable': 'File cannot be read',
  'certificate.nodes-differ': 'Some nodes serve the old one',
}

/** How the renewal of a certificate stands. */
export type Renewal =
  | { state: 'wrong'; text: string }
  | { state: 'due' | 'planned'; at: string }
  | { state: 'unknown' }

/** The worst that any of those who serve it says; the first due date where nothing is wrong. */
export function renewalOf({ servers }: InventoryEntry, now: number): Renewal {
  const known = servers.flatMap(({ renewal }) => (renewal ? [renewal] : []))
  const wrong = Object.keys(WORDS).find((reason) => known.some((one) => one.reason === reason))
  if (wrong) return { state: 'wrong', text: WORDS[wrong]! }
  const due = known.flatMap(({ due: at }) => (at === null ? [] : [at])).sort()[0]
  if (due === undefined) return { state: 'unknown' }
  return { state: Date.parse(due) <= now ? 'due' : 'planned', at: due }
}

/** Clients that break on it, each once, the worst verdict of those who serve it. */
export function breaksOf({ servers }: InventoryEntry): InventoryEntry['servers'][number]['breaks'] {
  const found = new Map<string, InventoryEntry['servers'][number]['breaks'][number]>()
  for (const one of servers.flatMap(({ breaks }) => breaks))
    if (!found.has(one.name) || one.verdict === 'down') found.set(one.name, one)
  return [...found.values()].sort((a, b) => Number(b.verdict === 'down') - Number(a.verdict === 'down'))
}
