import { type Asked, sorterOf } from './count-lines.rules.ts'

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[a-z]+\)/i, ''],
  [/\(\?(?::|P?<\w+>|[a-z]+:)/gi, '('],
  [/\\d(?:[+*]|\{\d+(?:,\d*)?\})?/g, '1'],
  [/\\w(?:[+*]|\{\d+(?:,\d*)?\})?/g, 'w'],
  [/\\s(?:[+*]|\{\d+(?:,\d*)?\})?/g, ' '],
  [/\\b/g, ''],
  [/(?<!\\)\[\^?([^\]\\])[^\]]*\](?:[+*?]|\{\d+(?:,\d*)?\})?/g, '$1'],
  [/(?<!\\)\.(?:[+*]\??|\{\d+(?:,\d*)?\})/g, 'x'],
  [/(?<!\\)\./g, 'x'],
  [/(?<!\\)[?+*]/g, ''],
  [/(?<!\\)[\^$]/g, ''],
]

/**
 * A line that a monitor counts, for a drill: the sample given, or one made up from the plain parts of its pattern;
 * null where none can be made up.
 */
export function lineFor(asked: Asked, sample?: string): string | null {
  const pattern = asked.match ?? ''
  const counts = sorterOf({ ...asked, match: pattern, wanted: undefined })
  const candidates = [sample ?? '', pattern, ...alternativesOf(pattern).map(plain)]
  return candidates.find((line) => line !== '' && !line.includes('\n') && counts(line).matched) ?? null
}

// Of `(?:a|b) c` both `a c` and `b c`; nested groups are opened from the inside.
function alternativesOf(pattern: string): string[] {
  let found = [CLASSES.slice(0, 2).reduce((text, [from, to]) => text.replace(from, to), pattern)]
  for (let round = 0; round < 5; round++)
    found = found
      .flatMap((text) => {
        const group = /(?<!\\)\(([^()]*)(?<!\\)\)[?+*]?/.exec(text)
        if (!group) return [text]
        return group[1]!
          .split('|')
          .map((one) => text.slice(0, group.index) + one + text.slice(group.index + group[0].length))
      })
      .slice(0, 20)
  return found.flatMap((text) => text.split('|')).slice(0, 50)
}

function plain(text: string): string {
  return CLASSES.reduce((line, [from, to]) => line.replace(from, to), text).replace(/\\(.)/g, '$1')
}
