import assert from 'node:assert/strict'
import {
  passRun,
  person,
  playedIn,
  type ResponseWorld,
  START,
  tester,
} from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { findTimer } from '../../engine/timers.ts'
import { openIncident } from '../../incidents/index.ts'
import { DAY } from '../../kit/duration.ts'
import { changeAction } from '../change-action.ts'
import { claimAction } from '../claim-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { settleActionIn } from '../settle-action.ts'
import { acceptLuck, relookKey, takeAcceptanceBack } from './accept-luck.ts'
import { actOnItem } from './act-on-item.ts'
import { findItem, listItems, listLuck, unreadPostmortems } from './items.rows.ts'
import { viewItems, viewLuck } from './view-items.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const BODY = `## What went well

- The page reached Ana within a minute.

## What went wrong

- No alert looked at the growth.

## Where we got lucky

- The backup was a day old by chance.
- It was a Sunday.
`

onEveryStore('what went well, wrong or by luck', ({ open }) => {
  const play = playedIn(open)
  let version = 1
  async function written(it: ResponseWorld, body = BODY): Promise<string> {
    const incident = await openIncident(it.world, ana, { title: 'Full disk', severity: 'SEV2' })
    const { id } = await draftPostmortem(it.world, ana, { incidentId: incident.id })
    version = 1
    await rewrite(it, id, body)
    return id
  }
  async function rewrite(it: ResponseWorld, postmortemId: string, body: string): Promise<void> {
    await editPostmortem(it.world, ana, { postmortemId, version, title: 'Full disk', body })
    version++
    await it.engine.drain()
  }
  const states = async (it: ResponseWorld, id: string) =>
    (await listItems(it.store.read, id)).map(
      ({ text, state, inText }) => `${inText ? '' : '(gone) '}${text} ${state}`,
    )
  const luckOf = async (it: ResponseWorld, start: string) =>
    (await listLuck(it.store.read)).find(({ text }) => text.startsWith(start))!
  const act = (itemId: string, title = 'Back up every hour') => ({
    ...{ itemId, title, type: 'prevent' as const, criterion: 'A restore of yesterday is drilled.' },
  })

  play('a draft has none, an edit reads them, and rewording keeps what became of them', async (it) => {
    const id = await written(it)
    assert.deepEqual(
      (await listItems(it.store.read, id)).map(({ kind }) => kind),
      ['well', 'wrong', 'lucky', 'lucky'],
    )
    const backup = await luckOf(it, 'The backup')
    await actOnItem(it.world, ana, act(backup.id))
    await rewrite(
      it,
      id,
      BODY.replace(
        '- The backup was a day old by chance.',
        '- By chance the backup was only a day old.',
      ).replace('- It was a Sunday.\n', ''),
    )
    assert.deepEqual(await states(it, id), [
      'The page reached Ana within a minute. open',
      'No alert looked at the growth. open',
      'By chance the backup was only a day old. has-action',
      '(gone) It was a Sunday. open',
    ])
    assert.equal((await luckOf(it, 'By chance')).id, backup.id)
    // What nobody took up and nobody says any more is no risk to look after.
    assert.deepEqual((await viewLuck(it.store.read, {})).length, 1)
    assert.equal((await viewItems(it.store.read, id)).length, 3)
    await rewrite(it, id, '## Summary\n\nNothing.\n')
    assert.deepEqual(
      (await viewLuck(it.store.read, {})).map(({ inText, state }) => [inText, state]),
      [[false, 'has-action']],
    )
    await assert.rejects(viewItems(it.store.read, 'nope'), { code: 'not-found' })
  })

  play(
    'an import brings its own, and what was written before anybody read items is read at the start',
    async (it) => {
      const content =
        '# Old outage\n\n## Root cause\n\nThe disk was full.\n\n## Where we got lucky\n\n- It was night.\n'
      const { postmortemIds } = await importPostmortem(it.world, ana, { name: 'old.md', content })
      await it.engine.drain()
      assert.deepEqual(await states(it, postmortemIds[0]!), ['It was night. open'])
      const { db } = { db: it.store }
      await db.transaction(async (tx) => {
        await tx.deleteFrom('postmortem_items').execute()
        await tx.updateTable('postmortems').set({ items_version: 0 }).execute()
      })
      assert.deepEqual(await unreadPostmortems(it.store.read, 5), postmortemIds)
      const { postmortemsRoom } = await import('../room.ts')
      await postmortemsRoom().start!(it.world)
      await it.engine.drain()
      assert.deepEqual(await states(it, postmortemIds[0]!), ['It was night. open'])
      assert.deepEqual(await unreadPostmortems(it.store.read, 5), [])
    },
  )

  play('an action of it is made once, with a criterion first; the item is as its action is', async (it) => {
    await written(it)
    const item = await luckOf(it, 'The backup')
    assert.deepEqual((await viewLuck(it.store.read, {})).find(({ id }) => id === item.id)!.suggestion, {
      title: 'The backup was a day old by chance.',
      type: 'mitigate',
    })
    await assert.rejects(actOnItem(it.world, ana, { ...act(item.id), criterion: ' ' }), {
      code: 'invalid-input',
    })
    await assert.rejects(actOnItem(it.world, person('x', 'viewer'), act(item.id)), { code: 'forbidden' })
    await assert.rejects(actOnItem(it.world, ana, act('nope')), { code: 'not-found' })
    const action = await actOnItem(it.world, ana, act(item.id))
    assert.deepEqual([action.state, action.postmortemId], ['open', item.postmortemId])
    await assert.rejects(actOnItem(it.world, ana, act(item.id, 'Again')), { code: 'duplicate' })
    const state = async () => {
      await it.engine.drain()
      const { state, reason } = (await findItem(it.store.read, item.id))!
      return `${state}: ${reason}`
    }
    const settle = async (outcome: 'proved' | 'reopened', run: string) => {
      if (outcome === 'proved') await passRun(it, action.id, run)
      const input = { actionId: action.id, outcome, drillRunId: run, reason: 'the drill' }
      await it.world.transact((tx) => settleActionIn(tx, it.world, tester, input))
    }
    assert.equal(await state(), 'has-action: became an action')
    await claimAction(it.world, ana, { actionId: action.id })
    assert.equal(await state(), 'has-action: became an action')
    await settle('proved', 'run-1')
    assert.equal(await state(), 'proved: its action is proved')
    await settle('reopened', 'run-2')
    assert.equal(await state(), 'has-action: its action has to be proved anew')
    await changeAction(it.world, bo, { actionId: action.id, state: 'dropped', reason: 'too dear' })
    assert.equal(await state(), 'open: its action was dropped')
    await changeAction(it.world, bo, { actionId: action.id, state: 'open' })
    assert.equal(await state(), 'has-action: became an action')
    await changeAction(it.world, bo, { actionId: action.id, state: 'dropped', reason: 'too dear' })
    await it.engine.drain()
    // Somebody else takes the lesson up in another way.
    const second = await actOnItem(it.world, ana, act(item.id, 'Back up to another place'))
    assert.equal((await findItem(it.store.read, item.id))!.actionId, second.id)
    const moves = (await it.facts('postmortem.luck-moved')).map(({ data }) => (data as { to: string }).to)
    assert.deepEqual(moves, ['proved', 'has-action', 'open', 'has-action', 'open'])
  })

  play(
    'a risk is accepted by somebody who answers for it, until a day; then it is open again',
    async (it) => {
      await written(it)
      const { id: itemId } = await luckOf(it, 'It was a Sunday')
      const until = START + 2 * DAY
      const reason = 'We move on Friday.'
      await assert.rejects(acceptLuck(it.world, ana, { itemId, until, reason }), { code: 'forbidden' })
      await assert.rejects(acceptLuck(it.world, bo, { itemId, until, reason: '' }), { code: 'invalid-input' })
      await assert.rejects(acceptLuck(it.world, bo, { itemId, until: START, reason }), {
        code: 'invalid-input',
      })
      await assert.rejects(acceptLuck(it.world, bo, { itemId, until: START + 400 * DAY, reason }), {
        code: 'invalid-input',
      })
      const accepted = await acceptLuck(it.world, bo, { itemId, until, reason })
      assert.deepEqual(
        [
          accepted.state,
          accepted.reason,
          accepted.acceptedBy,
          accepted.acceptedByName,
          accepted.acceptedUntil,
        ],
        ['accepted', reason, 'bo', 'bo', until],
      )
      assert.deepEqual(
        (await viewLuck(it.store.read, { state: 'open' })).map(({ text }) => text),
        ['The backup was a day old by chance.'],
      )
      await it.travel('1d')
      assert.equal((await findItem(it.store.read, itemId))!.state, 'accepted')
      // Prolonged: the first day passes without a word.
      await acceptLuck(it.world, bo, { itemId, until: until + DAY, reason: 'It takes longer.' })
      await it.travel('1d1h')
      assert.equal((await findItem(it.store.read, itemId))!.state, 'accepted')
      await it.travel('1d')
      const open = (await findItem(it.store.read, itemId))!
      assert.deepEqual(
        [open.state, open.reason, open.since],
        ['open', 'it was accepted until now', until + DAY],
      )
      assert.deepEqual(
        (await it.facts('postmortem.luck-moved')).map(({ data }) => (data as { reason: string }).reason),
        ['it was accepted until now'],
      )
    },
  )

  play('an acceptance is taken back, and an action ends it', async (it) => {
    await written(it)
    const { id: itemId } = await luckOf(it, 'It was a Sunday')
    const accept = () => acceptLuck(it.world, bo, { itemId, until: START + DAY, reason: 'For a day.' })
    await accept()
    await assert.rejects(takeAcceptanceBack(it.world, person('x', 'viewer'), { itemId }), {
      code: 'forbidden',
    })
    assert.equal((await takeAcceptanceBack(it.world, ana, { itemId })).state, 'open')
    assert.equal(await findTimer(it.store.read, relookKey(itemId)), null)
    await assert.rejects(takeAcceptanceBack(it.world, ana, { itemId }), { code: 'wrong-state' })
    await accept()
    await actOnItem(it.world, ana, act(itemId))
    assert.equal(await findTimer(it.store.read, relookKey(itemId)), null)
    await assert.rejects(accept(), { code: 'wrong-state' })
    const item = (await findItem(it.store.read, itemId))!
    assert.deepEqual([item.state, item.acceptedBy, item.acceptedUntil], ['has-action', null, null])
    const { postmortemId } = item
    const well = (await listItems(it.store.read, postmortemId)).find(({ kind }) => kind === 'well')!
    await assert.rejects(acceptLuck(it.world, bo, { itemId: well.id, until: START + DAY, reason: 'x' }), {
      code: 'wrong-state',
    })
    assert.equal((await findPostmortem(it.store.read, postmortemId))!.actionIds.length, 1)
  })

  play('of two who take it up at the same moment, one is told', async (it) => {
    await written(it)
    const { id: itemId, postmortemId } = await luckOf(it, 'The backup')
    const both = await Promise.allSettled([
      actOnItem(it.world, ana, act(itemId, 'One')),
      actOnItem(it.world, bo, act(itemId, 'Two')),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal((await findPostmortem(it.store.read, postmortemId))!.actionIds.length, 1)
  })
})
