/** What a configuration puts into force, and what it leaves alone. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DOWN, story, USUAL } from '../../test/harness/story.ts'
import { createSilence } from '../alerts/index.ts'
import { addContact, findPerson, listServices, verifiedContacts } from '../catalog/index.ts'
import { verifyAudit } from '../engine/facts.ts'
import { allMonitors, createMonitor, findMonitor, readHistory } from '../monitors/index.ts'
import { createOverride, listOverrides, listPolicies, listSchedules } from '../oncall/index.ts'
import { viewDrills } from '../proofs/index.ts'
import { type Configuration, readConfiguration } from './configuration.ts'

const parse = (text: string): Configuration => {
  const read = readConfiguration(text, { env: {}, folder: '/' })
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}

/** The same file with a mail server, a new service and a drill in it: something in every section. */
const FULLER = `${USUAL.replace(
  'services: {',
  'services: { extra: { name: Extra, owner: web }, ',
)}drills: { wakes-ana: { kind: end-to-end, monitor: docs-port, expect: { paged: ana, within: 5m } } }
`

// What reading the file would have refused, said to `apply` itself: whatever throws last must undo what came first.
const BAD: [string, (good: Configuration) => unknown][] = [
  [
    'a team that is not there',
    (c) => ({ ...c, services: { ...c.services, extra: { ...c.services.extra, owner: 'nobody' } } }),
  ],
  ['a member who is not there', (c) => ({ ...c, teams: { web: { ...c.teams.web, members: ['nobody'] } } })],
  ['a drill that is nothing', (c) => ({ ...c, drills: { odd: null } })],
  ['a maintenance window without an end', (c) => ({ ...c, maintenance: { odd: null } })],
]

onEveryStore('a configuration', ({ open }) => {
  it('is put into force whole or not at all', () =>
    story({ store: open }, async (s) => {
      const before = await s.facts()
      const count = async () => [
        (await listServices(s.store.read)).length,
        (await allMonitors(s.store.read)).length,
        (await viewDrills(s.store.read, { limit: 10 })).items.length,
      ]
      const there = await count()
      for (const [what, spoil] of BAD) {
        await assert.rejects(s.tocsin().apply(spoil(parse(FULLER)) as Configuration), what)
        assert.deepEqual([what, await count()], [what, there])
        assert.equal((await s.facts()).length, before.length, `${what} writes no fact`)
      }
      await s.apply(FULLER)
      assert.deepEqual(await count(), [2, 1, 1])
    }))

  it('names the language model, whose key stays out of the database, and takes it back', () =>
    story({ store: open }, async (s) => {
      assert.equal(s.tocsin().proposer().model, null)
      await s.apply(`${USUAL}postmortems:
  company: Lamps
  import: { languageModel: { url: "http://127.0.0.1:1/v1/", model: careful-reader, apiKey: sk-in-memory } }
`)
      const { model } = s.tocsin().proposer()
      assert.deepEqual([model?.url, model?.apiKey], ['http://127.0.0.1:1/v1', 'sk-in-memory'])
      const stored = await s.store.read.selectFrom('postmortem_settings').selectAll().execute()
      assert.match(JSON.stringify(stored), /Lamps/)
      assert.doesNotMatch(JSON.stringify([stored, await s.facts()]), /sk-in-memory|careful-reader/)
      await s.apply(USUAL)
      assert.equal(s.tocsin().proposer().model, null)
    }))

  it('that says what is in force already changes nothing and says nothing', () =>
    story({ store: open, config: FULLER }, async (s) => {
      const before = await s.facts()
      await s.apply(FULLER)
      await s.apply(FULLER)
      assert.deepEqual((await s.facts()).slice(before.length), [])
      assert.equal((await verifyAudit(s.store.read)).brokenAt, null)
    }))

  it('that is read again keeps what happened: an alert, its page, a silence, an override, a contact', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const now = s.clock.now()
      s.see('docs-port', DOWN)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /critical/)
      await createSilence(world, s.as('bo'), { match: { serviceId: 'other' }, until: now + 9e6, reason: 'r' })
      await createOverride(world, s.as('bo'), {
        scheduleId: 'week',
        personId: 'bo',
        from: now + 4e6,
        until: now + 8e6,
      })
      await addContact(world, s.as('ana'), {
        personId: 'ana',
        kind: 'email',
        address: { email: 'a@phone.example' },
      })
      await s.settle()
      s.expectMessage('a@phone.example', /./)
      const monitor = (await findMonitor(s.store.read, 'docs-port'))!
      await s.apply(FULLER.replace('wait: 5m', 'wait: 7m'))
      assert.deepEqual(await findMonitor(s.store.read, 'docs-port'), monitor, 'its verdict is not forgotten')
      assert.equal((await s.alerts())[0]!.state, 'open')
      assert.equal((await listOverrides(s.store.read, { limit: 9 })).items.length, 1)
      const kept = (await verifiedContacts(s.store.read, 'ana')).map((contact) => contact.kind)
      assert.deepEqual(kept, ['email'])
      await s.travel('20m')
      s.expectMessage('bo@lab.example', /critical/)
      s.expectMessage('cy@lab.example', /critical/)
    }))

  it('from which a monitor is gone stops watching it, resolves its alert, and keeps its history', () =>
    story({ store: open }, async (s) => {
      const two = `${USUAL}  spare: { service: docs, type: tcp, target: "spare.lab.example:443", every: 60s }\n`
      await s.apply(two)
      s.see('docs-port', DOWN)
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /critical/)
      await s.apply(two.replace(/^ {2}docs-port:.*\n/m, ''))
      assert.deepEqual(
        (await allMonitors(s.store.read)).map((monitor) => monitor.id),
        ['spare'],
      )
      const [alert] = await s.alerts()
      assert.equal(alert!.state, 'resolved')
      s.expectMessage('ana@lab.example', /resolved/)
      const facts = await s.facts('monitor.configured')
      assert.equal((facts.at(-1)!.data as { change: string }).change, 'removed')
      // Time goes on and nobody hears of it any more.
      await s.travel('1h')
      s.expectSilence()
      const { world } = s.tocsin()
      const points = await readHistory(world, 'docs-port', s.clock.now() - 8e6, s.clock.now())
      assert.ok(
        points.some((point) => point.downMs > 0),
        'what was seen of it can still be read',
      )
      await s.apply(two)
      s.see('docs-port', { ...DOWN, verdict: 'up', reason: 'ok' })
      await s.travel('3m')
      assert.equal((await findMonitor(s.store.read, 'docs-port'))!.state.verdict, 'up')
    }))

  it('leaves alone what people manage themselves', () =>
    story({ store: open }, async (s) => {
      const own = { service: 'docs', type: 'tcp', target: 'own.lab.example:22', every: '60s' }
      await createMonitor(s.tocsin().world, s.as('bo', 'editor'), { id: 'own', settings: own })
      await s.apply(USUAL.replace('every: 60s', 'every: 30s'))
      assert.deepEqual((await allMonitors(s.store.read)).map(({ id, managedBy }) => [id, managedBy]).sort(), [
        ['docs-port', 'file'],
        ['own', 'api'],
      ])
    }))
})

describe('a configuration that loses people', () => {
  it('pages nobody who is gone, and the last resort still stands', () =>
    story({}, async (s) => {
      const without = USUAL.replace(/^ {2}bo:.*\n/m, '')
        .replace('members: [ana, bo]', 'members: [ana]')
        .replace('order: [ana, bo]', 'order: [ana]')
        .replace('      - { notify: [{ person: bo }], wait: 10m }\n', '')
      await s.apply(without)
      assert.equal((await listSchedules(s.store.read)).length, 1)
      assert.equal((await listPolicies(s.store.read)).length, 1)
      const bo = await findPerson(s.store.read, 'bo')
      assert.ok(bo === null || bo.disabledAt !== null)
      s.see('docs-port', DOWN)
      await s.travel('10m')
      s.expectMessage('ana@lab.example', /critical/)
      s.expectMessage('cy@lab.example', /critical/)
    }))
})
