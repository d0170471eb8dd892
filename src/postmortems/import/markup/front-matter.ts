import { cut, edit, linesOf, type Placed, trim } from '../placed-text.ts'

export interface FrontMatter {
  body: Placed
  title?: Placed
  date?: Placed
  /** It is an export of Tocsin. */
  ours?: boolean
}

const LONGEST = 20_000

/** Takes YAML or TOML front matter off, and the title and date that it gives; what else it says is left alone. */
export function readFrontMatter(source: Placed): FrontMatter {
  const m = /^\ufeff?(---|\+\+\+)[ \t]*\r?\n/.exec(source.text.slice(0, 10))
  if (!m) return { body: source }
  const end = new RegExp(`\\n${m[1] === '---' ? '---' : '\\+\\+\\+'}[ \\t]*(?:\\r?\\n|$)`).exec(
    source.text.slice(0, LONGEST),
  )
  if (!end) return { body: source }
  const head = linesOf(cut(source, m[0].length, end.index))
  const value = (names: RegExp): Placed | undefined => {
    for (const line of head) {
      const key = /^[ \t]{0,2}([\w-]{2,30})[ \t]*[:=][ \t]*/.exec(line.text)
      if (!key || !names.test(key[1]!)) continue
      const found = unquote(trim(cut(line, key[0].length)))
      if (found.text !== '' && !/^[[{|>]/.test(found.text)) return found
    }
    return undefined
  }
  const title = value(/^title$/i)
  const date = value(/^(?:date|start_time|incident_?date|published|created)$/i)
  return {
    body: cut(source, end.index + end[0].length),
    ...(title ? { title } : {}),
    ...(date ? { date } : {}),
    ...(m[1] === '---' && head.some(({ text }) => text === 'tocsin:') ? { ours: true } : {}),
  }
}

function unquote(placed: Placed): Placed {
  const { text } = placed
  if (text.length < 2 || !/^(["']).*\1$/.test(text)) return placed
  const inner = cut(placed, 1, text.length - 1)
  // Within quotes a quote is written with a sign before it, or twice.
  const pattern = text.startsWith('"') ? /\\(?=["\\/])(.)/g : /'(')/g
  const edits = [...inner.text.matchAll(pattern)].map((m) => ({ from: m.index, to: m.index + 1, text: '' }))
  return edits.length > 0 ? edit(inner, edits) : inner
}
