import { isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml'

export interface Place {
  line: number
  column: number
}

export interface YamlText {
  value: unknown
  /** What the YAML itself does wrong. */
  problems: { message: string; place: Place }[]
  /** Where a path stands in the text; the nearest parent that stands there when the path itself does not. */
  locate(path: readonly PropertyKey[], key?: string): Place
}

const BEGINNING: Place = { line: 1, column: 1 }

/** Reads YAML 1.2 so that every value can be found again in the text. */
export function readYaml(text: string): YamlText {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { line, column: col }
  }
  const problems = document.errors.map((error) => ({ message: error.message, place: at(error.pos[0]) }))

  function keyOf(map: unknown, key: string): Node | null {
    if (!isMap(map)) return null
    const pair = map.items.find((item) => isPair(item) && String(item.key) === key)
    return pair && isNode(pair.key) ? pair.key : null
  }

  return {
    value: problems.length > 0 ? null : document.toJS({ maxAliasCount: 100 }),
    problems,
    locate(path, key) {
      let node: unknown = document.contents
      let place = BEGINNING
      for (const [depth, part] of path.entries()) {
        const written = keyOf(node, String(part))
        const next = document.getIn(path.slice(0, depth + 1), true)
        if (written?.range) place = at(written.range[0])
        else if (isNode(next) && next.range) place = at(next.range[0])
        if (!isNode(next)) break
        node = next
      }
      const written = key === undefined ? null : keyOf(node, key)
      return written?.range ? at(written.range[0]) : place
    },
  }
}
