import { type ServiceGraph, type Spread, spreadOf } from '../../../../src/contract/live-pieces.ts'

export interface Box extends Spread {
  x: number
  y: number
}
export interface Drawing {
  width: number
  height: number
  boxes: Box[]
  lines: { from: string; to: string; path: string }[]
}

export const BOX = { width: 134, height: 34 }
const GAP = { x: 40, y: 14 }

/** Columns by how far the harm travelled: what stands below on the left, then those that were hit, then who stood still. */
export function layOut(graph: ServiceGraph, centre: readonly string[]): Drawing {
  const spread = spreadOf(graph, centre)
  const columns = [...Map.groupBy(spread, ({ distance }) => distance)].sort(([a], [b]) => a - b)
  const tallest = Math.max(1, ...columns.map(([, column]) => column.length))
  const heightOf = (count: number) => count * BOX.height + (count - 1) * GAP.y
  const boxes = columns.flatMap(([, column], x) =>
    column.map((one, y) => ({
      ...one,
      x: x * (BOX.width + GAP.x),
      y: (heightOf(tallest) - heightOf(column.length)) / 2 + y * (BOX.height + GAP.y),
    })),
  )
  const at = new Map(boxes.map((box) => [box.id, box]))
  const lines = graph.edges.flatMap(({ serviceId, dependsOn }) => {
    const [from, to] = [at.get(dependsOn), at.get(serviceId)]
    return from && to && from !== to ? [{ from: from.id, to: to.id, path: curve(from, to) }] : []
  })
  return {
    width: Math.max(1, columns.length) * (BOX.width + GAP.x) - GAP.x,
    height: heightOf(tallest),
    boxes,
    lines,
  }
}

/** From the right side of what is depended on to the left side of who depends on it; within a column around it. */
function curve(from: Box, to: Box): string {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 }
  const end = { x: to.x, y: to.y + BOX.height / 2 }
  if (end.x > start.x) {
    const middle = (start.x + end.x) / 2
    return `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`
  }
  const out = start.x + GAP.x / 3
  const back = { x: to.x + BOX.width, y: end.y }
  return `M${start.x} ${start.y}C${out} ${start.y} ${Math.max(out, back.x + GAP.x / 3)} ${back.y} ${back.x} ${back.y}`
}

/** The drawing in words, for those who do not see it. */
export function sayGraph({ boxes }: Pick<Drawing, 'boxes'>): string {
  const names = (pick: (box: Box) => boolean) =>
    boxes
      .filter(pick)
      .map(({ name }) => name)
      .join(', ')
  const hit = names(({ distance }) => distance === 0)
  const reached = names(({ distance }) => distance > 0)
  const below = names(({ distance }) => distance < 0)
  return [
    `Hit: ${hit}.`,
    reached === '' ? 'Nothing depends on it.' : `Depends on it: ${reached}.`,
    ...(below === '' ? [] : [`It depends on: ${below}.`]),
  ].join(' ')
}
