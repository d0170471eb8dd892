/** What the public sees: true, nothing internal, nothing of a drill, and still there when Tocsin is not. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openAlertIn } from '../../src/alerts/index.ts'
import { publishUpdate, snapshotDirectory } from '../../src/comms/index.ts'
import { systemActor } from '../../src/engine/world.ts'
import { addNote, listIncidents, openIncident, readTimeline } from '../../src/incidents/index.ts'
import { acknowledgeAlert } from '../../src/oncall/index.ts'
import { listPostmortems } from '../../src/postmortems/index.ts'
import { createDrill, runDrill } from '../../src/proofs/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP } from '../harness/story.ts'

const files = (s: Story): Map<string, string> => {
  const folder = snapshotDirectory(s.publicDirectory)
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')]
    }),
  )
}
const summary = (s: Story) => JSON.parse(files(s).get('api/v2/summary.json')!)
const status = (s: Story) => summary(s).status.indicator as string

async function acknowledge(s: Story): Promise<void> {
  for (const alert of await s.alerts())
    if (alert.state === 'open')
      await acknowledgeAlert(s.tocsin().world, s.as('ana'), { alertId: alert.id, via: 'api' })
  await s.settle()
}

async function outage(s: Story): Promise<string> {
  s.see('docs-port', DOWN)
  await s.travel('2m')
  s.expectMessage('ana@lab.example', /critical/)
  await acknowledge(s)
  return (await listIncidents(s.store.read))[0]!.id
}

onEveryStore('the public page', ({ open }) => {
  it('stands complete and readable while the engine is stopped, and is true again soon after it starts', () =>
    story({ store: open }, async (s) => {
      const id = await outage(s)
      const { world } = s.tocsin()
      await addNote(world, s.as('ana'), { incidentId: id, text: 'zebra-17 is at fault, says Ana' })
      await publishUpdate(world, s.as('ana'), { incidentId: id, status: 'identified', body: 'We know why.' })
      await s.travel('2s')
      const before = files(s)
      // Nobody drives the engine from here on: whatever serves the files serves these.
      s.clock.moveTo(s.clock.now() + 3 * 3_600_000)
      assert.deepEqual(files(s), before)
      for (const [path, text] of before) {
        assert.ok(text.length > 20, path)
        if (path.endsWith('.json')) JSON.parse(text)
        if (path.endsWith('.html')) assert.match(text, /^<!doctype html>[\s\S]*<\/html>\s*$/i, path)
        for (const inside of ['zebra-17', 'docs-port', 'connect.refused', 'nothing listens', 'ana@', 'Ana'])
          assert.ok(!text.includes(inside), `${inside} in ${path}`)
      }
      const index = before.get('index.html')!
      const links = [...index.matchAll(/href="(?!https?:|#|mailto:)([^"?#]+)/g)].map(([, href]) => href!)
      assert.ok(links.length > 1)
      for (const href of links) {
        const path = href.replace(/^\.?\//, '').replace(/^status\//, '')
        assert.ok(path === '' || before.has(path), `${href} leads to a file that is there`)
      }
      s.see('docs-port', UP)
      await s.restart()
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /resolved/)
      assert.equal(status(s), 'none')
    }))

  it('a drill that plays an outage to its end leaves no trace: page, timeline, incidents, post-mortems', () =>
    story({ store: open }, async (s) => {
      const incidentId = await outage(s)
      await s.travel('2s')
      const { world } = s.tocsin()
      const traces = async () => ({
        timeline: (await readTimeline(s.store.read, incidentId)).map((entry) => entry.id),
        incidents: (await listIncidents(s.store.read)).map((incident) => [
          incident.id,
          incident.alerts.length,
        ]),
        postmortems: await listPostmortems(s.store.read),
        alerts: await s.alerts(),
        pages: (await s.facts()).filter(({ type }) => /^(page|escalation|statuspage|update)\./.test(type))
          .length,
        files: files(s),
      })
      const before = await traces()
      await createDrill(world, s.as('cy', 'administrator'), {
        id: 'to-the-end',
        settings: { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'cy', within: '30m' } },
      })
      await runDrill(world, s.as('bo'), 'to-the-end')
      await s.settle()
      assert.equal((await s.facts('drill.passed')).length, 1)
      assert.deepEqual(await traces(), before)
      await s.travel('2s')
      assert.ok(![...files(s).values()].some((text) => /drill|to-the-end/i.test(text)))
    }))
})

describe('what the public is not told', () => {
  it('a lesson that is lost is work to do: the service still works, and the page says so', () =>
    story({}, async (s) => {
      const { world } = s.tocsin()
      await world.transact((tx) =>
        openAlertIn(tx, world, systemActor('proofs'), {
          dedupKey: 'proof:1',
          title: 'A lesson is lost: watch the certificate',
          summary: 'The drill fails now.',
          severity: 'warning',
          reason: 'proof-broke',
          serviceId: 'docs',
          monitorId: null,
          source: 'proof',
        }),
      )
      await s.settle()
      s.expectMessage('ana@lab.example', /A lesson is lost/)
      await acknowledge(s)
      await s.travel('2h')
      assert.equal(status(s), 'none')
      // What it says of the service itself stays apart from it.
      s.see('docs-port', DOWN)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /critical/)
      await acknowledge(s)
      await s.travel('2s')
      assert.equal(status(s), 'critical')
    }))

  it('that all is well, while an incident without components is published and not over', () =>
    story({}, async (s) => {
      const { world } = s.tocsin()
      const ana = s.as('ana')
      const { id } = await openIncident(world, ana, { title: 'The phones are dead', severity: 'SEV1' })
      await publishUpdate(world, ana, {
        incidentId: id,
        status: 'investigating',
        body: 'Nobody can call us.',
      })
      await s.travel('2s')
      assert.equal(status(s), 'critical')
      assert.doesNotMatch(files(s).get('index.html')!, /All Systems Operational/)
      await publishUpdate(world, ana, { incidentId: id, status: 'resolved', body: 'They ring again.' })
      await s.travel('2s')
      assert.equal(status(s), 'none')
    }))
})
