/** A room that breaks on what it hears says so, and holds up no other. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { snapshotDirectory } from '../../src/comms/index.ts'
import { listIncidents } from '../../src/incidents/index.ts'
import { acknowledgeAlert } from '../../src/oncall/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP } from '../harness/story.ts'

/** As if a disk or a human had put into the settings of incidents/ what nobody can read. */
async function settings(s: Story, value: string): Promise<void> {
  await s.tocsin().world.transact(async (tx) => {
    await tx.db
      .insertInto('incident_settings')
      .values({ id: 'incidents', value })
      .onConflict((c) => c.column('id').doUpdateSet({ value }))
      .execute()
  })
}

async function acknowledgeAll(s: Story): Promise<void> {
  for (const { id, state } of await s.alerts())
    if (state === 'open') await acknowledgeAlert(s.tocsin().world, s.as('ana'), { alertId: id, via: 'api' })
  await s.settle()
}

onEveryStore('a room that breaks', ({ open }) => {
  it('incidents cannot be opened: people are paged in time, the page tells, and Tocsin raises an alert about itself', () =>
    story({ store: open }, async (s) => {
      await settings(s, '{"rules": broken')
      const before = s.clock.now()
      s.see('docs-port', DOWN)
      await s.travel('2m')
      const page = s.expectMessage('ana@lab.example', /^\[critical\] docs-port is down/)
      assert.equal(page.at, (await s.facts('alert.opened'))[0]!.at, 'not a second later than otherwise')
      assert.ok(page.at <= before + 90_000)
      const status = JSON.parse(
        readFileSync(join(snapshotDirectory(s.publicDirectory), 'api/v2/status.json'), 'utf8'),
      ) as { status: { indicator: string } }
      assert.equal(status.status.indicator, 'critical')
      assert.deepEqual(await listIncidents(s.store.read), [])

      await acknowledgeAll(s)

      // The fact is tried for a while, set aside, and somebody hears of it.
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /could not digest/)
      const about = (await s.alerts()).find(({ source }) => source === 'engine')!
      assert.equal(about.dedupKey, 'engine:incidents')
      assert.match(about.summary, /alert\.opened/)
      await acknowledgeAll(s)

      // It breaks on the alert about it, too. That is no news: else each would bring the next, for ever.
      await s.travel('10m')
      const count = async () => [
        (await s.facts('engine.fact-parked')).length,
        (await s.facts('alert.changed')).length,
      ]
      const settled = await count()
      await s.travel('2h')
      assert.deepEqual(await count(), settled)
    }))

  it('after the repair it goes on by itself, with what comes next', () =>
    story({ store: open }, async (s) => {
      await settings(s, 'broken')
      s.see('docs-port', DOWN)
      await s.travel('20s')
      await s.travel('1m40s')
      s.expectMessage('ana@lab.example', /^\[critical\] docs-port/)
      await acknowledgeAll(s)
      await settings(
        s,
        JSON.stringify({
          rules: [{ severity: 'SEV1', when: { alertSeverity: 'critical' } }],
          believedResolvedFor: 60_000,
        }),
      )
      s.see('docs-port', UP)
      await s.travel('10m')
      s.expectMessage('ana@lab.example', /^\[resolved\] docs-port/)
      s.see('docs-port', DOWN)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[critical\] docs-port/)
      await acknowledgeAll(s)
      const open = await listIncidents(s.store.read, { state: 'open' })
      assert.deepEqual(
        open.map(({ severity, alerts }) => [severity, alerts.length]),
        [['SEV1', 1]],
      )
    }))
})
