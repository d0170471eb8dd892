/** Inventories that are large, broken or hostile, and what the rules promise of any. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { inventory } from './index.ts'
import type { Row } from './inventory.ts'
import { DEFAULT_MAPPING, hardware, parseInventory, shortest } from './parse-inventory.ts'
import { BUILT_IN, findViolations } from './rules.rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-inventory-'))
after(() => rmSync(folder, { recursive: true }))

async function judge(content: unknown, settings: Record<string, unknown> = {}, ending = 'json') {
  const file = join(folder, `inventory.${ending}`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const spec = inventory.schema.parse({ file, ...settings })
  return checkOnce(inventory, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

const MAC = ['02:00:5e:10:00:01', '02:00:5e:10:00:02']
const face = (ip: string, more: object = {}) => ({
  ip,
  service: 'PHONE',
  role: 'primary',
  fixed: true,
  ...more,
})
const device = (name: string, interfaces: object[]) => ({
  name,
  responsible: 'voice team',
  interfaces,
  cards: MAC.map((hardware_address) => ({ hardware_address })),
})

test('a hundred thousand addresses, and one of them wrong, beside the event loop', async () => {
  const devices = Array.from({ length: 50_000 }, (_, index) =>
    device(`host-${index}`, [
      face(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, {
        hardware_address: index === 31_415 ? null : MAC[0],
      }),
      face(`11.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, { hardware_address: MAC[1] }),
    ]),
  )
  let turns = 0
  const turning = setInterval(() => turns++, 5)
  const seen = await judge({ devices })
  clearInterval(turning)
  assert.equal(seen.values.addresses, 100_000)
  assert.equal(seen.values.violations, 1)
  assert.match(seen.summary, /^host-31415: /)
  assert.ok(turns > 5, `the loop turned ${turns} times`)
})

test('a document that takes for ever ends with the deadline', async () => {
  // Each line is ten times the one before it.
  const bomb = Array.from(
    { length: 12 },
    (_, n) =>
      `a${n}: &a${n} [${
        n === 0
          ? '"x"'
          : Array(10)
              .fill(`*a${n - 1}`)
              .join(', ')
      }]`,
  )
  const seen = await judge(`${bomb.join('\n')}\n${'# padding\n'.repeat(30_000)}`, { timeout: '3s' }, 'yaml')
  assert.ok(['inventory.unreadable', 'inventory.too-large'].includes(seen.reason), seen.reason)
})

describe('whatever comes', () => {
  test('is rows or a sentence', async () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      ';',
      '\n',
      ' ',
      '-',
      'devices',
      'ip',
      'device',
      '10.0.0.1',
      '&a',
      '*a',
      '|',
      '#',
      '!!js',
      '\t',
      'é',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 60 }),
        fc.constantFrom('json', 'csv', 'yaml', null),
        async (parts, format) => {
          const found = await parseInventory(parts.join(''), format, DEFAULT_MAPPING)
          assert.ok(Array.isArray(found) ? found.length > 0 : found.summary.length > 0)
        },
      ),
      { numRuns: 3_000 },
    )
  })
  test('any JSON in the place of any part', async () => {
    const odd = fc.jsonValue({ maxDepth: 3 })
    await fc.assert(
      fc.asyncProperty(odd, odd, odd, async (a, b, c) => {
        const text = JSON.stringify({
          devices: [{ name: a, interfaces: [{ ip: b, fixed: c, hardware_address: a }, b], cards: c }, a],
        })
        const found = await parseInventory(text, 'json', DEFAULT_MAPPING)
        if (Array.isArray(found)) findViolations(found, BUILT_IN)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the rules hold for any registry', () => {
  const row = fc.record({
    device: fc.constantFrom('a', 'b', 'c'),
    ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'),
    service: fc.constantFrom('S', 'T'),
    fixed: fc.boolean(),
    floating: fc.boolean(),
    bound: fc.boolean(),
  })
  const full = (given: Partial<Row>): Row =>
    ({ responsible: '', name: '', role: '', said: true, valid: true, hardwareAddress: '', ...given }) as Row
  const by = (reason: string, rows: Row[]) =>
    findViolations(rows, BUILT_IN).filter((one) => one.reason === reason)
  test('unbound: exactly the groups of two and more with one that is not bound', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (given) => {
        const rows = given.map(full)
        const expected = [
          ...Map.groupBy(
            rows.filter((one) => one.fixed),
            (one) => `${one.device} ${one.service}`,
          ).values(),
        ].filter((group) => group.length >= 2 && group.some((one) => !one.bound))
        assert.equal(by('inventory.unbound-address', rows).length, expected.length)
        // The order of rows changes nothing.
        assert.equal(by('inventory.unbound-address', rows.toReversed()).length, expected.length)
      }),
    )
  })
  test('binding everything mends it, and never adds a violation of this rule', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (given) => {
        const rows = given.map((one) => full({ ...one, bound: true }))
        assert.equal(by('inventory.unbound-address', rows).length, 0)
      }),
    )
  })
})

test('addresses have one form', () => {
  assert.equal(shortest('010.0.0.1'), null)
  assert.equal(shortest('1'), null)
  assert.equal(shortest('::FFFF:1/128'), '::ffff:1')
  assert.equal(shortest('x'), null)
  assert.equal(hardware('02-00-5E-10-00-01'), '02:00:5e:10:00:01')
  assert.equal(hardware('00:00:00:00:00:00'), '')
  assert.equal(hardware('none'), '')
})
