import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOX, layOut, sayGraph } from './graph-layout.ts'

const edge = (serviceId: string, dependsOn: string) => ({ serviceId, dependsOn })
const GRAPH = {
  hit: ['db'],
  services: ['disk', 'db', 'api', 'web', 'jobs', 'other'].map((id) => ({ id, name: id })),
  edges: [
    edge('db', 'disk'),
    edge('api', 'db'),
    edge('jobs', 'db'),
    edge('web', 'api'),
    edge('db', 'web'),
    edge('db', 'db'),
  ],
}

test('columns by distance, nothing on top of another, and every line between boxes that are there', () => {
  const { boxes, lines, width, height } = layOut(GRAPH, ['db'])
  const column = new Map(boxes.map(({ id, x }) => [id, x]))
  assert.ok(column.get('disk')! < column.get('db')! && column.get('db')! < column.get('api')!)
  assert.equal(column.get('api'), column.get('jobs'))
  assert.ok(column.get('api')! < column.get('web')!)
  assert.ok(!column.has('other'))
  for (const a of boxes) {
    assert.ok(a.x >= 0 && a.y >= 0 && a.x + BOX.width <= width && a.y + BOX.height <= height)
    for (const b of boxes)
      if (a !== b)
        assert.ok(Math.abs(a.x - b.x) >= BOX.width || Math.abs(a.y - b.y) >= BOX.height, `${a.id} ${b.id}`)
  }
  // A service that names itself draws nothing; a circle draws its way back.
  assert.deepEqual(
    lines.map(({ from, to }) => `${from}>${to}`),
    ['disk>db', 'db>api', 'db>jobs', 'api>web', 'web>db'],
  )
  for (const { path } of lines) assert.match(path, /^M[\d.]+ [\d.]+C(?:[\d.]+ ?){6}$/)
})

test('it is said in words too', () => {
  assert.equal(
    sayGraph(layOut(GRAPH, ['db'])),
    'Hit: db. Depends on it: api, jobs, web. It depends on: disk.',
  )
  assert.equal(sayGraph(layOut(GRAPH, ['other'])), 'Hit: other. Nothing depends on it.')
  assert.deepEqual(layOut(GRAPH, []).boxes, [])
})
