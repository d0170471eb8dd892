import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { parse } from 'yaml'
import { passRun, person, playedIn, type ResponseWorld, START } from '../../test/harness/response.ts'
import { passReview } from '../../test/harness/review.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { systemActor } from '../engine/world.ts'
import { addNote, assignRole, listIncidents, openIncident, readTimeline } from '../incidents/index.ts'
import { DAY, MINUTE } from '../kit/duration.ts'
import { addAction } from './add-action.ts'
import { changeAction } from './change-action.ts'
import { changePostmortemState } from './change-postmortem-state.ts'
import { claimAction } from './claim-action.ts'
import { draftPostmortem } from './draft-postmortem.ts'
import { editPostmortem } from './edit-postmortem.ts'
import { exportMarkdown } from './export/export-postmortem.ts'
import type { Action, Postmortem } from './postmortem.ts'
import { findPostmortem, listPostmortems, listRevisions, postmortemIdsOf } from './postmortems.rows.ts'
import { NEEDED_FOR_REVIEW, PROMPT, SECTIONS, splitSections } from './sections.rules.ts'
import { type Settled, settleActionIn } from './settle-action.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const viewer = person('x', 'viewer')
const WRITTEN =
  '## Summary\n\nThe name was wrong.\n\n## Root cause\n\nNobody asked for the name.\n\n## Actions\n'

onEveryStore('post-mortems', ({ open }) => {
  const play = playedIn(open)

  async function drafted(it: ResponseWorld): Promise<Postmortem> {
    const { id } = await openIncident(it.world, ana, {
      title: 'Wrong name',
      severity: 'SEV3',
      serviceIds: ['docs'],
    })
    return draftPostmortem(it.world, ana, { incidentId: id })
  }
  const action = (it: ResponseWorld, { id }: Postmortem, more: object = {}) =>
    addAction(it.world, ana, {
      postmortemId: id,
      title: 'Check the name',
      type: 'detect',
      criterion: 'a wrong name pages',
      drillId: 'wrong-name',
      ...more,
    })
  const settle = async (
    it: ResponseWorld,
    { id }: Action,
    outcome: 'proved' | 'refuted' | 'reopened' | 'stale',
    run = `run-of-${id}`,
  ): Promise<Settled> => {
    if (outcome === 'proved') await passRun(it, id, run)
    return it.world.transact((tx) =>
      settleActionIn(tx, it.world, systemActor('proofs'), {
        actionId: id,
        outcome,
        drillRunId: outcome === 'stale' ? null : run,
        reason: `the drill ${outcome}`,
      }),
    )
  }

  play(
    'a resolved incident gets its draft, filled with what is known and with prompts for the rest',
    async (it) => {
      await it.verdict('docs-port', 'up', 'down', { since: START - MINUTE })
      await it.travel('5m')
      const [incident] = await listIncidents(it.store.read)
      await assignRole(it.world, ana, { incidentId: incident!.id, role: 'commander', personId: 'ana' })
      await it.acknowledge(incident!.alerts[0]!.alertId)
      const note = await addNote(it.world, ana, {
        incidentId: incident!.id,
        text: 'restarted **db** <b>now</b>\n## Root cause',
      })
      await addNote(it.world, ana, { incidentId: incident!.id, text: 'restarted web', corrects: note.id })
      await it.verdict('docs-port', 'down', 'up')
      await it.travel('15m')
      const [postmortem] = await listPostmortems(it.store.read)
      assert.equal(postmortem!.incidentId, incident!.id)
      assert.equal(postmortem!.state, 'draft')
      assert.equal(postmortem!.reason, 'drafted-from-incident')
      assert.equal(postmortem!.dueAt, START + 5 * MINUTE + 7 * DAY)
      const { body } = postmortem!
      assert.deepEqual(
        splitSections(body).map(({ title }) => title),
        [...SECTIONS],
      )
      const section = (name: string) => splitSections(body).find(({ title }) => title === name)!.body
      assert.ok(section('Impact').includes('- Services: Documentation'))
      assert.ok(section('Impact').includes('From 2026-01-08 11:59:00 UTC to 2026-01-08 12:05:00 UTC: 6m'))
      assert.ok(section('Detection').includes('- A monitor noticed it.'))
      assert.ok(section('Detection').includes('TTD = impact start → detected: 1m'))
      assert.ok(section('Detection').includes('- Paged: nobody'))
      assert.ok(section('Resolution').includes('- Mitigated: not recorded'))
      assert.ok(
        section('Resolution').includes(
          '- TTM = impact start → mitigated: not recorded (mitigated not recorded)',
        ),
      )
      assert.ok(section('Resolution').includes('commander: Ana Secret'))
      assert.ok(
        section('Timeline').includes('~~restarted \\*\\*db\\*\\* \\<b\\>now\\</b\\> \\#\\# Root cause~~'),
      )
      assert.ok(section('Timeline').includes('Correction: restarted web'))
      for (const name of NEEDED_FOR_REVIEW) assert.ok(section(name).startsWith(PROMPT), name)
      assert.equal((await readTimeline(it.store.read, incident!.id)).at(-1)!.text, 'Post-mortem drafted')
      assert.equal((await postmortemIdsOf(it.store.read, [incident!.id])).get(incident!.id), postmortem!.id)
    },
  )

  play('an incident has one post-mortem, also when it is resolved twice', async (it) => {
    await it.alert('a')
    await it.resolve('a')
    await it.travel('10m')
    const [incident] = await listIncidents(it.store.read)
    await assert.rejects(draftPostmortem(it.world, ana, { incidentId: incident!.id }), { code: 'duplicate' })
    await assert.rejects(draftPostmortem(it.world, ana, { incidentId: 'nope' }), { code: 'not-found' })
    await assert.rejects(draftPostmortem(it.world, viewer, { incidentId: incident!.id }), {
      code: 'forbidden',
    })
    assert.equal((await listPostmortems(it.store.read)).length, 1)
  })

  play('two people edit: the second is told, and nothing is lost', async (it) => {
    const { id, version } = await drafted(it)
    const saved = await editPostmortem(it.world, ana, {
      postmortemId: id,
      version,
      title: 'Wrong name',
      body: 'one',
    })
    assert.equal(saved.version, 2)
    await assert.rejects(
      editPostmortem(it.world, bo, { postmortemId: id, version, title: 'Wrong name', body: 'two' }),
      {
        code: 'wrong-state',
        status: 409,
      },
    )
    await editPostmortem(it.world, bo, {
      postmortemId: id,
      version: 2,
      title: 'Wrong name',
      body: 'two',
      categories: ['security'],
    })
    const revisions = await listRevisions(it.store.read, id)
    assert.deepEqual(
      revisions.slice(1).map(({ version: n, body, actorName }) => [n, body, actorName]),
      [
        [2, 'one', 'Ana Secret'],
        [3, 'two', 'bo'],
      ],
    )
    await assert.rejects(
      it.store.transaction((db) => sql`DELETE FROM postmortem_revisions`.execute(db)),
      /append-only/,
    )
    await assert.rejects(
      editPostmortem(it.world, viewer, { postmortemId: id, version: 3, title: 'x', body: 'x' }),
      { code: 'forbidden' },
    )
    for (const bad of [
      { title: '' },
      { body: 'x'.repeat(200_001) },
      { categories: ['nonsense'] },
      { state: 'closed' },
    ])
      await assert.rejects(
        editPostmortem(it.world, ana, {
          postmortemId: id,
          version: 3,
          title: 'x',
          body: 'x',
          ...bad,
        } as never),
        { code: 'invalid-input' },
      )
  })

  play('from draft to closed: the words first, then the proofs', async (it) => {
    const { id } = await drafted(it)
    const to = (state: 'draft' | 'in review' | 'reviewed' | 'closed') =>
      changePostmortemState(it.world, ana, { postmortemId: id, to: state })
    await assert.rejects(to('in review'), (error: Error & { problems: { path: string }[] }) => {
      assert.match(error.message, /Summary, Root cause/)
      assert.deepEqual(
        error.problems.map(({ path }) => path),
        ['body.Summary', 'body.Root cause'],
      )
      return true
    })
    await assert.rejects(to('closed'), { code: 'wrong-state' })
    await editPostmortem(it.world, ana, { postmortemId: id, version: 1, title: 'Wrong name', body: WRITTEN })
    await passReview(it.world, ana, bo, id)
    const postmortem = (await findPostmortem(it.store.read, id))!
    const first = await action(it, postmortem)
    const second = await action(it, postmortem, { title: 'Tell the team', type: 'process', drillId: null })
    await assert.rejects(to('closed'), (error: Error & { problems: { message: string }[] }) => {
      assert.deepEqual(error.problems.map(({ message }) => message).sort(), [
        '"Check the name" is open.',
        '"Tell the team" is open.',
      ])
      return true
    })
    await claimAction(it.world, ana, { actionId: first.id })
    await settle(it, first, 'proved')
    await assert.rejects(changeAction(it.world, bo, { actionId: second.id, state: 'dropped' }), {
      code: 'invalid-input',
    })
    await assert.rejects(
      changeAction(it.world, ana, { actionId: second.id, state: 'dropped', reason: 'no' }),
      { code: 'forbidden' },
    )
    const dropped = await changeAction(it.world, bo, {
      actionId: second.id,
      state: 'dropped',
      reason: 'Covered by the first.',
    })
    assert.equal(dropped.reason, 'Covered by the first.')
    const closed = await to('closed')
    assert.deepEqual([closed.state, closed.reason], ['closed', 'all-actions-settled'])
    await assert.rejects(
      editPostmortem(it.world, ana, { postmortemId: id, version: 2, title: 'x', body: 'x' }),
      { code: 'wrong-state' },
    )
    await assert.rejects(action(it, closed), { code: 'wrong-state' })
    // The proof fails later: the lesson is lost, and the post-mortem no longer says otherwise.
    const settled = await settle(it, first, 'reopened', 'run-2')
    assert.deepEqual(settled, { changed: true, state: 'open', reason: 'drill-failed' })
    const again = (await findPostmortem(it.store.read, id))!
    assert.deepEqual([again.state, again.reason], ['reviewed', 'action-reopened'])
    const types = (await it.facts())
      .map(({ type }) => type)
      .filter((type) => /^(action|postmortem)\./.test(type))
    assert.deepEqual(types, [
      'postmortem.drafted',
      'postmortem.edited',
      'postmortem.state-changed',
      'postmortem.reviewers-asked',
      'postmortem.review-given',
      'postmortem.state-changed',
      'action.created',
      'action.created',
      'action.claimed',
      'action.proved',
      'action.dropped',
      'postmortem.state-changed',
      'action.reopened',
      'postmortem.state-changed',
    ])
  })

  play('the export is Markdown with front matter that survives any text', async (it) => {
    const title = 'He said: "yes" # not a comment - [x] {{7*7}} <b>'
    const { id: incidentId } = await openIncident(it.world, ana, {
      title: 'x',
      severity: 'SEV1',
      serviceIds: ['docs'],
      impactStart: START,
    })
    const { id } = await draftPostmortem(it.world, ana, { incidentId, title })
    const summary = 'First: line\n---\nkey: "value" | > %tag\u2028end'
    await editPostmortem(it.world, ana, {
      postmortemId: id,
      version: 1,
      title,
      body: `## Summary\n\n${summary}\n\n## Actions\n\n${PROMPT} x_\n`,
      categories: ['security', 'time'],
      keywords: ['a: b', '- c'],
    })
    await action(it, (await findPostmortem(it.store.read, id))!, { title: 'yes: "no"', owner: 'ana' })
    const text = await exportMarkdown(it.world, viewer, { postmortemId: id })
    const [, yaml, body] = /^---\n([\s\S]*?)\n---\n\n([\s\S]*)$/.exec(text)!
    const front = parse(yaml!)
    assert.deepEqual(Object.keys(front), [
      'uuid',
      'url',
      'title',
      'start_time',
      'end_time',
      'categories',
      'keywords',
      'company',
      'product',
      'summary',
      'tocsin',
    ])
    assert.equal(front.uuid, id)
    assert.equal(front.url, `https://tocsin.example.org/post-mortems/${id}`)
    assert.equal(front.title, title)
    assert.equal(front.summary, summary)
    assert.equal(front.start_time, '2026-01-08T12:00:00.000Z')
    assert.equal(front.end_time, '')
    assert.deepEqual(front.categories, ['security', 'time'])
    assert.deepEqual(front.keywords, ['a: b', '- c'])
    assert.equal(front.tocsin.incident.severity, 'SEV1')
    assert.equal(front.tocsin.incident.times.resolved, null)
    assert.deepEqual(front.tocsin.incident.metrics[3], {
      name: 'TTR',
      ms: null,
      formula: 'TTR = impact start → resolved',
      status: 'not recorded',
    })
    assert.equal(front.tocsin.actions[0].title, 'yes: "no"')
    assert.match(body!, /\| yes: "no" \| detect \| Ana Secret \|/)
    assert.ok(!body!.includes(PROMPT))
    await assert.rejects(exportMarkdown(it.world, viewer, { postmortemId: 'nope' }), { code: 'not-found' })
  })
})
