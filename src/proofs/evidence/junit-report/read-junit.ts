/** One test of a report. */
export interface TestCase {
  /** `class.name`, or the name alone. */
  name: string
  result: 'passed' | 'failed' | 'skipped'
  message: string
}

export interface JunitReport {
  cases: TestCase[]
  /** The latest time of a suite that says its zone. */
  ranAt: number | null
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decode(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code =
      name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/gy
const TAG_NAME = /^\/?([\w:.-]+)/
const FAILED = new Set(['failure', 'error'])
const MOST_DEEP = 100

function attributesOf(tag: string, from: number): Map<string, string> | null {
  const found = new Map<string, string>()
  let rest = from
  for (;;) {
    while (/\s/.test(tag[rest] ?? '')) rest++
    if (rest >= tag.length || (tag[rest] === '/' && rest === tag.length - 1)) return found
    ATTRIBUTE.lastIndex = rest
    const match = ATTRIBUTE.exec(tag)
    if (!match) return null
    found.set(match[1]!, decode(match[2] ?? match[3] ?? ''))
    rest = ATTRIBUTE.lastIndex
  }
}

/** Where the tag that begins at `open` ends; a `>` within quotes does not end it. */
function endOfTag(text: string, open: number): number {
  let quote = ''
  for (let i = open + 1; i < text.length; i++) {
    const one = text[i]!
    if (quote) {
      if (one === quote) quote = ''
    } else if (one === '"' || one === "'") quote = one
    else if (one === '>') return i
  }
  return -1
}

/**
 * Reads a JUnit report as the many tools write it; null where it is none. Document types are refused, so that no
 * entity can grow or fetch anything.
 */
export function readJunit(text: string): JunitReport | null {
  const stack: string[] = []
  const cases: TestCase[] = []
  let current: TestCase | null = null
  let ranAt: number | null = null
  let root: string | null = null
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const special = SKIPPED.find(([open]) => text.startsWith(open, at))
    if (special) {
      const end = text.indexOf(special[1], at + special[0].length)
      if (end < 0) return null
      at = end + special[1].length
      continue
    }
    const end = endOfTag(text, at)
    const tag = end < 0 ? '' : text.slice(at + 1, end)
    const name = TAG_NAME.exec(tag)?.[1]
    if (name === undefined) return null
    at = end + 1
    if (tag.startsWith('/')) {
      if (stack.pop() !== name) return null
      if (name === 'testcase') current = null
      continue
    }
    const attributes = attributesOf(tag, name.length)
    if (!attributes || stack.length >= MOST_DEEP || (stack.length === 0 && root !== null)) return null
    root ??= name
    if (name === 'testsuite') ranAt = later(ranAt, attributes.get('timestamp'))
    if (name === 'testcase') {
      const of = attributes.get('classname')
      const own = attributes.get('name') ?? ''
      current = { name: of ? `${of}.${own}` : own, result: 'passed', message: '' }
      cases.push(current)
    }
    if (current && FAILED.has(name)) {
      current.result = 'failed'
      current.message = attributes.get('message') ?? ''
    }
    if (current && name === 'skipped' && current.result === 'passed') current.result = 'skipped'
    if (!tag.endsWith('/')) stack.push(name)
    else if (name === 'testcase') current = null
  }
  if (stack.length > 0 || (root !== 'testsuites' && root !== 'testsuite')) return null
  return { cases, ranAt }
}

const SKIPPED = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const

// Without a zone nobody knows when it was.
function later(known: number | null, timestamp: string | undefined): number | null {
  if (timestamp === undefined || !/(Z|[+-]\d\d:?\d\d)$/.test(timestamp)) return known
  const at = Date.parse(timestamp)
  return Number.isNaN(at) ? known : Math.max(known ?? at, at)
}
