/** What leaves one Tocsin as JSON and comes into another loses nothing, and proves nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ResponseWorld, responseWorld } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { type PostmortemDocument, postmortemDocument } from '../../contract/postmortem-document.ts'
import { iso } from '../../kit/clock.ts'
import { openStore } from '../../store/open-store.ts'
import { followUpsOf } from '../actions/follow-up.ts'
import { findChase } from '../actions/reminders.rows.ts'
import { addPromise, setCounterpart } from '../actions/set-counterpart.ts'
import { addAction } from '../add-action.ts'
import { changeAction } from '../change-action.ts'
import { claimAction } from '../claim-action.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem, previewImport } from '../import/import-postmortem.ts'
import { findReading } from '../import/sources.rows.ts'
import { findAction, findPostmortem, listActions, listRevisions } from '../postmortems.rows.ts'
import { commentOnPostmortem } from '../review/comment.ts'
import { insertIssue } from '../trackers/issues.rows.ts'
import { exportPostmortem } from './export-postmortem.ts'
import { ana, BODY, bo, bring, ISSUE, jsonOf, lived } from './lived-for-tests.ts'

onEveryStore('an export as JSON', ({ open }) => {
  const play = (what: string, body: (here: ResponseWorld, there: ResponseWorld) => Promise<void>) =>
    test(what, async () => {
      const here = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
      const there = await responseWorld(await open())
      try {
        await there.travel('3d')
        await body(here, there)
      } finally {
        await here.close()
        await there.close()
      }
    })

  play('imported into an empty Tocsin and exported again is the same, byte for byte', async (here, there) => {
    const { id } = await lived(here)
    const text = await jsonOf(here, id)
    const document: PostmortemDocument = JSON.parse(text)
    assert.ok(document.incident!.timeline.length > 3)
    assert.deepEqual(
      document.actions.map(({ standing }) => standing[0]!.state),
      ['proved', 'dropped', 'open'],
    )
    assert.equal(document.revisions.length, 2)
    assert.deepEqual(
      [document.review.comments.length, document.review.threads.length, document.review.verdicts.length],
      [2, 1, 1],
    )
    assert.deepEqual(
      document.items.map(({ text, state, reason }) => [text, state, reason]),
      [['It was night', 'accepted', 'Nights are quiet.']],
    )
    const { counterpart, promises, ownerWritten, issue } = document.actions[2]!
    assert.deepEqual(counterpart, { kind: 'vendor', name: 'Disks & Co', reference: 'CASE-7' })
    assert.deepEqual(
      promises.map(({ promisedAt, note, by }) => [promisedAt.slice(0, 10), note, by.id]),
      [
        ['2026-02-02', 'by mail', 'person:ana'],
        ['2026-03-09', '2 parts\n<late>', 'person:bo'],
      ],
    )
    assert.equal(ownerWritten, 'Dana *or* Bo')
    assert.deepEqual(issue, {
      tracker: 'work',
      project: 'ops/docs',
      number: '12',
      url: ISSUE,
      state: 'closed',
    })
    const bare = document.actions[0]!
    assert.deepEqual([bare.counterpart, bare.promises, bare.ownerWritten, bare.issue], [null, [], null, null])
    const { outcome, postmortemIds, reading } = await bring(there, text)
    assert.deepEqual([outcome, postmortemIds, reading.format], ['imported', [id], 'tocsin'])
    assert.equal(await jsonOf(there, id), text)
    // And once more, into a third one: nothing wears off.
    const third = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    await bring(third, await jsonOf(there, id))
    assert.equal(await jsonOf(third, id), text)
    await third.close()
  })

  play('a proof of elsewhere proves nothing here, and is not forgotten', async (here, there) => {
    const { id, proved, dropped } = await lived(here)
    await bring(there, await jsonOf(here, id))
    const actions = await listActions(there.store.read, { postmortemId: id })
    assert.deepEqual(new Set(actions.map(({ state }) => state)), new Set(['open']))
    const one = (await findAction(there.store.read, proved))!
    assert.deepEqual([one.proof, one.drillRunId, one.claimedBy, one.owner], [null, null, null, 'ana'])
    assert.match(
      one.reason,
      /^brought along from https:\/\/tocsin\.example\.org: proved there on 2026-01-08 \(the drill passed\); here only a proof closes it$/,
    )
    assert.match((await findAction(there.store.read, dropped))!.reason, /dropped there on .*Not worth it/)
    const postmortem = (await findPostmortem(there.store.read, id))!
    assert.deepEqual(
      [postmortem.state, postmortem.reason, postmortem.incidentId, postmortem.version],
      ['draft', 'imported-from-document', null, 2],
    )
    // Nobody from elsewhere has written here.
    assert.deepEqual(
      (await listRevisions(there.store.read, id)).map(({ version, actorName }) => [version, actorName]),
      [[2, 'Ana Secret']],
    )
    // What other people read says how it stands here, and beside it what the other said.
    const markdown = await exportPostmortem(there.world, ana, { postmortemId: id, format: 'markdown' })
    assert.match(String(markdown.content), /\| open \(proved at https:\/\/tocsin\.example\.org\) \|/)
    assert.doesNotMatch(String(markdown.content), /\| proved \|/)
    const html = await exportPostmortem(there.world, ana, { postmortemId: id, format: 'html' })
    assert.match(String(html.content), /class="state open">open<span class="under">proved at https/)
  })

  play('what is done here stands beside what was said there', async (here, there) => {
    const { id, proved } = await lived(here)
    await bring(there, await jsonOf(here, id))
    await there.travel('1h')
    await claimAction(there.world, ana, { actionId: proved })
    await changeAction(there.world, ana, { actionId: proved, owner: 'bo' })
    await editPostmortem(there.world, bo, {
      postmortemId: id,
      version: 2,
      title: 'The wrong name, again',
      body: BODY,
    })
    await commentOnPostmortem(there.world, bo, { postmortemId: id, version: 3, text: 'And here?' })
    await addAction(there.world, ana, {
      postmortemId: id,
      title: 'One more',
      type: 'process',
      criterion: 'x',
    })
    const before = JSON.parse(await jsonOf(here, id)) as PostmortemDocument
    const after = postmortemDocument.parse(JSON.parse(await jsonOf(there, id)))
    assert.deepEqual(
      after.actions[0]!.standing.map(({ state, since }) => [state, since]),
      [
        ['proved', before.actions[0]!.standing[0]!.since],
        ['claimed', '2026-01-11T13:00:00.000Z'],
      ],
    )
    assert.deepEqual(after.actions[0]!.owner, { id: 'bo', name: 'Bo' })
    assert.equal(after.actions.at(-1)!.title, 'One more')
    assert.deepEqual(
      after.revisions.map(({ version, by }) => [version, by.name]),
      [
        [1, 'Ana Secret'],
        [2, 'Ana Secret'],
        [3, 'bo'],
      ],
    )
    assert.equal(after.title, 'The wrong name, again')
    assert.deepEqual(
      after.review.comments.map(({ text }) => text),
      ['Which **name**?\n<script>', 'That of the certificate.', 'And here?'],
    )
    assert.deepEqual(after.items, before.items)
    assert.deepEqual(after.standing, before.standing, 'nobody has moved it here')
    assert.deepEqual(after.incident, before.incident)
  })

  play('vendor, promises and the written owner are followed here; an issue is not', async (here, there) => {
    const { id, open } = await lived(here)
    const text = await jsonOf(here, id)
    await bring(there, text)
    const followed = async () => {
      const action = (await findAction(there.store.read, open))!
      return (await followUpsOf(there.store.read, [action])).get(open)!
    }
    const restored = await followed()
    assert.deepEqual(restored.counterpart, { kind: 'vendor', name: 'Disks & Co', reference: 'CASE-7' })
    // Ana of here has brought them; that Bo of there has written one is in the export only.
    assert.deepEqual(
      restored.promises.map(({ promisedAt, note, actor, at }) => [
        iso(promisedAt).slice(0, 10),
        note,
        actor,
        iso(at),
      ]),
      [
        ['2026-02-02', 'by mail', 'person:ana', '2026-01-11T12:00:00.000Z'],
        ['2026-03-09', '2 parts\n<late>', 'person:ana', '2026-01-11T12:00:00.000Z'],
      ],
    )
    assert.deepEqual([restored.writtenOwner, restored.issue], ['Dana *or* Bo', null])
    assert.equal((await findChase(there.store.read, open))!.promisedAt, Date.UTC(2026, 2, 9))

    const actionOf = (json: string) =>
      (JSON.parse(json) as PostmortemDocument).actions.find((action) => action.id === open)!
    const before = actionOf(text)
    await addPromise(there.world, ana, { actionId: open, promisedAt: Date.UTC(2026, 5, 1) })
    const moved = actionOf(await jsonOf(there, id))
    assert.deepEqual(moved.promises.slice(0, 2), before.promises)
    assert.deepEqual(
      moved.promises.slice(2).map(({ promisedAt, by }) => [promisedAt, by.name]),
      [['2026-06-01T00:00:00.000Z', 'Ana Secret']],
    )
    await setCounterpart(there.world, ana, { actionId: open, with: null })
    const taken = actionOf(await jsonOf(there, id))
    assert.equal(taken.counterpart, null, 'what was taken back here is not with them any more')
    assert.deepEqual([taken.promises.length, taken.issue], [3, before.issue])
    const place = { tracker: 'ours', project: 'x', number: '1', url: null }
    await there.world.transact((tx) =>
      insertIssue(tx, { actionId: open, ...place, askedBy: 'ana', askedByName: 'Ana' }),
    )
    assert.deepEqual(actionOf(await jsonOf(there, id)).issue, { ...place, state: null })
  })

  play('the document that it once came from comes along, and is known here too', async (here, there) => {
    const content = '# A lamp\n\n## Summary\n\nIt was dark.\n\n## Action items\n\n- Buy a lamp\n'
    const [id] = (await importPostmortem(here.world, ana, { name: 'lamp.md', content })).postmortemIds
    const text = await jsonOf(here, id!)
    await bring(there, text)
    const reading = (await findReading(there.store.read, id!))!
    assert.deepEqual([reading.source.text, reading.source.name], [content, 'lamp.md'])
    assert.equal(await jsonOf(there, id!), text)
    const again = await importPostmortem(there.world, ana, { name: 'other.md', content })
    assert.deepEqual([again.outcome, again.postmortemIds], ['known', [id]])
  })

  play('what stands here already is not overwritten, not even by a changed file', async (here, there) => {
    const { id } = await lived(here)
    const text = await jsonOf(here, id)
    await bring(there, text)
    assert.equal((await bring(there, text)).outcome, 'known')
    assert.equal((await bring(here, text)).outcome, 'known')
    const changed = text.replace('The wrong name', 'Another title')
    assert.equal((await previewImport(there.world, ana, { name: 'x', content: changed })).outcome, 'known')
    assert.equal((await bring(there, changed)).outcome, 'known')
    assert.equal((await findPostmortem(there.store.read, id))!.title, 'The wrong name')
    assert.equal((await listActions(there.store.read, { postmortemId: id })).length, 3)
  })

  play(
    'an action whose id is taken gets another here, and keeps its own in the export',
    async (here, there) => {
      const { id } = await lived(here)
      const text = await jsonOf(here, id)
      await bring(there, text)
      const other = text.replaceAll(
        id,
        id.replace(/.{4}$/, (end) => (end === 'aaaa' ? 'bbbb' : 'aaaa')),
      )
      const { postmortemIds } = await bring(there, other)
      assert.equal((await listActions(there.store.read, {})).length, 6)
      assert.equal(await jsonOf(there, postmortemIds[0]!), other)
    },
  )
})
