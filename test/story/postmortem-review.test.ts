/** A post-mortem from its draft to the end of its review: who is told when, and who is chased when it is late. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changeIncident, openIncident } from '../../src/incidents/index.ts'
import { DAY } from '../../src/kit/duration.ts'
import {
  acceptLuck,
  askReviewers,
  changePostmortemState,
  draftPostmortem,
  editPostmortem,
  findPostmortem,
  giveVerdict,
  importPostmortem,
  viewLuck,
  viewReview,
} from '../../src/postmortems/index.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

// Weeks pass here: nothing is checked meanwhile.
const CONFIG = USUAL.replace(/monitors:[\s\S]*$/, '')
const BODY =
  '## Summary\n\nThe pool was empty.\n\n## Root cause\n\nNothing held its floor.\n\n## Where we got lucky\n\n- It was a Sunday.\n'
const URL = 'https://tocsin.lab.example/post-mortems'

async function resolved(s: Story, severity: 'SEV1' | 'SEV2' = 'SEV1'): Promise<string> {
  const { world } = s.tocsin()
  const { id } = await openIncident(world, s.as('ana'), {
    title: 'Empty pool',
    severity,
    serviceIds: ['docs'],
  })
  await changeIncident(world, s.as('ana'), { incidentId: id, state: 'resolved' })
  await s.settle()
  const [fact] = await s.facts('postmortem.drafted')
  return (fact!.data as { postmortemId: string }).postmortemId
}
const write = async (s: Story, postmortemId: string, by = 'ana', body = BODY) => {
  const { version } = (await findPostmortem(s.store.read, postmortemId))!
  await editPostmortem(s.tocsin().world, s.as(by), { postmortemId, version, title: 'Empty pool', body })
  await s.settle()
  return version + 1
}

describe('the review of a post-mortem', () => {
  it('reviewers are told, told again when the text changes, and chased when they are late', () =>
    story({ config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const id = await resolved(s)
      const version = await write(s, id)
      await askReviewers(world, s.as('ana'), { postmortemId: id, personIds: ['bo', 'cy'] })
      await s.settle()
      s.expectSilence()
      await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'in review' })
      await s.settle()
      const { dueAt } = (await findPostmortem(s.store.read, id))!
      for (const who of ['bo', 'cy']) {
        const { text, link } = s.expectMessage(`${who}@lab.example`, /^Your review is asked for: Empty pool$/)
        assert.match(
          text,
          /^ana asks you to review the post-mortem "Empty pool"\. The review is due 2026-01-12 10:00 UTC/,
        )
        assert.equal(link, `${URL}/${id}`)
      }
      assert.deepEqual(
        (await viewReview(s.store.read, id)).reviewers.map(({ told }) => told),
        ['sent', 'sent'],
      )
      await giveVerdict(world, s.as('bo'), {
        postmortemId: id,
        verdict: 'approved',
        version,
        reason: 'Clear.',
      })
      await s.settle()
      assert.match(
        s.expectMessage('ana@lab.example', /^Approved: Empty pool$/).text,
        /bo approved.*\n\nClear\./s,
      )
      // Two edits, one word about them.
      await write(s, id, 'ana', BODY.replace('empty', 'quite empty'))
      await write(s, id, 'ana', BODY.replace('empty', 'almost empty'))
      assert.match(
        s.expectMessage('bo@lab.example', /^The text you approved has changed/).text,
        /ana changed .* after you approved version 2/,
      )
      s.expectSilence()
      const newest = (await findPostmortem(s.store.read, id))!.version
      await giveVerdict(world, s.as('bo'), { postmortemId: id, verdict: 'approved', version: newest })
      await s.settle()
      s.expectMessage('ana@lab.example', /^Approved/)
      // Only who has not spoken is reminded: a day before, when it is due, and every two days from then on.
      await s.travel('4d')
      s.expectMessage('cy@lab.example', /^Due soon: Empty pool$/)
      await s.travel('1d')
      assert.match(
        s.expectMessage('cy@lab.example', /^Due now/).text,
        /The review of .* is due 2026-01-12 10:00 UTC/,
      )
      assert.equal(s.clock.now(), dueAt)
      await s.travel('47h')
      s.expectSilence()
      await s.travel('1h')
      s.expectMessage('cy@lab.example', /^Late by 2d: Empty pool$/)
      // Once they have spoken, it is for the author to act.
      await giveVerdict(world, s.as('cy'), {
        ...{ postmortemId: id, verdict: 'changes-asked', version: newest, reason: 'Say how long.' },
      })
      await s.settle()
      assert.match(
        s.expectMessage('ana@lab.example', /^Changes are asked for/).text,
        /cy asks .*:\n\nSay how long\./s,
      )
      await s.travel('2d')
      assert.match(s.expectMessage('ana@lab.example', /^Late by 4d/).text, /Answer what reviewers asked for/)
      // What was asked for is there: they are told so once, and reminded anew.
      await write(s, id, 'ana', BODY.replace('empty', 'empty for an hour'))
      assert.match(
        s.expectMessage('cy@lab.example', /^The text has changed since you asked for it/).text,
        /ana changed .* Look again/,
      )
      s.expectMessage('bo@lab.example', /^The text you approved has changed/)
      await s.restart()
      const again = s.tocsin().world
      await giveVerdict(again, s.as('bo'), { postmortemId: id, verdict: 'approved', version: newest + 1 })
      await s.settle()
      s.expectMessage('ana@lab.example', /^Approved/)
      await changePostmortemState(again, s.as('cy', 'administrator'), {
        ...{ postmortemId: id, to: 'reviewed', overrule: 'Said in the channel.' },
      })
      await s.travel('4d')
      s.expectSilence()
    }))

  it('a draft that nobody began is asked of those whose service it was; one that is begun, of its author', () =>
    story(
      {
        config: `${CONFIG}postmortems: { due: { SEV1: { draft: 1d } }, review: { remindBefore: 6h, remindEvery: 1d } }\n`,
      },
      async (s) => {
        const id = await resolved(s)
        await s.travel('18h')
        for (const who of ['ana', 'bo'])
          assert.match(
            s.expectMessage(`${who}@lab.example`, /^Due soon/).text,
            /The draft of .*send it to review/,
          )
        await write(s, id, 'bo')
        await s.travel('6h')
        s.expectMessage('bo@lab.example', /^Due now/)
        await s.travel('1d')
        s.expectMessage('bo@lab.example', /^Late by 1d/)
        assert.equal((await s.facts('postmortem.reminded')).length, 3)
      },
    ))

  it('nobody waits for what was imported, nor for what was sent to nobody', () =>
    story({ config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const content = '# Old outage\n\n## Summary\n\nIt was down.\n\n## Root cause\n\nA full disk.\n'
      const { postmortemIds } = await importPostmortem(world, s.as('ana'), { name: 'old.md', content })
      await s.travel('6d')
      s.expectSilence()
      const { draftDueAt, dueAt } = (await findPostmortem(s.store.read, postmortemIds[0]!))!
      assert.deepEqual([draftDueAt, dueAt], [null, null])
      // In review with no reviewer: its author is asked to find one.
      const { id: incidentId } = await openIncident(world, s.as('ana'), { title: 'Small', severity: 'SEV2' })
      const { id } = await draftPostmortem(world, s.as('ana'), { incidentId })
      await write(s, id)
      await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'in review' })
      await s.travel('6d')
      assert.match(s.expectMessage('ana@lab.example', /^Due soon/).text, /ask somebody to review it/)
      await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'draft' })
      s.expectSilence()
    }))

  it('a message that does not arrive is shown, and one that has no way is too', () =>
    story({ config: CONFIG, verify: false }, async (s) => {
      for (const who of ['ana', 'bo', 'cy']) s.expectMessage(`${who}@lab.example`, /^Confirm/)
      const { world } = s.tocsin()
      const id = await resolved(s)
      await write(s, id)
      await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'in review' })
      await askReviewers(world, s.as('ana'), { postmortemId: id, personIds: ['bo'] })
      await s.settle()
      const [bo] = (await viewReview(s.store.read, id)).reviewers
      assert.deepEqual([bo!.told, bo!.toldReason], ['failed', 'no verified contact'])
    }))

  it('what a mail server refuses is told beside the reviewer', () =>
    story({ config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const id = await resolved(s)
      await write(s, id)
      await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'in review' })
      s.answer(() => ({ result: 'refused', reason: 'no such mailbox' }))
      await askReviewers(world, s.as('ana'), { postmortemId: id, personIds: ['bo'] })
      await s.settle()
      const [bo] = (await viewReview(s.store.read, id)).reviewers
      assert.deepEqual([bo!.told, bo!.toldReason], ['failed', 'no such mailbox'])
      const [told] = await s.facts('postmortem.told')
      assert.deepEqual((told!.data as { result: string }).result, 'failed')
    }))
})

it('luck that was accepted until a day is open again on that day, and who accepted it is told', () =>
  story({ config: CONFIG }, async (s) => {
    const { world } = s.tocsin()
    const id = await resolved(s)
    await write(s, id)
    const [luck] = await viewLuck(s.store.read, {})
    const until = s.clock.now() + 3 * DAY
    await acceptLuck(world, s.as('bo', 'editor'), { itemId: luck!.id, until, reason: 'We move soon.' })
    await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'in review' })
    await askReviewers(world, s.as('ana'), { postmortemId: id, personIds: ['ana', 'cy'] })
    await s.settle()
    s.expectMessage('cy@lab.example', /^Your review/)
    const { version } = (await findPostmortem(s.store.read, id))!
    await giveVerdict(world, s.as('cy'), { postmortemId: id, verdict: 'approved', version })
    await changePostmortemState(world, s.as('ana'), { postmortemId: id, to: 'reviewed' })
    await s.settle()
    s.expectMessage('ana@lab.example', /^Approved/)
    await s.restart()
    await s.travel('2d')
    s.expectSilence()
    assert.equal((await viewLuck(s.store.read, {}))[0]!.state, 'accepted')
    await s.travel('1d')
    const { text, at } = s.expectMessage('bo@lab.example', /^A risk is no longer accepted: Empty pool$/)
    assert.match(text, /It was a Sunday\.\n\nYou wrote: We move soon\./)
    assert.equal(at, until)
    assert.equal((await viewLuck(s.store.read, { state: 'open' })).length, 1)
  }))
