/** One setting that can be typed: where it stands, and what it is now. */
export interface Leaf {
  path: string
  value: string | number | boolean
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The texts, numbers and switches of settings, with their places. */
export function leavesOf(settings: Record<string, unknown>, within = ''): Leaf[] {
  return Object.entries(settings).flatMap(([key, value]): Leaf[] => {
    const path = within === '' ? key : `${within}.${key}`
    if (isRecord(value)) return leavesOf(value, path)
    if (Array.isArray(value)) return [{ path, value: value.join(', ') }]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ path, value }]
      : []
  })
}

/** The settings with what was typed; each value stays of its kind. */
export function withTyped(
  settings: Record<string, unknown>,
  typed: Readonly<Record<string, string>>,
  within = '',
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const path = within === '' ? key : `${within}.${key}`
      if (isRecord(value)) return [key, withTyped(value, typed, path)]
      const text = typed[path]
      return [key, text === undefined ? value : likeBefore(value, text)]
    }),
  )
}

function likeBefore(value: unknown, text: string): unknown {
  if (Array.isArray(value))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  if (typeof value === 'boolean') return text === 'true'
  if (typeof value === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return text
}
