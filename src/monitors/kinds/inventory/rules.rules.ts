import type { Row, Violation } from './inventory.ts'

export const ROW_FIELDS = [
  'device',
  'responsible',
  'name',
  'ip',
  'service',
  'role',
  'fixed',
  'floating',
  'hardwareAddress',
  'bound',
  'valid',
] as const
export type RowField = (typeof ROW_FIELDS)[number]

/** What fields must be, all of them. */
export type Condition = Partial<Record<RowField, string | boolean>>

/** A rule as data: of rows that belong together, so many that fulfil a condition, none may be as in `wrong`. */
export interface Rule {
  name: string
  reason: string
  /** In a sentence, after the rows are named. */
  title: string
  /** Rows with the same values of these belong together. */
  by: readonly RowField[]
  /** Which rows count. */
  of: Condition
  /** Fewer rows together are no fault. */
  fewest: number
  wrong: Condition
}

/** The rules that past incidents have taught. */
export const BUILT_IN: readonly Rule[] = [
  {
    name: 'unbound-address',
    reason: 'inventory.unbound-address',
    title:
      'of several fixed addresses in one service one is bound to no hardware address: a host may be given the wrong one',
    by: ['device', 'service'],
    of: { fixed: true },
    fewest: 2,
    wrong: { bound: false },
  },
  {
    name: 'duplicate-address',
    reason: 'inventory.duplicate-address',
    title: 'the address is declared more than once',
    by: ['ip'],
    of: { valid: true },
    fewest: 2,
    wrong: { floating: false },
  },
  {
    name: 'floating-bound-twice',
    reason: 'inventory.floating-bound-twice',
    title: 'the floating address is bound to hardware in more than one place',
    by: ['ip'],
    of: { floating: true, bound: true },
    fewest: 2,
    wrong: {},
  },
  {
    name: 'invalid-address',
    reason: 'inventory.invalid-address',
    title: 'this is no IP address',
    by: ['device', 'ip'],
    of: { valid: false },
    fewest: 1,
    wrong: {},
  },
]

const fulfils = (row: Row, condition: Condition) =>
  Object.entries(condition).every(([field, value]) => {
    const own = row[field as RowField]
    return typeof own === 'string' && typeof value === 'string'
      ? own.toLowerCase() === value.toLowerCase()
      : own === value
  })

/** Every violation, in the order of the rules and of the rows. One pass for each rule, however many rows. */
export function findViolations(rows: readonly Row[], rules: readonly Rule[]): Violation[] {
  return rules.flatMap((rule) => {
    const groups = new Map<string, Row[]>()
    for (const row of rows) {
      if (!fulfils(row, rule.of)) continue
      const key = rule.by.map((field) => String(row[field])).join('\u0000')
      const group = groups.get(key)
      if (group) group.push(row)
      else groups.set(key, [row])
    }
    return [...groups.values()]
      .filter((group) => group.length >= rule.fewest && group.some((row) => isWrong(row, rule)))
      .map((group) => toViolation(rule, group))
  })
}

function isWrong(row: Row, rule: Rule): boolean {
  if (!fulfils(row, rule.wrong)) return false
  // A floating address that nobody called fixed counts among the host's, and need not be bound itself.
  return !(rule.wrong.bound === false && row.floating && !row.said)
}

function toViolation(rule: Rule, rows: Row[]): Violation {
  const wrong = rows.filter((row) => isWrong(row, rule))
  const subject = rule.by.includes('ip')
    ? `${rows[0]!.ip || 'an empty address'} (${places(rows)})`
    : `${rows[0]!.device}: ${wrong.map(rowText).slice(0, 3).join(', ')}`
  return { rule: rule.name, reason: rule.reason, summary: `${subject}: ${rule.title}`, rows }
}

const places = (rows: readonly Row[]) => {
  const devices = [...new Set(rows.map(({ device }) => device))]
  return devices.length > 3
    ? `${devices.slice(0, 3).join(', ')} and ${devices.length - 3} more`
    : devices.join(', ')
}

/** One row as people say it. */
export function rowText({ ip, name, service, role }: Row): string {
  const about = [role, name && `"${name}"`, service && `in ${service}`].filter(Boolean).join(' ')
  return about ? `${ip} (${about})` : ip
}

/** A violation that is known and accepted, with its reason. */
export interface Acceptance {
  rule: string
  device?: string
  ip?: string
  because: string
  /** Milliseconds; after that it is a violation again. */
  until?: number
}

/** Sorts violations into those that count and those that somebody accepted. */
export function sortOut(violations: readonly Violation[], accepted: readonly Acceptance[], now: number) {
  const because = ({ rule, rows }: Violation) =>
    accepted.find(
      (one) =>
        one.rule === rule &&
        (one.until === undefined || now < one.until) &&
        (one.device === undefined || rows.some((row) => same(row.device, one.device!))) &&
        (one.ip === undefined || rows.some((row) => row.ip === one.ip)),
    )?.because
  return {
    counting: violations.filter((one) => because(one) === undefined),
    accepted: violations.flatMap((one) => {
      const why = because(one)
      return why === undefined ? [] : [{ ...one, because: why }]
    }),
  }
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
