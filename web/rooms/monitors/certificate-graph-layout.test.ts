import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Layout, layOut } from './certificate-graph-layout.ts'

const edge = (text: string) => {
  const [from, to] = text.split('>')
  return { from: from!, to: to! }
}
const place = (ids: string, edges: string[], width = 700, height = 90) =>
  layOut({ ids: ids.split(''), edges: edges.map(edge), width, heightOf: () => height })
const node = (layout: Layout, id: string) => layout.nodes.find((one) => one.id === id)!

function assertSound(layout: Layout): void {
  for (const one of layout.nodes) {
    assert.ok(one.x >= -0.5 && one.y >= -0.5, `${one.id} stands outside at ${one.x}, ${one.y}`)
    assert.ok(one.x + one.width <= layout.width + 0.5, `${one.id} is too far right`)
    assert.ok(one.y + one.height <= layout.height + 0.5, `${one.id} is too far down`)
    for (const other of layout.nodes) {
      if (other.id <= one.id) continue
      const apart =
        one.x + one.width <= other.x + 0.5 ||
        other.x + other.width <= one.x + 0.5 ||
        one.y + one.height <= other.y + 0.5 ||
        other.y + other.height <= one.y + 0.5
      assert.ok(apart, `${one.id} lies on ${other.id}`)
    }
  }
  for (const { path, head } of layout.lines) assert.doesNotMatch(path + head, /NaN|undefined|Infinity/)
}

describe('the drawing of certificates', () => {
  test('one certificate alone stands in the middle', () => {
    const layout = place('a', [])
    assertSound(layout)
    const { x, width } = node(layout, 'a')
    assert.equal(x + width / 2, layout.width / 2)
    assert.deepEqual(layout.lines, [])
  })

  test('a usual chain leads to the right where it fits, and up where it does not', () => {
    const wide = place('abc', ['a>b', 'b>c'], 604)
    assert.equal(wide.direction, 'right')
    assert.ok(node(wide, 'a').x < node(wide, 'b').x && node(wide, 'b').x < node(wide, 'c').x)
    assert.equal(node(wide, 'a').y, node(wide, 'c').y, 'in one line')
    const narrow = place('abc', ['a>b', 'b>c'], 320)
    assert.equal(narrow.direction, 'up')
    assert.ok(node(narrow, 'a').y > node(narrow, 'b').y && node(narrow, 'b').y > node(narrow, 'c').y)
    assert.ok(narrow.width <= 320, 'a phone shows it without scrolling')
    for (const layout of [wide, narrow]) assertSound(layout)
  })

  test('cross-signed: two ways above the same intermediate stand beside each other', () => {
    // leaf, intermediate, then the modern root, or the cross-signed one and the old root.
    const layout = place('libxo', ['l>i', 'i>b', 'i>x', 'x>o'], 330)
    assertSound(layout)
    assert.equal(node(layout, 'b').layer, node(layout, 'x').layer)
    assert.notEqual(node(layout, 'b').x, node(layout, 'x').x)
    assert.equal(node(layout, 'o').layer, 3)
    assert.ok(layout.width <= 330, `${layout.width}`)
  })

  test('a line over several layers goes between the nodes, not through them', () => {
    const layout = place('abcd', ['a>b', 'b>c', 'c>d', 'a>d'], 400)
    assertSound(layout)
    const long = layout.lines.find(({ from, to }) => from === 'a' && to === 'd')!
    const stops = [...long.path.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=C|$)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ])
    assert.ok(stops.length >= 4, long.path)
    for (const [x, y] of stops.slice(1, -1))
      for (const one of layout.nodes) {
        const inside = x! > one.x && x! < one.x + one.width && y! > one.y && y! < one.y + one.height
        assert.ok(!inside, `the line passes through ${one.id}`)
      }
  })

  test('certificates that sign each other are drawn, not followed for ever', () => {
    const layout = place('abc', ['a>b', 'b>c', 'c>b', 'b>b'])
    assertSound(layout)
    assert.deepEqual(layout.lines.map(({ from, to }) => `${from}>${to}`).sort(), ['a>b', 'b>c', 'c>b'])
  })

  test('what was sent for nothing stands aside', () => {
    const layout = place('abz', ['a>b'])
    assertSound(layout)
    assert.equal(node(layout, 'z').layer, 1)
  })

  test('steps to certificates that are not there, and twice the same, do no harm', () => {
    const layout = place('ab', ['a>b', 'a>b', 'a>q', 'q>b'])
    assert.equal(layout.lines.length, 1)
    assertSound(layout)
  })

  test('whatever the graph: nothing overlaps, nothing is lost, arrows end at their node', () => {
    const graphs = fc.integer({ min: 1, max: 16 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        width: fc.integer({ min: 280, max: 1_400 }),
        edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 40 }),
        heights: fc.array(fc.integer({ min: 60, max: 180 }), { minLength: count, maxLength: count }),
      }),
    )
    fc.assert(
      fc.property(graphs, ({ count, width, edges, heights }) => {
        const ids = Array.from({ length: count }, (_, index) => `n${index}`)
        const layout = layOut({
          ids,
          edges: edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })),
          width,
          heightOf: (id) => heights[ids.indexOf(id)]!,
        })
        assertSound(layout)
        assert.deepEqual(layout.nodes.map(({ id }) => id).sort(), [...ids].sort())
        const wanted = new Set(edges.filter(([a, b]) => a !== b).map(([a, b]) => `n${a} n${b}`))
        assert.equal(layout.lines.length, wanted.size)
        for (const { to, head } of layout.lines) {
          const [x, y] = /^M(-?[\d.]+) (-?[\d.]+)/.exec(head)!.slice(1).map(Number)
          const one = node(layout, to)
          const near =
            x! >= one.x - 1 && x! <= one.x + one.width + 1 && y! >= one.y - 1 && y! <= one.y + one.height + 1
          assert.ok(near, `an arrow to ${to} ends at ${x}, ${y}`)
        }
      }),
      { numRuns: 400 },
    )
  })
})
