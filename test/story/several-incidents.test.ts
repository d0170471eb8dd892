/** Several things fail at once, people are faster than monitors, and what was thought to be over is not. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  changeIncident,
  findIncident,
  incidentTimes,
  listIncidents,
  openIncident,
  readTimeline,
} from '../../src/incidents/index.ts'
import { MINUTE } from '../../src/kit/duration.ts'
import { acknowledgeAlert } from '../../src/oncall/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const TWO = `${USUAL.replace(
  'services: {',
  'services: { shop: { name: Shop, owner: web, audience: public },',
)}  docs-web: { service: docs, type: tcp, target: "docs.lab.example:80", every: 60s, confirm: 2, retryEvery: 30s }
  shop-port: { service: shop, type: tcp, target: "shop.lab.example:443", every: 60s, confirm: 2, retryEvery: 30s }
`

const stateOf = async (s: Story, id: string) => {
  const { state, reason, reopened } = (await findIncident(s.store.read, id))!
  return [state, reason, reopened]
}

/** Everybody who is paged by what stands open acknowledges at once. */
async function acknowledgeAll(s: Story) {
  for (const alert of await s.alerts())
    if (alert.state === 'open')
      await acknowledgeAlert(s.tocsin().world, s.as('ana'), { alertId: alert.id, via: 'api' })
}

onEveryStore('several incidents', ({ open }) => {
  it('two services fail at once: two incidents, two pages, and neither ends the other', () =>
    story({ store: open, config: TWO }, async (s) => {
      s.see('docs-port', DOWN)
      s.see('shop-port', DOWN)
      await s.travel('2m')
      const pages = [1, 2].map(() => s.expectMessage('ana@lab.example', /^\[critical\] /))
      assert.notEqual(pages[0]!.key, pages[1]!.key)
      await acknowledgeAll(s)
      const incidents = await listIncidents(s.store.read)
      assert.deepEqual(incidents.map(({ serviceIds }) => serviceIds.join()).sort(), ['docs', 'shop'])
      assert.ok(incidents.every(({ alerts }) => alerts.length === 1))
      const of = (service: string) => incidents.find(({ serviceIds }) => serviceIds[0] === service)!.id
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await stateOf(s, of('docs')))[0], 'believed-resolved')
      assert.equal((await stateOf(s, of('shop')))[0], 'declared')
      await s.travel('10m')
      assert.equal((await stateOf(s, of('docs')))[0], 'resolved')
      assert.equal((await stateOf(s, of('shop')))[0], 'declared')
      for (const [mine, other] of [
        ['docs', 'shop'],
        ['shop', 'docs'],
      ] as const) {
        const timeline = await readTimeline(s.store.read, of(mine))
        assert.ok(timeline.some(({ kind }) => kind === 'verdict'))
        assert.ok(!timeline.some(({ text }) => text.includes(`${other}-port`)), `${other} in ${mine}`)
      }
    }))

  it('a person is faster: alerts join the incident that they opened, and the first alert starts the clock of TTA', () =>
    story({ store: open, config: TWO }, async (s) => {
      const { world } = s.tocsin()
      const { id } = await openIncident(world, s.as('bo'), {
        title: 'Customers say that the handbook is gone',
        severity: 'SEV3',
        serviceIds: ['docs'],
        detection: 'customer',
        impactStart: s.clock.now() - 5 * MINUTE,
      })
      const declared = s.clock.now()
      s.see('docs-port', DOWN)
      s.see('docs-web', DOWN)
      await s.travel('2m')
      for (let i = 0; i < 2; i++) s.expectMessage('ana@lab.example', /^\[critical\] /)
      const [incident, ...others] = await listIncidents(s.store.read)
      assert.deepEqual(others, [])
      assert.deepEqual([incident!.id, incident!.severity, incident!.alerts.length], [id, 'SEV3', 2])
      const opened = Math.min(...incident!.alerts.map(({ openedAt }) => openedAt))
      await s.travel('1m')
      await acknowledgeAll(s)
      await s.settle()
      const now = (await findIncident(s.store.read, id))!
      const { metrics } = incidentTimes(now)
      assert.deepEqual(
        metrics.slice(0, 2).map(({ name, ms }) => [name, ms]),
        [
          ['TTD', 5 * MINUTE],
          ['TTA', s.clock.now() - opened],
        ],
      )
      assert.deepEqual([now.detectedAt, now.declaredAt, now.detection], [declared, declared, 'customer'])

      // One of two is well again: that is not the end.
      s.see('docs-web', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await stateOf(s, id))[0], 'declared')
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await stateOf(s, id))[0], 'believed-resolved')
      await s.travel('10m')
      assert.equal((await stateOf(s, id))[0], 'resolved')
    }))

  it('it fails again during the watch, twice: one incident, re-opened twice, and the watch begins anew', () =>
    story({ store: open, config: TWO }, async (s) => {
      let id = ''
      for (const round of [0, 1, 2]) {
        s.see('docs-port', DOWN)
        await s.travel('2m')
        s.expectMessage('ana@lab.example', /^\[critical\] /)
        await acknowledgeAll(s)
        const [incident, ...others] = await listIncidents(s.store.read)
        assert.deepEqual(others, [])
        id = incident!.id
        const reason = round === 0 ? 'opened-by-rule' : 'alert-opened-again'
        assert.deepEqual(await stateOf(s, id), ['declared', reason, round])
        assert.equal(incident!.resolvedAt, null)
        s.see('docs-port', UP)
        await s.travel('2m')
        s.expectMessage('ana@lab.example', /^\[resolved\] /)
        await s.travel('6m')
        assert.deepEqual(await stateOf(s, id), ['believed-resolved', 'all-alerts-resolved', round])
      }
      await s.travel('4m')
      assert.deepEqual(await stateOf(s, id), ['resolved', 'watch-period-passed', 2])
      const told = (await readTimeline(s.store.read, id)).map(({ text }) => text)
      assert.equal(told.filter((text) => /re-opened for the (1st|2nd) time/.test(text)).length, 2)
      const last = (await s.facts('alert.resolved')).at(-1)!.at
      assert.equal((await findIncident(s.store.read, id))!.resolvedAt, last)
    }))
})

describe('believed resolved by a person, while an alert still stands', () => {
  async function believedTooEarly(s: Story): Promise<string> {
    s.see('docs-port', DOWN)
    await s.travel('2m')
    s.expectMessage('ana@lab.example', /^\[critical\] /)
    await acknowledgeAll(s)
    const [incident] = await listIncidents(s.store.read)
    await changeIncident(s.tocsin().world, s.as('ana'), {
      incidentId: incident!.id,
      state: 'believed-resolved',
    })
    return incident!.id
  }

  it('it ends a whole watch after the last alert, as of that alert', () =>
    story({ config: TWO }, async (s) => {
      const id = await believedTooEarly(s)
      await s.travel('5m')
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      const quietSince = (await s.facts('alert.resolved'))[0]!.at
      await s.travel('7m')
      assert.equal((await stateOf(s, id))[0], 'believed-resolved', 'it was not quiet for a whole watch')
      await s.travel('5m')
      const over = (await findIncident(s.store.read, id))!
      assert.deepEqual([over.state, over.resolvedAt, over.reopened], ['resolved', quietSince, 0])
    }))

  it('nor is it forgotten when the alert outlasts the watch', () =>
    story({ config: TWO }, async (s) => {
      const id = await believedTooEarly(s)
      await s.travel('30m')
      assert.equal((await stateOf(s, id))[0], 'believed-resolved')
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      const quietSince = (await s.facts('alert.resolved'))[0]!.at
      await s.travel('11m')
      const over = (await findIncident(s.store.read, id))!
      assert.deepEqual(
        [over.state, over.reason, over.resolvedAt],
        ['resolved', 'watch-period-passed', quietSince],
      )
    }))
})
