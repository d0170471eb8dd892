import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CONFIG, oncallWorld, person, START } from '../../test/harness/oncall.ts'
import { DAY, HOUR } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { coverageGaps, policyGaps } from './coverage.rules.ts'
import { createOverride } from './create-override.ts'
import type { PolicySpec } from './policy.ts'
import { coverage, onCallNow, readShifts } from './read-coverage.ts'
import type { Shift } from './schedule.ts'

const shift = (from: number, to: number, personId: string | null): Shift => ({
  from,
  to,
  personId,
  via: personId ? 'rotation' : 'nobody',
  overrideId: null,
})

describe('coverage', () => {
  test('gaps are where nobody is on call, or somebody who cannot be reached', () => {
    const shifts = [
      shift(0, 10, null),
      shift(10, 20, 'ana'),
      shift(20, 30, 'bo'),
      shift(30, 40, 'bo'),
      shift(40, 50, 'ana'),
    ]
    assert.deepEqual(
      coverageGaps('web', shifts, (id) => (id === 'bo' ? 'no-verified-contact' : null)),
      [
        { scheduleId: 'web', from: 0, to: 10, reason: 'nobody-on-call', personId: null },
        { scheduleId: 'web', from: 20, to: 40, reason: 'no-verified-contact', personId: 'bo' },
      ],
    )
  })

  const policy = (...notify: PolicySpec['steps'][number]['notify']): PolicySpec => ({
    steps: notify.map((target, i) => ({ name: `step ${i}`, notify: [target], waitMs: 1 })),
    repeat: 0,
    lastResort: { people: ['root'], everyMs: 1 },
    ackTimeoutMs: null,
  })
  const gap = (scheduleId: string, from: number, to: number) => ({
    scheduleId,
    from,
    to,
    reason: 'nobody-on-call' as const,
    personId: null,
  })

  test('a policy has a gap only where all of its steps have one', () => {
    const gaps = new Map([
      ['a', [gap('a', 0, 10), gap('a', 20, 40)]],
      ['b', [gap('b', 5, 25), gap('b', 25, 30)]],
      ['c', []],
    ])
    const reach = () => null
    const find = (spec: PolicySpec) => policyGaps(spec, gaps, reach, 0, 50)
    assert.deepEqual(find(policy({ schedule: 'a' })), [
      { from: 0, to: 10 },
      { from: 20, to: 40 },
    ])
    assert.deepEqual(find(policy({ schedule: 'a' }, { schedule: 'b' })), [
      { from: 5, to: 10 },
      { from: 20, to: 30 },
    ])
    assert.deepEqual(find(policy({ schedule: 'a' }, { schedule: 'c' })), [])
    assert.deepEqual(find(policy({ schedule: 'a' }, { person: 'ana' })), [])
    assert.deepEqual(find(policy({ schedule: 'gone' })), [{ from: 0, to: 50 }])
    assert.deepEqual(
      policyGaps(policy({ person: 'ana' }), gaps, () => 'no-verified-contact', 0, 50),
      [{ from: 0, to: 50 }],
    )
  })

  test('the forecast of a real roster: weeks of somebody without a verified contact stand out', async () => {
    const it = await oncallWorld(await openStore({ directory: ':memory:', now: 0 }))
    await it.verify('ana', 'cleo')
    const { schedules, policies } = await coverage(it.store.read, START, 14)
    assert.deepEqual(schedules, [
      {
        scheduleId: 'web-week',
        from: START + 7 * DAY,
        to: START + 14 * DAY,
        reason: 'no-verified-contact',
        personId: 'bo',
      },
    ])
    assert.deepEqual(policies, [{ policyId: 'web', from: START + 7 * DAY, to: START + 14 * DAY }])
    await createOverride(it.world, person('cleo'), {
      scheduleId: 'web-week',
      personId: 'cleo',
      from: START + 7 * DAY,
      until: START + 14 * DAY,
    })
    assert.deepEqual(await coverage(it.store.read, START, 14), { schedules: [], policies: [] })
    await it.store.close()
  })

  test('who is on call now, until when, and who comes next', async () => {
    const it = await oncallWorld(await openStore({ directory: ':memory:', now: 0 }))
    await it.verify('ana')
    assert.deepEqual(await onCallNow(it.store.read, START), [
      {
        scheduleId: 'web-week',
        scheduleName: 'web-week',
        personId: 'ana',
        personName: 'Ana',
        via: 'rotation',
        overrideId: null,
        from: START,
        until: START + 7 * DAY,
        nextPersonId: 'bo',
        nextPersonName: 'Bo',
        reachable: true,
      },
    ])
    const [before] = await onCallNow(it.store.read, START - HOUR)
    assert.deepEqual([before!.personId, before!.nextPersonId, before!.reachable], [null, 'ana', false])
    const shifts = await readShifts(it.store.read, 'web-week', START, START + 14 * DAY)
    assert.deepEqual(
      shifts!.map((s) => [s.personName, s.reachable]),
      [
        ['Ana', true],
        ['Bo', false],
      ],
    )
    assert.equal(await readShifts(it.store.read, 'none', START, START + DAY), null)
    await it.configure({ ...CONFIG, oncall: {}, policies: {}, teams: {}, services: {} })
    assert.deepEqual(await onCallNow(it.store.read, START), [])
    await it.store.close()
  })
})
