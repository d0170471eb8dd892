import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { person, type ResponseWorld, responseWorld, START } from '../../test/harness/response.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { systemActor } from '../engine/world.ts'
import { auditFailed, escalationStarted, pageSent } from '../oncall/index.ts'
import { addNote } from './add-note.ts'
import { describeFact, TOLD_TYPES, troubleStreak } from './describe-fact.rules.ts'
import { listIncidents } from './incidents.rows.ts'
import { openIncident } from './open-incident.ts'
import { readTimeline } from './timeline.rows.ts'
import { recordEntryIn } from './write-entry.ts'

const ana = person('ana')

onEveryStore('the timeline', ({ name, open }) => {
  async function within(play: (it: ResponseWorld) => Promise<void>): Promise<void> {
    const it = await responseWorld(await open())
    try {
      await play(it)
    } finally {
      await it.close()
    }
  }

  test('the database itself refuses to change or remove an entry', () =>
    within(async (it) => {
      const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
      const before = await readTimeline(it.store.read, id)
      const attempts = [
        sql`UPDATE timeline_entries SET text = 'nothing happened'`,
        sql`DELETE FROM timeline_entries`,
        ...(name === 'postgres'
          ? [sql`TRUNCATE timeline_entries CASCADE`, sql`TRUNCATE incidents CASCADE`]
          : []),
      ]
      for (const attempt of attempts)
        await assert.rejects(
          it.store.transaction((db) => attempt.execute(db)),
          /append-only/,
        )
      await assert.rejects(it.store.transaction((db) => sql`DELETE FROM incidents`.execute(db)))
      assert.deepEqual(await readTimeline(it.store.read, id), before)
    }))

  test('a whole incident: verdict, alert, paging, acknowledgement and recovery, in the order of happening', () =>
    within(async (it) => {
      await it.verdict('docs-port', 'up', 'down', { since: START - 60_000 })
      await it.travel('1s')
      const [{ id, alerts }] = (await listIncidents(it.store.read)) as [
        Awaited<ReturnType<typeof listIncidents>>[0],
      ]
      const { alertId } = alerts[0]!
      const oncall = systemActor('oncall')
      await it.world.transact((tx) =>
        pageSent.append(tx, it.world, {
          subject: 'p1',
          actor: oncall,
          data: {
            pageId: 'p1',
            alertId,
            personId: 'bo',
            personName: 'Bo',
            channel: 'email',
            step: 0,
            stepName: 'first',
            key: 'k',
            kind: 'page',
          },
        }),
      )
      await it.travel('1m')
      await it.acknowledge(alertId)
      await it.verdict('docs-port', 'down', 'up')
      await it.travel('10m')
      const timeline = await readTimeline(it.store.read, id)
      assert.deepEqual(
        timeline.map(({ kind }) => kind),
        [
          'verdict',
          'alert',
          'state',
          'update',
          'page',
          'acknowledgement',
          'verdict',
          'alert',
          'state',
          'update',
          'state',
          'update',
          'postmortem',
        ],
      )
      assert.equal(timeline.find(({ kind }) => kind === 'page')!.text, 'Page handed over to Bo by email')
      assert.ok(timeline.every((entry, i) => i === 0 || timeline[i - 1]!.happenedAt <= entry.happenedAt))
      const seqs = timeline.map(({ factSeq }) => factSeq)
      assert.equal(new Set(seqs).size, seqs.length, 'no fact is told twice')
      assert.ok(seqs.every((seq) => seq !== null))
      // Read in pages it is the same.
      const paged = []
      for (let after: { happenedAt: number; id: string } | undefined; ; ) {
        const page = await readTimeline(it.store.read, id, { limit: 3, after })
        paged.push(...page)
        if (page.length < 3) break
        after = page.at(-1)!
      }
      assert.deepEqual(paged, timeline)
    }))

  test('a fact is told once, however often it is recorded', () =>
    within(async (it) => {
      const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
      const record = () =>
        it.world.transact((tx) =>
          recordEntryIn(tx, it.world, ana, { incidentId: id, kind: 'update', text: 'said', factSeq: 77 }),
        )
      assert.ok(await record())
      assert.equal(await record(), null)
      assert.equal((await readTimeline(it.store.read, id)).length, 2)
    }))

  test('any text comes back as it was written', () =>
    within(async (it) => {
      const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
      for (const text of [
        '<script>alert(1)</script>',
        '{{7*7}} ${7*7}',
        "'; DROP TABLE incidents; --",
        'é 🔔\nline two',
      ])
        assert.equal((await addNote(it.world, ana, { incidentId: id, text })).text, text)
    }))
})

test('every fact of the earlier rooms that should be told is told', () => {
  for (const { type } of [escalationStarted, pageSent, auditFailed])
    assert.ok(TOLD_TYPES.includes(type), type)
  assert.equal(describeFact({ type: 'person.signed-in', data: {} }), null)
})

test('whatever a fact holds, its description is a text without holes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TOLD_TYPES),
      fc.dictionary(
        fc.constantFrom(
          'to',
          'monitorName',
          'reason',
          'summary',
          'title',
          'name',
          'via',
          'step',
          'stepName',
          'reached',
          'personName',
          'channel',
        ),
        fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
      ),
      (type, data) => {
        const told = describeFact({ type, data })!
        assert.ok(told.text.length > 0)
        assert.doesNotMatch(told.text.replaceAll(Object.values(data).join('|'), ''), /\[object|NaN/)
      },
    ),
  )
})

const change = (from: string, to: string, since: number) => ({ from, to, since })

test('the impact begins with the first harm of the newest streak', () => {
  const table: [string, ReturnType<typeof change>[], { length: number; impactStart: number | null }][] = [
    ['nothing known', [], { length: 0, impactStart: null }],
    ['up now', [change('down', 'up', 9)], { length: 0, impactStart: null }],
    ['down at once', [change('up', 'down', 5)], { length: 1, impactStart: 5 }],
    [
      'degraded, then down',
      [change('degraded', 'down', 8), change('up', 'degraded', 5)],
      { length: 2, impactStart: 5 },
    ],
    [
      'silent, then down',
      [change('unknown', 'down', 8), change('up', 'unknown', 5)],
      { length: 2, impactStart: 8 },
    ],
    ['silent only', [change('up', 'unknown', 5)], { length: 1, impactStart: null }],
    [
      'an older streak does not count',
      [change('up', 'down', 8), change('down', 'up', 5), change('up', 'down', 1)],
      { length: 1, impactStart: 8 },
    ],
    ['never up', [change('unknown', 'down', 5)], { length: 1, impactStart: 5 }],
  ]
  for (const [name, changes, expected] of table) assert.deepEqual(troubleStreak(changes), expected, name)
})
