/** What leaves one Tocsin as JSON and comes into another loses nothing, and proves nothing. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { passRun, person, type ResponseWorld, responseWorld } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { type PostmortemDocument, postmortemDocument } from '../../contract/postmortem-document.ts'
import { systemActor } from '../../engine/world.ts'
import { addNote, assignRole, openIncident } from '../../incidents/index.ts'
import { openStore } from '../../store/open-store.ts'
import { addPromise, setCounterpart } from '../actions/set-counterpart.ts'
import { addAction } from '../add-action.ts'
import { changeAction } from '../change-action.ts'
import { changePostmortemState } from '../change-postmortem-state.ts'
import { claimAction } from '../claim-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem, previewImport } from '../import/import-postmortem.ts'
import { findReading } from '../import/sources.rows.ts'
import { acceptLuck } from '../items/accept-luck.ts'
import { listItems } from '../items/items.rows.ts'
import { findAction, findPostmortem, listActions, listRevisions } from '../postmortems.rows.ts'
import { askReviewers } from '../review/ask-reviewers.ts'
import { commentOnPostmortem, replyToThread } from '../review/comment.ts'
import { giveVerdict } from '../review/give-verdict.ts'
import { moveThread } from '../review/move-thread.ts'
import { settleActionIn } from '../settle-action.ts'
import { exportPostmortem } from './export-postmortem.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const BODY =
  '## Summary\n\nThe \u202ename\u202c was "wrong" \\ <b>\u2028 {{x}}.\n\n## Root cause\n\nNobody asked.\n\n## Where we got lucky\n\n- It was night\n\n## Actions\n'

/** A post-mortem with a life: an incident, texts, actions in every state that can be had. */
async function lived(it: ResponseWorld): Promise<{ id: string; proved: string; dropped: string }> {
  const { id: incidentId } = await openIncident(it.world, ana, {
    title: 'Wrong name',
    severity: 'SEV2',
    serviceIds: ['docs', 'ledger'],
  })
  await assignRole(it.world, ana, { incidentId, role: 'commander', personId: 'ana' })
  const note = await addNote(it.world, ana, { incidentId, text: 'restarted db\n## no heading' })
  await addNote(it.world, ana, { incidentId, text: 'restarted web', corrects: note.id })
  const { id } = await draftPostmortem(it.world, ana, { incidentId })
  await editPostmortem(it.world, ana, {
    postmortemId: id,
    version: 1,
    title: 'The wrong name',
    body: BODY,
    categories: ['security', 'time'],
    keywords: ['a: b', '- c'],
  })
  const add = (title: string, more: object = {}) =>
    addAction(it.world, ana, { postmortemId: id, title, type: 'detect', criterion: 'it pages', ...more })
  const proved = await add('Check the name', { drillId: 'wrong-name', owner: 'ana' })
  const dropped = await add('Tell the team', { dueAt: Date.UTC(2026, 2, 1) })
  const open = await add('Something still open')
  await setCounterpart(it.world, ana, {
    actionId: open.id,
    with: { kind: 'vendor', name: 'Disks & Co', reference: 'CASE-7' },
  })
  await addPromise(it.world, ana, { actionId: open.id, promisedAt: Date.UTC(2026, 1, 2), note: 'by mail' })
  await claimAction(it.world, ana, { actionId: proved.id })
  await passRun(it, proved.id, 'run-1')
  await it.world.transact((tx) =>
    settleActionIn(tx, it.world, systemActor('proofs'), {
      actionId: proved.id,
      outcome: 'proved',
      drillRunId: 'run-1',
      reason: 'the drill passed',
    }),
  )
  await changeAction(it.world, bo, { actionId: dropped.id, state: 'dropped', reason: 'Not worth it.' })
  const { threadId } = await commentOnPostmortem(it.world, bo, {
    postmortemId: id,
    version: 2,
    section: 'Summary',
    text: 'Which **name**?\n<script>',
  })
  await replyToThread(it.world, ana, { threadId, text: 'That of the certificate.' })
  await moveThread(it.world, ana, { threadId, to: 'resolved' })
  await askReviewers(it.world, ana, { postmortemId: id, personIds: ['bo'] })
  await changePostmortemState(it.world, ana, { postmortemId: id, to: 'in review' })
  await giveVerdict(it.world, bo, {
    postmortemId: id,
    verdict: 'changes-asked',
    version: 2,
    reason: 'Too short.',
  })
  await it.engine.drain()
  const luck = (await listItems(it.store.read, id)).find(({ kind }) => kind === 'lucky')!
  await acceptLuck(it.world, bo, {
    itemId: luck.id,
    until: Date.UTC(2026, 6, 1),
    reason: 'Nights are quiet.',
  })
  return { id, proved: proved.id, dropped: dropped.id }
}

const jsonOf = async (it: ResponseWorld, postmortemId: string) =>
  (await exportPostmortem(it.world, ana, { postmortemId, format: 'json' })).content as string
/** Imports it, and lets everything happen that an import brings about. */
async function bring(it: ResponseWorld, content: string, name = 'from-elsewhere.tocsin.json') {
  const done = await importPostmortem(it.world, ana, { name, content })
  await it.engine.drain()
  return done
}

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
    assert.deepEqual(document.actions[2]!.counterpart, {
      kind: 'vendor',
      name: 'Disks & Co',
      reference: 'CASE-7',
    })
    assert.equal(document.actions[2]!.promises[0]!.promisedAt, '2026-02-02T00:00:00.000Z')
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

describe('a file that calls itself an export', () => {
  const whole = async (change: (document: PostmortemDocument) => unknown) => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const { id } = await lived(it)
      const document = JSON.parse(await jsonOf(it, id)) as PostmortemDocument
      const there = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
      try {
        return await bring(there, JSON.stringify(change(document)))
      } finally {
        await there.close()
      }
    } finally {
      await it.close()
    }
  }
  const refused: [string, (document: PostmortemDocument) => unknown, RegExp][] = [
    [
      'of a newer version',
      (d) => ({ ...d, schema: 'tocsin/postmortem@2' }),
      /this Tocsin reads tocsin\/postmortem@1/,
    ],
    ['with a key that nobody knows', (d) => ({ ...d, surprise: 1 }), /surprise|Unrecognized/],
    ['with an id that leads elsewhere', (d) => ({ ...d, id: '../../etc/passwd' }), /no id of ours/],
    ['with a title that turns around', (d) => ({ ...d, title: 'a\u202eb' }), /control characters/],
    [
      'with a state that is none',
      (d) => ({
        ...d,
        actions: d.actions.map((one) => ({ ...one, standing: [{ ...one.standing[0], state: 'won' }] })),
      }),
      /state/,
    ],
    [
      'with an action that stands nowhere',
      (d) => ({ ...d, actions: d.actions.map((one) => ({ ...one, standing: [] })) }),
      /standing/,
    ],
    ['with NUL in a text', (d) => ({ ...d, body: 'a\u0000b' }), /NUL/],
    ['with one action twice', (d) => ({ ...d, actions: [...d.actions, d.actions[0]] }), /same id/],
    ['of a category of its own', (d) => ({ ...d, categories: ['nonsense'] }), /no category/],
  ]
  for (const [how, change, says] of refused)
    test(`${how} is refused with its place`, async () => {
      await assert.rejects(whole(change), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'invalid-input')
        assert.match(error.message, says)
        return true
      })
    })

  test('that is cut off is refused, and other JSON is no export', async () => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const { id } = await lived(it)
      const text = await jsonOf(it, id)
      await assert.rejects(bring(it, text.slice(0, -40)), /cut off/)
      assert.equal((await bring(it, '{"title": "tocsin/postmortem@1 is a name"}')).outcome, 'nothing-found')
      assert.equal((await bring(it, '[{"schema": "tocsin/postmortem@1"}]')).outcome, 'nothing-found')
    } finally {
      await it.close()
    }
  })

  test('with its keys in another order is the same post-mortem', async () => {
    const { outcome } = await whole((document) => Object.fromEntries(Object.entries(document).reverse()))
    assert.equal(outcome, 'imported')
  })

  test('a viewer may export and not import', async () => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const viewer = person('v', 'viewer')
      const { id } = await lived(it)
      const { content, name, type } = await exportPostmortem(it.world, viewer, {
        postmortemId: id,
        format: 'json',
      })
      assert.match(name, /^2026-01-08-the-wrong-name-[0-9a-f]{8}\.tocsin\.json$/)
      assert.equal(type, 'application/json; charset=utf-8')
      await assert.rejects(importPostmortem(it.world, viewer, { name, content: String(content) }), {
        code: 'forbidden',
      })
      await assert.rejects(exportPostmortem(it.world, viewer, { postmortemId: 'none', format: 'json' }), {
        code: 'not-found',
      })
    } finally {
      await it.close()
    }
  })
})
