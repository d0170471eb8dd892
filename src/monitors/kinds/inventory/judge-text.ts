import type { Row, Unreadable, Violation } from './inventory.ts'
import { type Format, type Mapping, parseInventory } from './parse-inventory.ts'
import { findViolations, type Rule } from './rules.rules.ts'

/** What to do with the text of an inventory; plain data, so that a worker can be handed it. */
export interface Judging {
  text: string
  format: Format | null
  mapping: Mapping
  rules: Rule[]
  /** Whether the rows themselves are wanted, for comparing them with reality. */
  wantsRows: boolean
}

export interface Judged {
  devices: number
  addresses: number
  violations: Violation[]
  /** How many there are in all. */
  found: number
  rows: Row[]
}

// A registry that is wrong throughout is told by its first thousand faults.
const MOST_VIOLATIONS = 1_000

/** Reads an inventory and asks the rules. */
export async function judgeText({
  text,
  format,
  mapping,
  rules,
  wantsRows,
}: Judging): Promise<Judged | Unreadable> {
  const rows = await parseInventory(text, format, mapping)
  if (!Array.isArray(rows)) return rows
  const violations = findViolations(rows, rules)
  return {
    devices: new Set(rows.map(({ device }) => device)).size,
    addresses: rows.length,
    violations: violations.slice(0, MOST_VIOLATIONS),
    found: violations.length,
    rows: wantsRows ? rows : [],
  }
}
