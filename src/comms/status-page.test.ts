import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import {
  person,
  type ResponseOptions,
  type ResponseWorld,
  responseWorld,
  START,
  tester,
} from '../../test/harness/response.ts'
import { STATUSPAGE_SHAPES } from '../../test/harness/statuspage-shapes.ts'
import { applyCatalogConfig, catalogConfig } from '../catalog/index.ts'
import { addNote, assignRole, changeIncident, listIncidents, openIncident } from '../incidents/index.ts'
import { MINUTE } from '../kit/duration.ts'
import { planMaintenance } from '../monitors/index.ts'
import { openStore } from '../store/open-store.ts'
import { findPublicIncident, listUpdates } from './public-page.rows.ts'
import { publishNow } from './publish-page.ts'
import { publishUpdate } from './publish-update.ts'
import { snapshotDirectory } from './write-files.ts'

let it: ResponseWorld
const ana = person('ana')

async function begin(options: ResponseOptions = {}): Promise<void> {
  it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }), options)
}
const json = (path: string) => JSON.parse(it.published(`api/v2/${path}`))
const page = () => it.published('index.html')
const incident = async () => (await listIncidents(it.store.read))[0]!

/** Every published text. */
function everything(): string {
  const root = snapshotDirectory(it.publicDirectory)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
    .sort()
    .join('\n')
}

function checkShapes(): void {
  for (const [path, shape] of Object.entries(STATUSPAGE_SHAPES)) shape.parse(json(path))
}

describe('the status page', () => {
  beforeEach(() => begin())
  afterEach(() => it.close())

  test('from quiet to trouble and back, in the page, the JSON and the history', async () => {
    await it.travel('1s')
    assert.match(page(), /<h1 class="banner none">All Systems Operational<\/h1>/)
    assert.deepEqual(json('status.json').status, {
      indicator: 'none',
      description: 'All Systems Operational',
    })
    checkShapes()
    await it.travel('1h')
    await it.alert('a')
    await it.travel('1s')
    checkShapes()
    assert.match(page(), /banner critical/)
    const summary = json('summary.json')
    assert.deepEqual(
      summary.components.map((c: { id: string; status: string }) => [c.id, c.status]),
      [
        ['docs', 'major_outage'],
        ['shop', 'operational'],
      ],
    )
    assert.equal(summary.incidents.length, 1)
    const [open] = summary.incidents
    assert.equal(open.name, 'Problem with Documentation')
    assert.equal(open.impact, 'major')
    assert.equal(open.incident_updates[0].body, 'We are investigating a problem with Documentation.')
    assert.deepEqual(open.incident_updates[0].affected_components, [
      { code: 'docs', name: 'Documentation', old_status: 'operational', new_status: 'major_outage' },
    ])
    assert.equal(open.shortlink, `https://tocsin.example.org/status/incidents/${open.id}.html`)
    await it.travel('20m')
    await it.resolve('a')
    await it.travel('1s')
    assert.equal(json('incidents/unresolved.json').incidents[0].status, 'monitoring')
    assert.equal(json('components.json').components[0].status, 'operational')
    await it.travel('10m')
    await it.travel('1s')
    checkShapes()
    assert.deepEqual(json('incidents/unresolved.json').incidents, [])
    const [over] = json('incidents.json').incidents
    assert.equal(over.status, 'resolved')
    assert.deepEqual(
      over.incident_updates.map((u: { status: string }) => u.status),
      ['resolved', 'monitoring', 'investigating'],
    )
    assert.match(page(), /All Systems Operational/)
    assert.match(page(), /Happening now|Problem with Documentation<\/a> <span class="when">Resolved/)
    assert.doesNotMatch(page(), /Happening now/)
    assert.match(it.published(`incidents/${over.id}.html`), /The problem with Documentation is resolved\./)
  })

  test('people tell in their own words, and every one of them is in the timeline', async () => {
    await it.alert('a')
    const { id } = await incident()
    await publishUpdate(it.world, ana, {
      incidentId: id,
      status: 'identified',
      body: 'A **disk** is full.',
      title: 'Documentation is slow',
    })
    await it.travel('1s')
    assert.match(page(), /<h3><a href="incidents\/[0-9a-f-]+\.html">Documentation is slow<\/a><\/h3>/)
    assert.match(page(), /A <strong>disk<\/strong> is full\./)
    const updates = await listUpdates(it.store.read, id)
    assert.deepEqual(
      updates.map(({ status, automatic, actorName }) => [status, automatic, actorName]),
      [
        ['identified', false, 'Ana Secret'],
        ['investigating', true, 'Tocsin'],
      ],
    )
    assert.deepEqual((await it.facts('update.published')).length, 2)
    await assert.rejects(
      publishUpdate(it.world, person('x', 'viewer'), { incidentId: id, status: 'resolved', body: 'x' }),
      { code: 'forbidden' },
    )
    await assert.rejects(
      publishUpdate(it.world, ana, { incidentId: 'nope', status: 'resolved', body: 'x' }),
      { code: 'not-found' },
    )
    await assert.rejects(publishUpdate(it.world, ana, { incidentId: id, status: 'resolved', body: '  ' }), {
      code: 'invalid-input',
    })
  })

  test('what is inside stays inside: hosts, monitors, reasons, people, notes and internal services', async () => {
    await it.verdict('docs-port', 'up', 'down')
    await it.travel('1s')
    const { id } = await incident()
    await changeIncident(it.world, ana, {
      incidentId: id,
      title: 'db-07.internal ran full',
      serviceIds: ['docs', 'ledger'],
    })
    await assignRole(it.world, ana, { incidentId: id, role: 'commander', personId: 'ana' })
    await addNote(it.world, ana, { incidentId: id, text: 'password rotated on db-07.internal' })
    await publishUpdate(it.world, ana, { incidentId: id, status: 'identified', body: 'Found it.' })
    await planMaintenance(it.world, person('bo', 'editor'), {
      name: 'reboot db-07.internal',
      services: ['docs'],
      monitors: [],
      from: START + 60 * MINUTE,
      to: START + 120 * MINUTE,
    } as never)
    await it.travel('10s')
    const published = everything()
    for (const secret of [
      'internal',
      'docs-port',
      'connect.refused',
      'connection refused',
      'Ana',
      'Secret',
      'ana@',
      'commander',
      'password',
      'Ledger',
      'ledger',
      'SEV2',
      'probe-3',
      'is down',
    ])
      assert.ok(!published.includes(secret), `"${secret}" leaked`)
    assert.ok(published.includes('Found it.'))
    assert.ok(published.includes('Planned work on Documentation'))
    checkShapes()
    assert.equal(json('scheduled-maintenances/upcoming.json').scheduled_maintenances.length, 1)
  })

  test('an incident of internal services only is not published by itself', async () => {
    await it.alert('a', { serviceId: 'ledger' })
    await it.travel('1s')
    assert.equal(await findPublicIncident(it.store.read, (await incident()).id), null)
    assert.doesNotMatch(everything(), /ledger/i)
    assert.deepEqual(json('incidents.json').incidents, [])
  })

  test('text of users is text wherever it lands', async () => {
    await it.close()
    const bad = '<img src=x onerror=alert(1)>"\'&{{7*7}}]]>'
    await begin({ statusPage: { name: bad, description: bad } })
    await it.world.transact((tx) =>
      applyCatalogConfig(
        tx,
        it.world,
        tester,
        catalogConfig.parse({
          services: { docs: { name: bad, description: bad, audience: 'public' } },
          people: {},
        }),
        {},
      ),
    )
    await it.alert('a')
    const { id } = await incident()
    const body = `${bad}\n\n[a](javascript:alert(1)) ![pixel](https://evil.example/x.png) <script>alert(1)</script>\n\n# big\n\n[ok](https://example.org)`
    await publishUpdate(it.world, ana, { incidentId: id, status: 'identified', title: bad, body })
    await it.travel('1s')
    for (const path of ['index.html', `incidents/${id}.html`]) {
      const markup = it.published(path)
      assert.doesNotMatch(markup, /<(img|script|iframe|svg|style)\b/i, path)
      assert.doesNotMatch(markup.replaceAll(/"[^"]*"/g, '""'), /<[^>]+\son\w+=/i, path)
      assert.doesNotMatch(markup, /href="javascript:/i, path)
      assert.match(markup, /&lt;img src=x onerror=alert\(1\)&gt;/, path)
      assert.ok(markup.includes('{{7*7}}'), path)
      assert.match(markup, /<a href="https:\/\/example\.org" rel="nofollow noopener">ok<\/a>/, path)
      assert.match(markup, /Content-Security-Policy" content="default-src 'none'; style-src 'self'/, path)
    }
    checkShapes()
    const atom = it.published('history.atom')
    assert.doesNotMatch(atom, /<(img|script)\b/)
    // Only our own sections: one for the title and one for the content of each entry.
    const entries = atom.match(/<entry>/g)!.length
    assert.equal(atom.match(/\]\]>/g)!.length, atom.match(/<!\[CDATA\[/g)!.length)
    assert.equal(entries, 2)
    assert.equal(json('incidents.json').incidents[0].name, bad)
  })

  test('with autoPublish off, the page says only what people say', async () => {
    await it.close()
    await begin({ statusPage: { autoPublish: false } })
    await it.alert('a')
    await it.travel('1s')
    assert.equal(json('status.json').status.indicator, 'none')
    assert.deepEqual(json('incidents.json').incidents, [])
    await publishUpdate(it.world, ana, {
      incidentId: (await incident()).id,
      status: 'investigating',
      body: 'We look.',
    })
    await it.travel('1s')
    assert.equal(json('components.json').components[0].status, 'partial_outage')
    await it.resolve('a')
    await it.travel('11m')
    assert.equal(json('incidents/unresolved.json').incidents.length, 1, 'what people opened, people close')
  })

  test('an incident declared by hand shows on its components by its severity', async () => {
    const { id } = await openIncident(it.world, ana, { title: 'x', severity: 'SEV3', serviceIds: ['shop'] })
    await it.engine.drain()
    await it.travel('1s')
    assert.equal(json('components.json').components[1].status, 'degraded_performance')
    await changeIncident(it.world, ana, { incidentId: id, severity: 'SEV1' })
    await it.engine.drain()
    await it.travel('1s')
    assert.equal(json('components.json').components[1].status, 'major_outage')
    assert.equal(json('incidents.json').incidents[0].impact, 'critical')
    await changeIncident(it.world, ana, { incidentId: id, state: 'resolved' })
    await it.engine.drain()
    await it.travel('1s')
    assert.equal(json('status.json').status.indicator, 'none')
  })

  test('planned work shows before, while and after', async () => {
    await planMaintenance(it.world, person('bo', 'editor'), {
      name: 'x',
      services: ['docs'],
      monitors: [],
      from: START + 2 * MINUTE,
      to: START + 90 * MINUTE,
    } as never)
    await it.engine.drain()
    await it.travel('1s')
    assert.match(page(), /Planned work on Documentation/)
    await it.travel('1h')
    assert.equal(json('components.json').components[0].status, 'under_maintenance')
    assert.equal(json('status.json').status.indicator, 'maintenance')
    assert.equal(json('summary.json').scheduled_maintenances[0].status, 'in_progress')
    await it.travel('1h')
    assert.equal(json('components.json').components[0].status, 'operational')
    assert.equal(json('scheduled-maintenances.json').scheduled_maintenances[0].status, 'completed')
    checkShapes()
  })

  test('a burst of changes is one publication', async () => {
    await it.travel('10s')
    const before = (await it.facts('statuspage.published')).length
    for (let i = 0; i < 20; i++) await it.alert(`k${i}`, { serviceId: i % 2 ? 'docs' : 'shop' })
    await it.travel('1s')
    assert.equal((await it.facts('statuspage.published')).length, before + 1)
    await publishNow(it.world, ana)
    await it.engine.drain()
    assert.equal((await it.facts('statuspage.published')).length, before + 2)
    assert.ok(readdirSync(join(it.publicDirectory, 'versions')).length <= 3)
    await assert.rejects(publishNow(it.world, person('x', 'viewer')), { code: 'forbidden' })
  })

  test('publishing anew from the same store changes nothing', async () => {
    await it.alert('a')
    await it.travel('10s')
    await publishNow(it.world, ana)
    await it.engine.drain()
    const before = everything()
    await publishNow(it.world, ana)
    await it.engine.drain()
    assert.equal(everything(), before)
  })
})

test('a drill publishes nothing at all', async () => {
  await begin({ drill: 'run-1' })
  await it.alert('a')
  await publishNow(it.world, ana)
  await it.travel('2h')
  assert.equal(existsSync(snapshotDirectory(it.publicDirectory)), false)
  assert.deepEqual(await it.facts('statuspage.published'), [])
  assert.deepEqual(await it.facts('update.published'), [])
  await it.close()
})
