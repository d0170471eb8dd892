import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeMetrics } from './prometheus.ts'

test('a metric has its help, its type and one line for each sample', () => {
  const text = writeMetrics([
    {
      name: 'tocsin_monitors',
      help: 'Monitors by verdict',
      type: 'gauge',
      samples: [
        { labels: { verdict: 'up' }, value: 3 },
        { labels: { verdict: 'down' }, value: 0.5 },
      ],
    },
  ])
  assert.equal(
    text,
    '# HELP tocsin_monitors Monitors by verdict\n# TYPE tocsin_monitors gauge\n' +
      'tocsin_monitors{verdict="up"} 3\ntocsin_monitors{verdict="down"} 0.5\n',
  )
})

test('labels are escaped, so that a value cannot begin another line', () => {
  const text = writeMetrics([
    { name: 'm', help: 'h', type: 'gauge', samples: [{ labels: { l: 'a"b\\c\nd' }, value: 1 }] },
  ])
  assert.ok(text.endsWith('m{l="a\\"b\\\\c\\nd"} 1\n'), text)
})

test('a metric without samples is left out, a number that is none is NaN', () => {
  const text = writeMetrics([
    { name: 'absent', help: 'h', type: 'gauge', samples: [] },
    { name: 'odd', help: 'h', type: 'counter', samples: [{ value: Number.POSITIVE_INFINITY }] },
  ])
  assert.equal(text, '# HELP odd h\n# TYPE odd counter\nodd NaN\n')
})
