/** What is changed under an escalation that runs: people, contacts, schedules, policies, silences, maintenance. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSilence, endSilence } from '../../src/alerts/index.ts'
import { findIncident, incidentTimes, listIncidents, readTimeline } from '../../src/incidents/index.ts'
import { HOUR, MINUTE } from '../../src/kit/duration.ts'
import { planMaintenance } from '../../src/monitors/index.ts'
import {
  acknowledgeAlert,
  acknowledgeByLink,
  createOverride,
  findEscalation,
} from '../../src/oncall/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const secretOf = (link: string | null) => /\/ack\/([\w.-]+)/.exec(link ?? '')![1]!
const CRITICAL = /^\[critical\] /

async function goDown(s: Story): Promise<void> {
  s.see('docs-port', DOWN)
  await s.travel('2m')
}

async function acknowledge(s: Story, who: string): Promise<string> {
  const { id } = (await s.alerts()).find(({ state }) => state === 'open')!
  await acknowledgeAlert(s.tocsin().world, s.as(who), { alertId: id, via: 'api' })
  await s.settle()
  return id
}

const failures = async (s: Story) =>
  (await s.facts('page.failed')).map(({ data }) => {
    const { personId, reason } = data as { personId: string; reason: string }
    return [personId, reason]
  })

onEveryStore('an escalation under change', ({ open }) => {
  it('acknowledged and forgotten: all is paged anew, and the first acknowledgement stays the one that counts', () =>
    story({ store: open }, async (s) => {
      await goDown(s)
      const page = s.expectMessage('ana@lab.example', CRITICAL)
      await s.travel('1m')
      await acknowledgeByLink(s.tocsin().world, secretOf(page.link))
      const first = s.clock.now()
      await s.travel('3h59m')
      s.expectSilence()
      await s.restart()
      await s.travel('1m')
      assert.equal(s.expectMessage('ana@lab.example', CRITICAL).at, first + 4 * HOUR)
      const [alert] = await s.alerts()
      assert.equal(alert!.state, 'open')
      await s.travel('5m')
      s.expectMessage('bo@lab.example', CRITICAL)
      await acknowledge(s, 'bo')
      const [incident] = await listIncidents(s.store.read)
      assert.equal(incident!.acknowledgedAt, first)
      const timeline = await readTimeline(s.store.read, incident!.id)
      assert.equal(timeline.filter(({ kind }) => kind === 'acknowledgement').length, 2)
      assert.ok(timeline.some(({ text }) => text.startsWith('Alert opened again')))
      const tta = incidentTimes((await findIncident(s.store.read, incident!.id))!).metrics[1]!
      assert.deepEqual([tta.name, tta.ms], ['TTA', first - alert!.openedAt])
    }))

  it('the person on call leaves while her page waits for its retry: it never leaves, and the next step is paged', () =>
    story({ store: open }, async (s) => {
      s.answer((_kind, to) =>
        to.startsWith('ana') ? { result: 'retry', reason: 'busy' } : { result: 'sent' },
      )
      await goDown(s)
      s.expectSilence()
      const without = USUAL.replace(/ {2}ana: .*\n/, '')
        .replace('members: [ana, bo]', 'members: [bo]')
        .replace('order: [ana, bo]', 'order: [cy, bo]')
      await s.apply(without)
      s.answer(() => ({ result: 'sent' }))
      await s.travel('2m')
      s.expectMessage('bo@lab.example', CRITICAL)
      assert.deepEqual(await failures(s), [['ana', 'the contact is no longer verified']])
      await acknowledge(s, 'bo')
    }))

  it('an address is replaced between queue and delivery: the old one hears nothing, the new one is asked first', () =>
    story({ store: open }, async (s) => {
      s.answer((_kind, to) =>
        to === 'ana@lab.example' ? { result: 'retry', reason: 'busy' } : { result: 'sent' },
      )
      await goDown(s)
      await s.apply(USUAL.replace('ana@lab.example', 'ana@new.example'))
      s.answer(() => ({ result: 'sent' }))
      await s.travel('2m')
      assert.doesNotMatch(s.expectMessage('ana@new.example', /./).subject, CRITICAL)
      s.expectMessage('bo@lab.example', CRITICAL)
      assert.equal((await failures(s)).length, 1)
      await acknowledge(s, 'bo')
    }))

  it('the schedule is turned round by a reload: the round that follows asks it as it stands then', () =>
    story(
      { store: open, config: USUAL.replace('    lastResort', '    repeat: 1\n    lastResort') },
      async (s) => {
        await goDown(s)
        s.expectMessage('ana@lab.example', CRITICAL)
        await s.apply(
          USUAL.replace('order: [ana, bo]', 'order: [cy]').replace(
            '    lastResort',
            '    repeat: 1\n    lastResort',
          ),
        )
        s.expectSilence()
        await s.travel('5m')
        s.expectMessage('bo@lab.example', CRITICAL)
        await s.travel('10m')
        s.expectMessage('cy@lab.example', CRITICAL)
        assert.equal((await s.facts('escalation.last-resort')).length, 0, 'it is the schedule that asks cy')
        await acknowledge(s, 'cy')
      },
    ))

  it('its policy is taken away by a reload: it is followed to its end, and the next alert follows another', () => {
    const other = USUAL.replace(
      'policies:',
      'policies:\n  other:\n    default: true\n    steps: [{ notify: [{ person: cy }], wait: 5m }]\n    lastResort: { people: [bo] }',
    ).replace('  usual:\n    default: true', '  usual:')
    const gone = other.replace(/ {2}usual:\n[\s\S]*?(?=monitors:)/, '').replace(', policy: usual', '')
    return story({ store: open, config: other }, async (s) => {
      await goDown(s)
      s.expectMessage('ana@lab.example', CRITICAL)
      await s.apply(gone)
      await s.restart()
      await s.travel('5m')
      s.expectMessage('bo@lab.example', CRITICAL)
      await s.travel('10m')
      s.expectMessage('cy@lab.example', CRITICAL)
      const id = await acknowledge(s, 'cy')
      assert.equal((await findEscalation(s.store.read, id))!.policyId, 'usual')
      s.see('docs-port', UP)
      await s.travel('2m')
      for (const who of ['ana', 'bo', 'cy']) s.expectMessage(`${who}@lab.example`, /^\[resolved\] /)
      await goDown(s)
      s.expectMessage('cy@lab.example', CRITICAL)
      assert.equal((await findEscalation(s.store.read, await acknowledge(s, 'cy')))!.policyId, 'other')
    })
  })
})

describe('who stands in', () => {
  it('of two overrides that overlap the later one counts; when it ends the other does, and then the rotation', () =>
    story({ config: USUAL.replace('order: [ana, bo]', 'order: [ana]') }, async (s) => {
      const { world } = s.tocsin()
      const from = s.clock.now()
      const override = (personId: string, begin: number, end: number) =>
        createOverride(world, s.as('bo', 'editor'), {
          scheduleId: 'week',
          personId,
          from: from + begin * MINUTE,
          until: from + end * MINUTE,
        })
      await override('bo', 0, 60)
      await override('cy', 10, 30)
      for (const [minute, who] of [
        [5, 'bo'],
        [15, 'cy'],
        [35, 'bo'],
        [65, 'ana'],
      ] as const) {
        await s.travel(`${from + minute * MINUTE - s.clock.now()}ms`)
        await goDown(s)
        s.expectMessage(`${who}@lab.example`, CRITICAL)
        await acknowledge(s, who)
        s.see('docs-port', UP)
        await s.travel('2m')
        s.expectMessage(`${who}@lab.example`, /^\[resolved\] /)
      }
    }))

  it('a last resort that refuses everywhere: the administrators are asked, and the log says why', () =>
    story({ config: USUAL.replace('people: [cy]', 'people: [bo]') }, async (s) => {
      s.answer((_kind, to) =>
        to.startsWith('cy') ? { result: 'sent' } : { result: 'refused', reason: 'no such mailbox' },
      )
      await goDown(s)
      s.expectMessage('cy@lab.example', CRITICAL)
      assert.deepEqual(
        (await failures(s)).map(([person]) => person),
        ['ana', 'bo', 'bo'],
      )
      const nobody = (await s.facts('escalation.reached-nobody')).map(
        ({ data }) => data as { reason: string },
      )
      assert.deepEqual(
        nobody.map(({ reason }) => reason),
        ['every-page-refused', 'every-page-refused', 'every-page-refused'],
      )
      // And again, for as long as nobody answers.
      await s.travel('15m')
      s.expectMessage('cy@lab.example', CRITICAL)
      await acknowledge(s, 'cy')
    }))
})

describe('quiet that is ordered while it burns', () => {
  it('a silence over a running escalation that is ended early: paging begins anew at once, from the first step', () =>
    story({}, async (s) => {
      await goDown(s)
      s.expectMessage('ana@lab.example', CRITICAL)
      const silence = await createSilence(s.tocsin().world, s.as('ana'), {
        match: { monitorId: 'docs-port' },
        until: s.clock.now() + HOUR,
        reason: 'I know',
      })
      await s.travel('20m')
      s.expectSilence()
      await endSilence(s.tocsin().world, s.as('ana'), { silenceId: silence.id })
      await s.settle()
      s.expectMessage('ana@lab.example', CRITICAL)
      await acknowledge(s, 'ana')
      // Its own end comes later, and does nothing more.
      await s.travel('1h')
      assert.equal((await s.facts('silence.ended')).length, 1)
      assert.equal((await s.facts('alert.unsilenced')).length, 1)
    }))

  it('a silenced outage opens no incident; ended early, it does, counted from the first bad check', () =>
    story({}, async (s) => {
      const silence = await createSilence(s.tocsin().world, s.as('ana'), {
        match: { serviceId: 'docs' },
        until: s.clock.now() + HOUR,
        reason: 'moving house',
      })
      await goDown(s)
      await s.travel('10m')
      assert.deepEqual(await listIncidents(s.store.read), [])
      await endSilence(s.tocsin().world, s.as('ana'), { silenceId: silence.id })
      await s.settle()
      s.expectMessage('ana@lab.example', CRITICAL)
      const [incident] = await listIncidents(s.store.read)
      const down = (await s.facts('monitor.verdict-changed')).at(-1)!.data as { since: number }
      assert.equal(incident!.impactStartedAt, down.since)
      assert.equal(incident!.detectedAt, (await s.alerts())[0]!.openedAt)
      await acknowledge(s, 'ana')
    }))

  it('maintenance planned during an outage recalls nobody who was paged, and its end brings no second alert', () =>
    story({}, async (s) => {
      await goDown(s)
      s.expectMessage('ana@lab.example', CRITICAL)
      await planMaintenance(s.tocsin().world, s.as('bo', 'editor'), {
        name: 'Repair',
        monitors: [],
        services: ['docs'],
        from: s.clock.now(),
        to: s.clock.now() + 30 * MINUTE,
      })
      await s.travel('3m')
      const id = await acknowledge(s, 'ana')
      await s.travel('40m')
      const alerts = await s.alerts()
      assert.deepEqual(
        alerts.map((alert) => [alert.id, alert.state]),
        [[id, 'acknowledged']],
      )
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await s.alerts())[0]!.state, 'resolved')
    }))
})
