/** A node that is to be placed; the first of a list is where paths begin. */
export interface Placed {
  id: string
  /** From the beginning: 0 is where paths begin. */
  layer: number
  x: number
  y: number
  width: number
  height: number
}

/** A line from one node to another, as the commands of an SVG path, with the head of its arrow. */
export interface Line {
  from: string
  to: string
  path: string
  head: string
}

export interface Layout {
  /** Paths lead up where there is little width, and to the right where all of it fits. */
  direction: 'up' | 'right'
  width: number
  height: number
  nodes: Placed[]
  lines: Line[]
}

export interface LayoutInput {
  ids: readonly string[]
  edges: readonly { from: string; to: string }[]
  /** How much room there is. */
  width: number
  /** How high a node is at a width. */
  heightOf: (id: string, width: number) => number
}

const GAP = 14
const BETWEEN = { up: 40, right: 44 }
const WIDEST = { up: 230, right: 210 }
const NARROWEST = { up: 138, right: 152 }
/** Where a long line passes a layer. */
const PASSAGE = 8
const SWEEPS = 6

interface Slot {
  key: string
  /** Null for a passage. */
  id: string | null
  layer: number
  before: Slot[]
  after: Slot[]
  /** Its middle across the direction of the paths. */
  at: number
  size: number
}

/** Places nodes in layers, from where paths begin to where they end, so that few lines cross. Loops are no trouble. */
export function layOut({ ids, edges, width, heightOf }: LayoutInput): Layout {
  const known = [...new Set(ids)]
  const unique = [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()].filter(
    ({ from, to }) => from !== to && known.includes(from) && known.includes(to),
  )
  const forward = withoutLoops(known, unique)
  const layers = layersOf(known, forward)
  const { rows, chains } = slotsOf(known, forward, layers)
  for (let sweep = 0; sweep < SWEEPS; sweep++) sortRows(rows, sweep % 2 === 0)
  const count = rows.length
  const across = Math.floor((width - (count - 1) * BETWEEN.right) / Math.max(1, count))
  const direction = count > 1 && across >= NARROWEST.right ? 'right' : 'up'
  const most = Math.max(1, ...rows.map((row) => row.filter(({ id }) => id !== null).length))
  const passages = Math.max(0, ...rows.map((row) => row.filter(({ id }) => id === null).length))
  const wide =
    direction === 'right'
      ? Math.min(across, WIDEST.right)
      : Math.max(
          NARROWEST.up,
          Math.min(
            WIDEST.up,
            Math.floor((width - (most - 1) * GAP - passages * (PASSAGE + GAP)) / Math.max(1, most)),
          ),
        )
  const heights = new Map(known.map((id) => [id, heightOf(id, wide)]))
  if (direction === 'right' && most === 1) {
    // In one line, boxes of one height look like one chain.
    const highest = Math.max(...heights.values())
    for (const id of known) heights.set(id, highest)
  }
  for (const slot of rows.flat())
    slot.size = slot.id === null ? PASSAGE : direction === 'up' ? wide : heights.get(slot.id)!
  const extent = spread(rows, direction === 'up' ? width : 0)
  return draw({ rows, chains, unique, direction, wide, heights, extent })
}

/** Edges with those turned round that would close a loop. */
function withoutLoops(
  ids: readonly string[],
  edges: readonly { from: string; to: string }[],
): { from: string; to: string; turned: boolean }[] {
  const state = new Map<string, 'open' | 'done'>()
  const turned = new Set<string>()
  const visit = (id: string) => {
    state.set(id, 'open')
    for (const { from, to } of edges) {
      if (from !== id) continue
      if (state.get(to) === 'open') turned.add(`${from} ${to}`)
      else if (!state.has(to)) visit(to)
    }
    state.set(id, 'done')
  }
  for (const id of ids) if (!state.has(id)) visit(id)
  return edges.map(({ from, to }) =>
    turned.has(`${from} ${to}`) ? { from: to, to: from, turned: true } : { from, to, turned: false },
  )
}

/** The longest way from the beginning; what leads somewhere stands right before it, what leads nowhere next to the first. */
function layersOf(
  ids: readonly string[],
  edges: readonly { from: string; to: string }[],
): Map<string, number> {
  const layers = new Map<string, number>()
  const longest = (id: string): number => {
    const found = layers.get(id)
    if (found !== undefined) return found
    const before = edges.filter(({ to }) => to === id).map(({ from }) => longest(from) + 1)
    const layer = Math.max(0, ...before)
    layers.set(id, layer)
    return layer
  }
  for (const id of ids) longest(id)
  for (const id of ids.slice(1)) {
    if (edges.some(({ to }) => to === id)) continue
    const after = edges.filter(({ from }) => from === id).map(({ to }) => layers.get(to)!)
    layers.set(id, after.length > 0 ? Math.max(0, Math.min(...after) - 1) : 1)
  }
  // A layer that nobody stands in takes no room.
  const used = [...new Set(layers.values())].sort((a, b) => a - b)
  return new Map([...layers].map(([id, layer]) => [id, used.indexOf(layer)]))
}

function slotsOf(
  ids: readonly string[],
  edges: readonly { from: string; to: string; turned: boolean }[],
  layers: Map<string, number>,
) {
  const slot = (key: string, id: string | null, layer: number): Slot => ({
    key,
    id,
    layer,
    before: [],
    after: [],
    at: 0,
    size: 0,
  })
  const nodes = new Map(ids.map((id) => [id, slot(id, id, layers.get(id)!)]))
  const rows: Slot[][] = []
  const put = (one: Slot) => {
    rows[one.layer] ??= []
    rows[one.layer]!.push(one)
  }
  for (const one of nodes.values()) put(one)
  const chains = new Map<string, Slot[]>()
  for (const { from, to, turned } of edges) {
    const [first, last] = [nodes.get(from)!, nodes.get(to)!]
    const chain = [first]
    for (let layer = first.layer + 1; layer < last.layer; layer++) {
      const passage = slot(`${from} ${to} ${layer}`, null, layer)
      put(passage)
      chain.push(passage)
    }
    chain.push(last)
    for (const [index, one] of chain.entries()) {
      const next = chain[index + 1]
      if (!next) continue
      one.after.push(next)
      next.before.push(one)
    }
    chains.set(turned ? `${to} ${from}` : `${from} ${to}`, turned ? chain.toReversed() : chain)
  }
  return { rows: rows.map((row) => row ?? []), chains }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

/** Each row in the order in which its neighbours stand. */
function sortRows(rows: Slot[][], upwards: boolean): void {
  const order = upwards ? rows : rows.toReversed()
  for (const row of rows) for (const [place, one] of row.entries()) one.at = place
  for (const row of order) {
    const wish = new Map(
      row.map((one) => {
        const beside = upwards ? one.before : one.after
        return [one, beside.length > 0 ? mean(beside.map(({ at }) => at)) : one.at]
      }),
    )
    row.sort((a, b) => wish.get(a)! - wish.get(b)! || a.at - b.at)
    for (const [place, one] of row.entries()) one.at = place
  }
}

/** Gives each slot its middle: near its neighbours, without touching those beside it. Answers how much room it took. */
function spread(rows: Slot[][], atLeast: number): number {
  const sizeOf = (row: Slot[]) => row.reduce((sum, { size }) => sum + size + GAP, -GAP)
  const extent = Math.max(atLeast, ...rows.map(sizeOf))
  for (const row of rows) {
    let edge = (extent - sizeOf(row)) / 2
    for (const one of row) {
      one.at = edge + one.size / 2
      edge += one.size + GAP
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      const wish = row.map((one) => {
        const beside = [...one.before, ...one.after]
        return beside.length > 0 ? mean(beside.map(({ at }) => at)) : one.at
      })
      let edge = 0
      for (const [place, one] of row.entries()) {
        one.at = Math.max(wish[place]!, edge + one.size / 2)
        edge = one.at + one.size / 2 + GAP
      }
      let limit = extent
      for (const one of row.toReversed()) {
        one.at = Math.min(one.at, limit - one.size / 2)
        limit = one.at - one.size / 2 - GAP
      }
    }
  return extent
}

function draw(given: {
  rows: Slot[][]
  chains: Map<string, Slot[]>
  unique: readonly { from: string; to: string }[]
  direction: Layout['direction']
  wide: number
  heights: Map<string, number>
  extent: number
}): Layout {
  const { rows, chains, unique, direction, wide, heights, extent } = given
  const depthOf = (row: Slot[]) =>
    direction === 'right'
      ? wide
      : Math.max(PASSAGE, ...row.map(({ id }) => (id === null ? 0 : heights.get(id)!)))
  const depths = rows.map(depthOf)
  const long = depths.reduce((sum, depth) => sum + depth, 0) + (rows.length - 1) * BETWEEN[direction]
  const begins: number[] = []
  let begin = 0
  for (const depth of depths) {
    begins.push(begin)
    begin += depth + BETWEEN[direction]
  }
  const nodes = rows.flatMap((row, layer) =>
    row.flatMap(({ id, at }): Placed[] => {
      if (id === null) return []
      const height = heights.get(id)!
      return direction === 'right'
        ? [{ id, layer, x: begins[layer]!, y: at - height / 2, width: wide, height }]
        : [{ id, layer, x: at - wide / 2, y: long - begins[layer]! - height, width: wide, height }]
    }),
  )
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const lines = unique.map(({ from, to }) => {
    const chain = chains.get(`${from} ${to}`)!
    const back = byId.get(from)!.layer > byId.get(to)!.layer
    const points = chain.flatMap((one, index): [number, number][] => {
      const last = index === chain.length - 1
      if (one.id !== null) return [doorOf(byId.get(one.id)!, direction, (index === 0) !== back)]
      // A passage is as long as its layer, so that the line does not touch the nodes beside it.
      const near = begins[one.layer]!
      const far = near + depths[one.layer]!
      const ends = (back ? [far, near] : [near, far]).map((depth): [number, number] =>
        direction === 'right' ? [depth, one.at] : [one.at, long - depth],
      )
      return last ? ends.slice(0, 1) : ends
    })
    return { from, to, ...curve(points, direction, back) }
  })
  const size = direction === 'right' ? { width: long, height: extent } : { width: extent, height: long }
  return { direction, ...size, nodes, lines }
}

/** The middle of the side at which a line leaves a node toward the end of the paths, or comes in. */
function doorOf(
  { x, y, width, height }: Placed,
  direction: Layout['direction'],
  out: boolean,
): [number, number] {
  if (direction === 'right') return [out ? x + width : x, y + height / 2]
  return [x + width / 2, out ? y : y + height]
}

const HEAD = 6

function curve(points: [number, number][], direction: Layout['direction'], back: boolean) {
  const sign = (direction === 'right' ? 1 : -1) * (back ? -1 : 1)
  const [endX, endY] = points.at(-1)!
  const tip = direction === 'right' ? [endX - sign * HEAD, endY] : [endX, endY - sign * HEAD]
  const stops = [...points.slice(0, -1), tip as [number, number]]
  const n = (value: number) => Math.round(value * 10) / 10
  let path = `M${n(stops[0]![0])} ${n(stops[0]![1])}`
  for (const [index, [x, y]] of stops.entries()) {
    if (index === 0) continue
    const [fromX, fromY] = stops[index - 1]!
    const [midX, midY] = [(fromX + x) / 2, (fromY + y) / 2]
    path +=
      direction === 'right'
        ? `C${n(midX)} ${n(fromY)} ${n(midX)} ${n(y)} ${n(x)} ${n(y)}`
        : `C${n(fromX)} ${n(midY)} ${n(x)} ${n(midY)} ${n(x)} ${n(y)}`
  }
  const [tipX, tipY] = tip as [number, number]
  const side = HEAD * 0.7
  const head =
    direction === 'right'
      ? `M${n(endX)} ${n(endY)}L${n(tipX)} ${n(tipY - side)}V${n(tipY + side)}Z`
      : `M${n(endX)} ${n(endY)}L${n(tipX - side)} ${n(tipY)}H${n(tipX + side)}Z`
  return { path, head }
}
