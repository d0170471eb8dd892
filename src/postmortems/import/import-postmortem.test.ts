import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { person, playedIn } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { changeAction } from '../change-action.ts'
import { changePostmortemState } from '../change-postmortem-state.ts'
import { findPostmortem, listActions, listPostmortems, listRevisions } from '../postmortems.rows.ts'
import { SECTIONS, sectionState, splitSections } from '../sections.rules.ts'
import { importPostmortem, previewImport } from './import-postmortem.ts'
import { findReading } from './sources.rows.ts'
import { assertPlaced } from './spans-for-tests.ts'

const ana = person('ana')
const viewer = person('x', 'viewer')
const FOLDER = resolve(import.meta.dirname, '../../../test/fixtures/postmortems')
const document = (name: string) => ({ name, content: readFileSync(resolve(FOLDER, name)) })

onEveryStore('importing post-mortems', ({ open }) => {
  const play = playedIn(open)

  play('a document becomes a draft with its sections, its actions, and its source', async (it) => {
    const done = await importPostmortem(it.world, ana, document('review-template.md'))
    assert.equal(done.outcome, 'imported')
    const [id] = done.postmortemIds
    const postmortem = (await findPostmortem(it.store.read, id!))!
    assert.equal(postmortem.title, 'Checkout queue stalled')
    assert.equal(postmortem.state, 'draft')
    assert.equal(postmortem.reason, 'imported-from-document')
    assert.equal(postmortem.incidentId, null)
    assert.deepEqual(
      splitSections(postmortem.body).map(({ title }) => title),
      // Tickets that stand beside the actions are no words of their text.
      [...SECTIONS, 'References'],
    )
    assert.match(postmortem.body, /\n## References\n\n- PACK-412\n- PACK-413\n/)
    assert.equal(sectionState(postmortem.body, 'Summary'), 'written')
    assert.equal(sectionState(postmortem.body, 'Contributing factors'), 'prompt-left')
    assert.match(postmortem.body, /- \*\*2021-03-05 10:45 UTC\*\* — Consumers restarted; OUTAGE ENDS/)
    assert.equal((await listRevisions(it.store.read, id!)).length, 1)
    const kept = (await findReading(it.store.read, id!))!
    assert.equal(kept.source.text, readFileSync(resolve(FOLDER, 'review-template.md'), 'utf8'))
    assert.deepEqual(kept.reading, JSON.parse(JSON.stringify(done.reading.incidents[0])))
    assert.equal(kept.source.actorName, ana.name)
    assertPlaced({
      format: '',
      source: kept.source.text,
      incidents: [kept.reading],
      findings: kept.source.findings,
    })
  })

  play('an action that the document calls done is open: only a proof closes it', async (it) => {
    const done = await importPostmortem(it.world, ana, document('review-template.md'))
    const actions = await listActions(it.store.read, { postmortemId: done.postmortemIds[0]! })
    assert.deepEqual(actions.map(({ title, state, reason, type }) => [title, state, reason, type]).sort(), [
      ['Give every lock a time limit', 'open', 'the document says that it is done', 'prevent'],
      [
        'Page on the age of the oldest message after five minutes',
        'open',
        'the document does not say its state',
        'detect',
      ],
      ['Rehearse restarting the consumers', 'open', 'the document does not say its state', 'process'],
    ])
    await assert.rejects(changeAction(it.world, ana, { actionId: actions[0]!.id, state: 'proved' }), {
      code: 'proof-required',
    })
  })

  play('the same text is imported once, whatever it is called', async (it) => {
    const first = await importPostmortem(it.world, ana, document('two-slides.txt'))
    const again = await importPostmortem(it.world, ana, { ...document('two-slides.txt'), name: 'copy.txt' })
    assert.equal(first.postmortemIds.length, 2)
    assert.equal(again.outcome, 'known')
    assert.deepEqual(again.postmortemIds, first.postmortemIds)
    assert.equal((await listPostmortems(it.store.read)).length, 2)
  })

  play('two at the same moment import it once', async (it) => {
    const all = await Promise.all(
      [1, 2, 3].map(() => importPostmortem(it.world, ana, document('narrative.md'))),
    )
    assert.equal(all.filter(({ outcome }) => outcome === 'imported').length, 1)
    assert.equal((await listPostmortems(it.store.read)).length, 1)
    assert.equal(new Set(all.flatMap(({ postmortemIds }) => postmortemIds)).size, 1)
  })

  play('another text of the same name stands beside the first, and it is said', async (it) => {
    const { name, content } = document('narrative.md')
    await importPostmortem(it.world, ana, { name, content })
    const changed = `${content.toString('utf8')}\nWe will also ask the owner.\n`
    const second = await importPostmortem(it.world, ana, { name, content: changed })
    assert.equal(second.outcome, 'imported')
    assert.equal(second.earlier, true)
    assert.equal((await listPostmortems(it.store.read)).length, 2)
  })

  play('looking at a document stores nothing', async (it) => {
    const seen = await previewImport(it.world, ana, document('thread.mbox'))
    assert.equal(seen.outcome, 'read')
    assert.equal(seen.reading.incidents.length, 1)
    assert.deepEqual(await listPostmortems(it.store.read), [])
    await importPostmortem(it.world, ana, document('thread.mbox'))
    assert.equal((await previewImport(it.world, ana, document('thread.mbox'))).outcome, 'known')
  })

  play('what is no post-mortem is said to be none, and nothing is kept', async (it) => {
    const done = await importPostmortem(it.world, ana, { name: 'shopping.txt', content: 'milk\nbread' })
    assert.equal(done.outcome, 'nothing-found')
    assert.deepEqual(await listPostmortems(it.store.read), [])
    await assert.rejects(
      importPostmortem(it.world, ana, {
        name: 'x.png',
        content: new Uint8Array([137, 80, 78, 71, 0, 0, 1, 2, 3, 0, 0]),
      }),
      { code: 'wrong-media-type' },
    )
    await assert.rejects(importPostmortem(it.world, ana, { name: 'x', content: 'a', format: 'word' }), {
      code: 'invalid-input',
    })
  })

  play('who may only look imports nothing', async (it) => {
    await assert.rejects(importPostmortem(it.world, viewer, document('narrative.md')), { code: 'forbidden' })
    await assert.rejects(previewImport(it.world, viewer, document('narrative.md')), { code: 'forbidden' })
  })

  play('the source and its readings cannot be changed afterwards', async (it) => {
    await importPostmortem(it.world, ana, document('narrative.md'))
    for (const table of ['postmortem_sources', 'postmortem_readings'] as const)
      await assert.rejects(it.world.transact((tx) => tx.db.deleteFrom(table).execute()))
  })

  play('text of a document cannot become headings or tags of ours', async (it) => {
    const content =
      '# Title\n\n## Summary\n\nOne.\n\n\\## Root cause\n\n<b>bold</b> <script>x()</script> and {{ template }} $(x).\n\n## Root cause\n\n- `## Impact` is a heading\n'
    const done = await importPostmortem(it.world, ana, { name: 'evil.md', content })
    const { body } = (await findPostmortem(it.store.read, done.postmortemIds[0]!))!
    assert.deepEqual(
      splitSections(body).map(({ title }) => title),
      [...SECTIONS],
    )
    assert.doesNotMatch(body, /(?<!\\)<script|(?<!\\)\{\{/)
  })

  play('a draft of an import goes to review like any other', async (it) => {
    const done = await importPostmortem(it.world, ana, document('review-template.md'))
    const moved = await changePostmortemState(it.world, ana, {
      postmortemId: done.postmortemIds[0]!,
      to: 'in review',
    })
    assert.equal(moved.state, 'in review')
  })
})
