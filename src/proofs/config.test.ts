import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { TocsinError } from '../kit/errors.ts'
import { danglingDrills, drillConfig, ownSettings, parseDrill, proofsConfig } from './config.ts'
import { drillKindNamed, drillKinds } from './drills/registry.ts'

const FAULTS = { kind: 'monitor-faults', monitor: 'docs-certificate' }
const PAGING = { kind: 'end-to-end', monitor: 'docs-certificate', expect: { paged: 'ana', within: '5m' } }

function problemsOf(input: unknown): string[] {
  try {
    parseDrill(input)
    return []
  } catch (error) {
    assert.ok(error instanceof TocsinError)
    assert.equal(error.code, 'invalid-input')
    return error.problems.map((problem) => `${problem.path}: ${problem.message}`)
  }
}

test('settings are kept as they were written', () => {
  const written = { ...PAGING, name: 'Ana wakes', every: '7d', fault: 'certificate-expired', action: 'a-1' }
  assert.deepEqual(parseDrill(written), written)
  assert.deepEqual(parseDrill(FAULTS), { ...FAULTS, faults: 'all' })
})

test('each kind reads its own settings alone, with its defaults', () => {
  const own = (input: unknown) => {
    const config = parseDrill(input)
    return ownSettings(drillKindNamed(config.kind)!, config)
  }
  assert.deepEqual(own({ ...FAULTS, every: '1d' }), { faults: 'all' })
  assert.deepEqual(own({ ...PAGING, expect: { within: '5m' } }), {
    expect: { paged: 'anyone', within: '5m' },
  })
})

test('what is wrong is named by its place', () => {
  assert.match(problemsOf({ ...FAULTS, faults: ['certificate-expired', 'gremlin'] })[0]!, /^settings\.faults/)
  assert.match(problemsOf({ ...FAULTS, every: 'weekly' })[0]!, /^settings\.every: write a duration/)
  assert.match(problemsOf({ ...FAULTS, every: '10s' })[0]!, /^settings\.every: write at least 1m/)
  assert.match(problemsOf({ ...FAULTS, fault: 'tarpit' })[0]!, /Unrecognized key: "fault"/)
  assert.match(problemsOf({ ...PAGING, expect: { paged: 'ana' } })[0]!, /^settings\.expect\.within/)
  assert.match(problemsOf({ ...PAGING, expect: { within: '25h' } })[0]!, /at most 1d/)
  assert.match(problemsOf({ ...PAGING, at: 'christmas' })[0]!, /^settings\.at/)
  assert.match(problemsOf({ monitor: 'docs', kind: 'table-top' })[0]!, /^settings\.kind/)
  assert.match(problemsOf({ ...FAULTS, monitor: '../docs' })[0]!, /^settings\.monitor/)
  assert.equal(problemsOf(PAGING).length, 0)
})

test('the section is empty when it is left out, and refuses ids that nobody can type', () => {
  assert.deepEqual(proofsConfig.parse({}), { drills: {} })
  assert.equal(proofsConfig.safeParse({ drills: { 'Not an id': FAULTS } }).success, false)
})

test('names of monitors and people that do not exist are found', () => {
  const { drills } = proofsConfig.parse({
    drills: { a: FAULTS, b: PAGING, c: { ...PAGING, monitor: 'gone' } },
  })
  const known = { monitors: new Set(['docs-certificate']), people: new Set(['bo']) }
  assert.deepEqual(
    danglingDrills(drills, known).map((problem) => problem.path),
    ['drills.b.expect.paged', 'drills.c.monitor', 'drills.c.expect.paged'],
  )
  assert.deepEqual(danglingDrills({ a: drills.a! }, { ...known, people: new Set() }), [])
})

test('the schema can be published for editors', () => {
  const schema = z.toJSONSchema(drillConfig, { io: 'input' }) as { oneOf?: unknown[]; anyOf?: unknown[] }
  assert.equal((schema.oneOf ?? schema.anyOf)?.length, Object.keys(drillKinds).length)
})
