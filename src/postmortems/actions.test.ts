import assert from 'node:assert/strict'
import { passRun, person, playedIn, type ResponseWorld, START } from '../../test/harness/response.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { systemActor } from '../engine/world.ts'
import { openIncident } from '../incidents/index.ts'
import { DAY } from '../kit/duration.ts'
import { addAction } from './add-action.ts'
import { changeAction } from './change-action.ts'
import { claimAction } from './claim-action.ts'
import { draftPostmortem } from './draft-postmortem.ts'
import type { Action, Postmortem } from './postmortem.ts'
import { countActionsAwaitingProof, findAction, findPostmortem, listActions } from './postmortems.rows.ts'
import { type Settled, settleActionIn } from './settle-action.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const viewer = person('x', 'viewer')

onEveryStore('actions', ({ open }) => {
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

  play('an action is closed by proof and by nothing else', async (it) => {
    const postmortem = await drafted(it)
    const { id } = await action(it, postmortem, { owner: 'ana', dueAt: START + DAY })
    for (const state of ['proved', 'refuted', 'stale'] as const)
      await assert.rejects(changeAction(it.world, person('bo', 'administrator'), { actionId: id, state }), {
        code: 'proof-required',
        status: 422,
      })
    const unclaimed = await settle(it, { id } as Action, 'proved')
    assert.deepEqual(unclaimed, { changed: false, state: 'open', reason: 'not-claimed' })
    await changeAction(it.world, ana, { actionId: id, state: 'claimed' })
    await assert.rejects(claimAction(it.world, ana, { actionId: id }), { code: 'wrong-state' })
    await assert.rejects(changeAction(it.world, ana, { actionId: id, criterion: 'anything goes' }), {
      code: 'wrong-state',
    })
    await assert.rejects(changeAction(it.world, ana, { actionId: id, drillId: 'an-easier-one' }), {
      code: 'wrong-state',
    })
    assert.equal((await settle(it, { id } as Action, 'refuted')).state, 'refuted')
    assert.equal((await findAction(it.store.read, id))!.reason, 'the drill refuted')
    await assert.rejects(changeAction(it.world, ana, { actionId: id, state: 'proved' }), {
      code: 'proof-required',
    })
    await claimAction(it.world, ana, { actionId: id })
    assert.equal((await settle(it, { id } as Action, 'proved', 'run-7')).changed, true)
    const proved = (await findAction(it.store.read, id))!
    assert.deepEqual([proved.state, proved.drillRunId, proved.claimedBy], ['proved', 'run-7', 'ana'])
    await assert.rejects(changeAction(it.world, ana, { actionId: id, state: 'proved' }), {
      code: 'proof-required',
    })
    await assert.rejects(claimAction(it.world, ana, { actionId: id }), { code: 'wrong-state' })
    assert.deepEqual(await settle(it, { id } as Action, 'proved', 'run-8'), {
      changed: false,
      state: 'proved',
      reason: 'still-proved',
    })
    assert.equal((await findAction(it.store.read, id))!.drillRunId, 'run-8')
    assert.equal(await countActionsAwaitingProof(it.store.read), 0)
    assert.equal((await settle(it, { id } as Action, 'stale')).state, 'stale')
    assert.equal((await settle(it, { id } as Action, 'proved', 'run-9')).state, 'proved')
    assert.equal((await it.facts('action.proved')).length, 2)
    await assert.rejects(
      it.world.transact((tx) =>
        settleActionIn(tx, it.world, bo, { actionId: id, outcome: 'proved', drillRunId: 'mine', reason: '' }),
      ),
      { code: 'forbidden' },
    )
  })

  play('settling races with a person: the state decides, once', async (it) => {
    const postmortem = await drafted(it)
    const one = await action(it, postmortem)
    await claimAction(it.world, ana, { actionId: one.id })
    const [a, b] = await Promise.allSettled([settle(it, one, 'proved'), settle(it, one, 'refuted')])
    const outcomes = [a, b].map((result) => (result.status === 'fulfilled' ? result.value : null))
    assert.ok(outcomes.some((outcome) => outcome?.changed))
    const facts = (await it.facts()).filter(({ type }) => /^action\.(proved|refuted|reopened)$/.test(type))
    assert.equal(facts.length, outcomes.filter((outcome) => outcome?.changed).length)
    const state = { 'action.proved': 'proved', 'action.refuted': 'refuted', 'action.reopened': 'open' }[
      facts.at(-1)!.type
    ]
    assert.equal((await findAction(it.store.read, one.id))!.state, state)
  })

  play('the input of an action is checked; a criterion is a must', async (it) => {
    const postmortem = await drafted(it)
    for (const bad of [
      { criterion: '' },
      { criterion: '   ' },
      { type: 'wish' },
      { title: '' },
      { state: 'proved' },
    ])
      await assert.rejects(action(it, postmortem, bad), { code: 'invalid-input' }, JSON.stringify(bad))
    await assert.rejects(action(it, postmortem, { owner: 'nobody' }), { code: 'not-found' })
    await assert.rejects(
      addAction(it.world, viewer, {
        postmortemId: postmortem.id,
        title: 'x',
        type: 'detect',
        criterion: 'x',
      }),
      { code: 'forbidden' },
    )
    const one = await action(it, postmortem, { drillId: null })
    const changed = await changeAction(it.world, ana, {
      actionId: one.id,
      title: 'Better',
      owner: 'bo',
      dueAt: START,
      drillId: 'd',
    })
    assert.deepEqual(
      [changed.title, changed.owner, changed.dueAt, changed.drillId],
      ['Better', 'bo', START, 'd'],
    )
    assert.deepEqual((await it.facts('action.changed')).length, 1)
    const two = await action(it, postmortem)
    assert.deepEqual(
      (await listActions(it.store.read, { postmortemId: postmortem.id })).map(({ id }) => id),
      [two.id, one.id],
    )
    assert.deepEqual(
      (await listActions(it.store.read, { drillId: 'd' })).map(({ id }) => id),
      [one.id],
    )
    assert.deepEqual((await findPostmortem(it.store.read, postmortem.id))!.actionIds, [one.id, two.id])
    const taken = await changeAction(it.world, ana, { actionId: two.id, state: 'claimed' })
    assert.equal(taken.claimedBy, 'ana')
    assert.equal((await changeAction(it.world, ana, { actionId: two.id, state: 'open' })).claimedBy, null)
  })
})
