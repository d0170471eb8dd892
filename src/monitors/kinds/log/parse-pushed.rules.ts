import { LONGEST_LINE } from './count-lines.rules.ts'

/** How many lines of one push are taken. */
export const MOST_LINES = 20_000
const TEXT = ['message', 'msg', 'MESSAGE', 'log', 'text', 'line'] as const

/** The lines of a pushed body: text, one JSON object in each line, or a JSON list. */
export function parsePushed(body: string): string[] {
  const trimmed = body.trimStart()
  if (trimmed.startsWith('[')) {
    const list = parse(trimmed)
    if (Array.isArray(list)) return list.slice(0, MOST_LINES).map(textOf).filter(isSaid)
  }
  const lines: string[] = []
  for (let from = 0; from < body.length && lines.length < MOST_LINES; ) {
    const newline = body.indexOf('\n', from)
    const to = newline < 0 ? body.length : newline
    const line = body.slice(from, Math.min(to, from + 8 * LONGEST_LINE)).trim()
    const value = line.startsWith('{') ? parse(line) : undefined
    const text = value === undefined ? cut(line) : textOf(value)
    if (isSaid(text)) lines.push(text)
    from = to + 1
  }
  return lines
}

const isSaid = (text: string) => text !== ''
const cut = (text: string) => text.slice(0, LONGEST_LINE)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an object says: its message where it has one, and its level before it; else all of it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return cut(value)
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return cut(JSON.stringify(value) ?? '')
  const fields = value as Record<string, unknown>
  const key = TEXT.find((name) => typeof fields[name] === 'string')
  if (!key) return cut(JSON.stringify(value))
  const { level } = fields
  return cut(typeof level === 'string' ? `${level} ${fields[key] as string}` : (fields[key] as string))
}
