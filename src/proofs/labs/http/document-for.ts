import type { HttpSpec } from '../../../monitors/index.ts'

type Assertion = HttpSpec['expect']['json'][number]
type Node = { [name: string]: unknown } | unknown[]

const STEP = /\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d{1,2}|\*)\]/y
// A value for each of a few; more would make a drill a load test.
const MOST = 50

/** A document that satisfies assertions about plain paths; about others it knows nothing, and a sample must help. */
export function documentFor(assertions: readonly Assertion[], texts: readonly string[]): unknown {
  const root: { [name: string]: unknown } = {}
  const holder = { root } as { root: Node }
  for (const assertion of assertions) {
    const steps = stepsOf(assertion.path)
    if (!steps || !assertion.exists) continue
    const wanted = assertion.count ?? assertion.minCount ?? 1
    const many = steps.includes('*') ? Math.min(wanted, MOST) : 1
    for (let i = 0; i < many; i++)
      place(holder, ['root', ...steps.map((step) => (step === '*' ? i : step))], assertion)
  }
  if (texts.length > 0 && !Array.isArray(holder.root)) holder.root.texts = texts
  return holder.root
}

/** The names and indexes of a plain path; null for filters, slices and descents. */
function stepsOf(path: string): (string | number)[] | null {
  const steps: (string | number)[] = []
  STEP.lastIndex = 1
  if (!path.startsWith('$')) return null
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path)
    if (!found) return null
    const [, plain, single, double, index] = found
    const name = plain ?? single ?? double
    if (name === '__proto__') return null
    steps.push(name ?? (index === '*' ? '*' : Number(index)))
  }
  return steps
}

function place(holder: { root: Node }, steps: readonly (string | number)[], assertion: Assertion): void {
  let at = holder as unknown as Record<string | number, unknown>
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1]
    if (next === undefined) {
      if (typeof at[step] !== 'object' || at[step] === null) at[step] = valueFor(assertion)
      else if (step !== 'root') return
      return
    }
    const fits = typeof next === 'number' ? Array.isArray(at[step]) : typeof at[step] === 'object'
    if (!fits || at[step] === null) at[step] = typeof next === 'number' ? [] : {}
    at = at[step] as Record<string | number, unknown>
  }
}

function valueFor({ equals, not, min, max }: Assertion): unknown {
  if (equals !== undefined) return equals
  if (min !== undefined) return min
  if (max !== undefined) return max
  return not !== true
}
