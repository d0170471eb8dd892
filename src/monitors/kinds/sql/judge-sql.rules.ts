import type { SqlAnswer } from '../sql-line.ts'
import type { SqlSpec } from './spec.ts'

export const JUDGED_REASONS = ['sql.role-unexpected', 'sql.rows-unexpected', 'sql.value-unexpected'] as const

export interface SqlProblem {
  reason: (typeof JUDGED_REASONS)[number]
  summary: string
}

type Expected = Pick<SqlSpec['expect'], 'role' | 'value' | 'min' | 'max' | 'rows' | 'minRows' | 'maxRows'>

/** What is wrong with an answer; null where nothing is. */
export function judgeSql(
  { role, rows }: Pick<SqlAnswer, 'role' | 'rows'>,
  expected: Expected,
): SqlProblem | null {
  if (expected.role && role !== expected.role)
    return {
      reason: 'sql.role-unexpected',
      summary: `the server is a ${role}, expected is a ${expected.role}`,
    }
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`
  const wrongRows = (wanted: string): SqlProblem => ({
    reason: 'sql.rows-unexpected',
    summary: `the query found ${count}, expected are ${wanted}`,
  })
  if (expected.rows !== undefined && rows.length !== expected.rows) return wrongRows(String(expected.rows))
  if (expected.minRows !== undefined && rows.length < expected.minRows)
    return wrongRows(`at least ${expected.minRows}`)
  if (expected.maxRows !== undefined && rows.length > expected.maxRows)
    return wrongRows(`at most ${expected.maxRows}`)
  const { value, min, max } = expected
  if (value === undefined && min === undefined && max === undefined) return null
  const found = firstValue(rows)
  const wrong = (wanted: string): SqlProblem => ({
    reason: 'sql.value-unexpected',
    summary: `the value is ${shown(found)}, expected is ${wanted}`,
  })
  if (value !== undefined && !same(found, value)) return wrong(shown(value))
  const number = found === null || found === undefined || found === '' ? Number.NaN : Number(found)
  if (min !== undefined && !(number >= min)) return wrong(`at least ${min}`)
  if (max !== undefined && !(number <= max)) return wrong(`at most ${max}`)
  return null
}

/** The first column of the first row. */
export function firstValue(rows: readonly unknown[][]): unknown {
  return rows[0]?.[0]
}

// Drivers give large numbers, and all of some engines, as text.
function same(found: unknown, wanted: string | number | boolean | null): boolean {
  if (found === wanted) return true
  if (typeof wanted === 'number') return found !== null && found !== '' && Number(found) === wanted
  if (typeof wanted === 'boolean') return found === Number(wanted)
  return found !== null && found !== undefined && String(found) === wanted
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
