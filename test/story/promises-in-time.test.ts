/** What becomes of a promise while nobody looks: drills that cannot say, proofs that grow old, drills named late. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSilence } from '../../src/alerts/index.ts'
import { openIncident, readTimeline } from '../../src/incidents/index.ts'
import { HOUR } from '../../src/kit/duration.ts'
import {
  addAction,
  changeAction,
  changePostmortemState,
  claimAction,
  draftPostmortem,
  editPostmortem,
  findAction,
  findPostmortem,
} from '../../src/postmortems/index.ts'
import { createDrill, findProof, viewDrill } from '../../src/proofs/index.ts'
import { passReview } from '../harness/review.ts'
import { onEveryStore } from '../harness/stores.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

// Checks are rare, so that a day may pass quickly.
const RARE = USUAL.replace('every: 60s', 'every: 60m')
const PAGED = `${RARE}
drills:
  wakes-ana: { kind: end-to-end, monitor: docs-port, expect: { paged: ana, within: 70m }, every: 6h }
`

async function promise(s: Story, drillId: string | null = 'wakes-ana') {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  const incident = await openIncident(world, ana, { title: 'Nobody was woken', severity: 'SEV3' })
  const postmortem = await draftPostmortem(world, ana, { incidentId: incident.id })
  const action = await addAction(world, ana, {
    postmortemId: postmortem.id,
    title: 'Wake Ana',
    type: 'process',
    criterion: 'Ana is paged in time.',
    drillId,
  })
  await s.settle()
  return { incidentId: incident.id, postmortemId: postmortem.id, actionId: action.id }
}

async function claim(s: Story, actionId: string) {
  await claimAction(s.tocsin().world, s.as('ana'), { actionId })
  await s.settle()
  return findAction(s.store.read, actionId)
}

const silenceDocs = (s: Story, hours: number) =>
  createSilence(s.tocsin().world, s.as('bo'), {
    match: { serviceId: 'docs' },
    until: s.clock.now() + hours * HOUR,
    reason: 'the building is dark',
  })

onEveryStore('the proof of an action', ({ open }) => {
  it('of an action that was claimed before anybody named its drill begins when the drill is named', () =>
    story({ store: open, config: PAGED }, async (s) => {
      const { actionId } = await promise(s, null)
      assert.equal((await claim(s, actionId))!.state, 'claimed')
      assert.equal(await findProof(s.store.read, actionId), null)
      await changeAction(s.tocsin().world, s.as('ana'), { actionId, drillId: 'wakes-ana' })
      await s.settle()
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    }))

  it('of an action that names a drill which is yet to be made begins when it is made', () =>
    story({ store: open, config: RARE }, async (s) => {
      const { actionId } = await promise(s, 'wakes-ana')
      assert.equal((await claim(s, actionId))!.state, 'claimed')
      await createDrill(s.tocsin().world, s.as('cy', 'administrator'), {
        id: 'wakes-ana',
        settings: { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'ana', within: '70m' } },
      })
      await s.settle()
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    }))

  it('naming another word of a proved action asks for no drill', () =>
    story({ store: open, config: PAGED }, async (s) => {
      const { actionId } = await promise(s)
      await claim(s, actionId)
      const runs = (await s.facts('drill.started')).length
      await changeAction(s.tocsin().world, s.as('ana'), { actionId, title: 'Wake Ana, really' })
      await s.settle()
      assert.equal((await s.facts('drill.started')).length, runs)
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    }))
})

describe('while time passes, the proof of an action', () => {
  it('a drill that cannot say leaves the claim where it is, and says so; the next one that can decides', () =>
    story({ config: PAGED }, async (s) => {
      const { actionId } = await promise(s)
      await silenceDocs(s, 5)
      const waiting = (await claim(s, actionId))!
      assert.equal(waiting.state, 'claimed')
      const drill = await viewDrill(s.store.read, 'wakes-ana')
      assert.deepEqual([drill.state, drill.reason.includes('because of a silence')], ['inconclusive', true])
      const proof = (await findProof(s.store.read, actionId))!
      assert.deepEqual(
        [proof.state, proof.reason, proof.runId, proof.concludedAt],
        ['awaiting', 'inconclusive', null, null],
      )
      await s.travel('7h')
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    }))

  it('that cannot be repeated for two periods grows stale, not sooner; a pass proves it again without a claim', () =>
    story({ config: PAGED }, async (s) => {
      const { actionId, incidentId } = await promise(s)
      assert.equal((await claim(s, actionId))!.state, 'proved')
      await silenceDocs(s, 23)
      await s.travel('12h')
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved', 'two periods are not over')
      await s.travel('6h30m')
      const stale = (await findAction(s.store.read, actionId))!
      assert.deepEqual([stale.state, stale.reason], ['stale', 'No drill has said yes or no for two periods.'])
      assert.equal((await readTimeline(s.store.read, incidentId)).at(-1)!.kind, 'action')
      assert.deepEqual(await s.alerts(), [], 'an old proof wakes nobody')
      await s.travel('6h')
      assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    }))
})

describe('a closed post-mortem says that every lesson is proved or given up', () => {
  async function closed(s: Story) {
    const { world } = s.tocsin()
    const bo = s.as('bo', 'editor')
    const made = await promise(s)
    const { postmortemId } = made
    const body = '## Summary\n\nNobody woke.\n\n## Root cause\n\nNobody was asked.\n'
    await editPostmortem(world, bo, { postmortemId, version: 1, title: 'Asleep', body })
    await passReview(world, bo, s.as('ana'), postmortemId)
    await s.settle()
    s.expectMessage('bo@lab.example', /^Approved: Asleep/)
    return { ...made, close: () => changePostmortemState(world, bo, { postmortemId, to: 'closed' }) }
  }

  it('so it is open again when a dropped action is taken up again', () =>
    story({ config: PAGED }, async (s) => {
      const { actionId, postmortemId, incidentId, close } = await closed(s)
      const bo = s.as('bo', 'editor')
      await assert.rejects(close(), { code: 'wrong-state' })
      await changeAction(s.tocsin().world, bo, { actionId, state: 'dropped', reason: 'no time' })
      await close()
      await changeAction(s.tocsin().world, bo, { actionId, state: 'open' })
      await s.settle()
      assert.equal((await findAction(s.store.read, actionId))!.state, 'open')
      const again = (await findPostmortem(s.store.read, postmortemId))!
      assert.deepEqual([again.state, again.reason], ['reviewed', 'action-reopened'])
      assert.equal(
        (await readTimeline(s.store.read, incidentId)).at(-1)!.text,
        'Post-mortem went from closed to reviewed: an action is open again',
      )
    }))

  it('and an action that is taken up in one that is not closed moves nothing else', () =>
    story({ config: PAGED }, async (s) => {
      const { actionId, postmortemId } = await closed(s)
      const bo = s.as('bo', 'editor')
      await changeAction(s.tocsin().world, bo, { actionId, state: 'dropped', reason: 'no time' })
      await changeAction(s.tocsin().world, bo, { actionId, state: 'open' })
      assert.equal((await findPostmortem(s.store.read, postmortemId))!.state, 'reviewed')
      assert.equal((await s.facts('postmortem.state-changed')).length, 2)
    }))
})
