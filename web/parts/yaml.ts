/** Plain settings as a person writes them in the configuration. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.every(isScalar) ? `[${value.map(scalar).join(', ')}]` : block(value, indent)
  if (!isRecord(value)) return scalar(value)
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${indent}${key}:${nested(inner) ? '\n' : ' '}${toYaml(inner, `${indent}  `)}`)
    .join('\n')
}

function block(items: unknown[], indent: string): string {
  return items
    .map(
      (item) =>
        `${indent}- ${isRecord(item) ? toYaml(item, `${indent}  `).trimStart() : toYaml(item, `${indent}  `)}`,
    )
    .join('\n')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown) => typeof value !== 'object' || value === null
const nested = (value: unknown) => (Array.isArray(value) ? !value.every(isScalar) : isRecord(value))

// What would be read as something else than a text, or end where it should not.
const PLAIN = /^[A-Za-z_/][A-Za-z0-9 _./@-]*$/
const RESERVED = /^(true|false|null|yes|no|on|off|~)$/i

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return PLAIN.test(value) && !RESERVED.test(value) && value.trim() === value ? value : JSON.stringify(value)
}
