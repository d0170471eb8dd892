import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { person, type ResponseWorld, responseWorld, START, tester } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { applyCatalogConfig, catalogConfig } from '../../catalog/index.ts'
import { findTimer } from '../../engine/timers.ts'
import { changeIncident, openIncident, readTimeline } from '../../incidents/index.ts'
import { DAY } from '../../kit/duration.ts'
import { applyPostmortemsConfig } from '../apply-postmortems-config.ts'
import { changePostmortemState } from '../change-postmortem-state.ts'
import { postmortemsConfig } from '../config.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { postmortemsRoom } from '../room.ts'
import { askReviewers, withdrawReviewer } from './ask-reviewers.ts'
import { commentOnPostmortem, replyToThread } from './comment.ts'
import { giveVerdict } from './give-verdict.ts'
import { moveThread } from './move-thread.ts'
import { chaseKey } from './schedule-chase.ts'
import { viewReview } from './view-review.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const cy = person('cy')
const viewer = person('vi', 'viewer')
const BODY = '## Summary\n\nThe **name** was wrong.\n\n## Root cause\n\nNobody asked for it.\n'

onEveryStore('reviews of post-mortems', ({ open }) => {
  const play = (what: string, body: (it: ResponseWorld, id: string) => Promise<void>) =>
    test(what, async () => {
      const it = await responseWorld(await open())
      try {
        await configure(it, {})
        const people = {
          ana: { name: 'Ana Secret', email: 'ana@example.org' },
          bo: { name: 'Bo', email: 'bo@example.org', role: 'editor' },
          cy: { name: 'Cy', email: 'cy@example.org' },
          vi: { name: 'Vi', email: 'vi@example.org', role: 'viewer' },
        }
        await it.world.transact((tx) =>
          applyCatalogConfig(tx, it.world, tester, catalogConfig.parse({ people }), {}),
        )
        const incident = await openIncident(it.world, ana, { title: 'Wrong name', severity: 'SEV1' })
        const { id } = await draftPostmortem(it.world, ana, { incidentId: incident.id })
        await edit(it, id, 1, BODY, ana)
        await body(it, id)
      } finally {
        await it.close()
      }
    })
  const configure = (it: ResponseWorld, config: object) =>
    it.world.transact((tx) => applyPostmortemsConfig(tx, it.world, tester, postmortemsConfig.parse(config)))
  const edit = (it: ResponseWorld, postmortemId: string, version: number, body: string, by = ana) =>
    editPostmortem(it.world, by, { postmortemId, version, title: 'Wrong name', body })
  const to = (
    it: ResponseWorld,
    postmortemId: string,
    state: 'draft' | 'in review' | 'reviewed' | 'closed',
    by = ana,
    overrule?: string,
  ) => changePostmortemState(it.world, by, { postmortemId, to: state, ...(overrule ? { overrule } : {}) })
  const ask = (it: ResponseWorld, postmortemId: string, ...personIds: string[]) =>
    askReviewers(it.world, ana, { postmortemId, personIds })
  const approve = (it: ResponseWorld, postmortemId: string, by: typeof ana, version: number) =>
    giveVerdict(it.world, by, { postmortemId, verdict: 'approved', version })
  const refuse = (
    it: ResponseWorld,
    postmortemId: string,
    by: typeof ana,
    version: number,
    reason = 'Say when.',
  ) => giveVerdict(it.world, by, { postmortemId, verdict: 'changes-asked', version, reason })
  const blockers = async (it: ResponseWorld, id: string) =>
    (await viewReview(it.store.read, id)).blockers.map(({ text }) => text)
  const onlyGrows = async (it: ResponseWorld, table: string) => {
    for (const change of [`DELETE FROM ${table}`, `UPDATE ${table} SET at = 1`])
      await assert.rejects(
        it.store.transaction((db) => sql.raw(change).execute(db)),
        /append-only/,
      )
  }
  const refused = (what: RegExp) => (error: Error & { code: string; problems: { remedy: string }[] }) => {
    assert.equal(error.code, 'wrong-state')
    assert.match(error.message, what)
    for (const { remedy } of error.problems) assert.ok(remedy.length > 10)
    return true
  }

  play('a review takes the approval of somebody else, of this very text', async (it, id) => {
    await ask(it, id, 'ana', 'bo')
    await assert.rejects(approve(it, id, bo, 2), refused(/It is draft/))
    await to(it, id, 'in review')
    await assert.rejects(to(it, id, 'reviewed'), refused(/none of 1 approval of this text given/))
    await assert.rejects(to(it, id, 'reviewed', bo, 'I say so.'), refused(/none of 1 approval/))
    await assert.rejects(approve(it, id, ana, 2), refused(/You alone wrote this text/))
    await assert.rejects(approve(it, id, cy, 2), refused(/not asked to review/))
    await assert.rejects(approve(it, id, bo, 1), refused(/You read version 1, and it is 2/))
    await assert.rejects(approve(it, id, viewer, 2), { code: 'forbidden' })
    await assert.rejects(approve(it, id, { ...bo, personId: null, id: 'token:1' }, 2), { code: 'forbidden' })
    await approve(it, id, bo, 2)
    assert.deepEqual(await blockers(it, id), [])
    // Another text: the approval stays to be read, as that of an older one.
    await edit(it, id, 2, `${BODY}\n## Impact\n\nHalf of all.\n`)
    const [, reviewer] = (await viewReview(it.store.read, id)).reviewers
    assert.deepEqual([reviewer!.said!.version, reviewer!.said!.standing], [2, 'text-changed'])
    await assert.rejects(to(it, id, 'reviewed'), refused(/none of 1 approval/))
    // The same words again, in other lines: it counts for them.
    await edit(it, id, 3, BODY.replaceAll('\n\n', '\n\n\n'))
    assert.equal((await viewReview(it.store.read, id)).reviewers[1]!.said!.standing, 'counts')
    const done = await to(it, id, 'reviewed')
    assert.deepEqual([done.state, done.reason], ['reviewed', 'changed-by-person'])
  })

  play('the policy says how many; where two wrote it, each may judge', async (it, id) => {
    await configure(it, { review: { approvals: 2 } })
    await edit(it, id, 2, `${BODY}\nMore.\n`, cy)
    await ask(it, id, 'ana', 'bo')
    await to(it, id, 'in review')
    await approve(it, id, bo, 3)
    await assert.rejects(to(it, id, 'reviewed'), refused(/1 of 2 approvals/))
    await approve(it, id, ana, 3)
    assert.deepEqual((await viewReview(it.store.read, id)).authors, [
      { personId: 'ana', name: 'Ana Secret' },
      { personId: 'cy', name: 'Cy' },
    ])
    await to(it, id, 'reviewed')
    await configure(it, { review: { approvals: 0 } })
    await to(it, id, 'in review')
    await to(it, id, 'reviewed')
  })

  play(
    'who asks for changes holds it up until they approve, are let go, or are overruled with a reason',
    async (it, id) => {
      await ask(it, id, 'bo', 'cy')
      await to(it, id, 'in review')
      await assert.rejects(refuse(it, id, cy, 2, ' '), { code: 'invalid-input' })
      await refuse(it, id, cy, 2)
      await approve(it, id, bo, 2)
      await assert.rejects(to(it, id, 'reviewed'), refused(/cy asks for changes/))
      await assert.rejects(to(it, id, 'reviewed', ana, 'It is fine.'), { code: 'forbidden' })
      await assert.rejects(to(it, id, 'reviewed', bo, ' '), { code: 'invalid-input' })
      const done = await to(it, id, 'reviewed', bo, 'Cy is away; it is about a comma.')
      assert.equal(done.reason, 'overruled-by-person')
      const { overruled } = await viewReview(it.store.read, id)
      assert.deepEqual(
        [overruled!.by, overruled!.version, overruled!.reason, overruled!.blockers],
        ['bo', 2, 'Cy is away; it is about a comma.', ['cy asks for changes']],
      )
      assert.equal((await it.facts('postmortem.overruled')).length, 1)
      await onlyGrows(it, 'postmortem_verdicts')
      await onlyGrows(it, 'postmortem_overrules')
      await to(it, id, 'in review')
      await withdrawReviewer(it.world, ana, { postmortemId: id, personId: 'cy' })
      await assert.rejects(withdrawReviewer(it.world, ana, { postmortemId: id, personId: 'cy' }), {
        code: 'wrong-state',
      })
      assert.equal((await to(it, id, 'reviewed')).reason, 'changed-by-person')
      // Asked again, what they said before counts again.
      await to(it, id, 'in review')
      await ask(it, id, 'cy')
      assert.deepEqual(await blockers(it, id), ['cy asks for changes'])
      await approve(it, id, cy, 2)
      await to(it, id, 'reviewed')
    },
  )

  play('who is asked: people who may say something, each once', async (it, id) => {
    await assert.rejects(ask(it, id, 'vi'), { code: 'invalid-input' })
    await assert.rejects(ask(it, id, 'nobody'), { code: 'not-found' })
    await assert.rejects(askReviewers(it.world, viewer, { postmortemId: id, personIds: ['bo'] }), {
      code: 'forbidden',
    })
    await ask(it, id, 'bo', 'bo')
    await ask(it, id, 'bo', 'cy')
    const { reviewers } = await viewReview(it.store.read, id)
    assert.deepEqual(
      reviewers.map(({ name, askedBy, told, said }) => [name, askedBy, told, said]),
      [
        ['Bo', 'Ana Secret', 'no', null],
        ['Cy', 'Ana Secret', 'no', null],
      ],
    )
    // Nobody of them has a way in which they could be told: that is said, not swallowed.
    await to(it, id, 'in review')
    const after = (await viewReview(it.store.read, id)).reviewers
    assert.deepEqual(
      after.map(({ told, toldReason }) => [told, toldReason]),
      [
        ['failed', 'no verified contact'],
        ['failed', 'no verified contact'],
      ],
    )
    assert.equal((await it.facts('postmortem.reviewers-asked')).length, 2)
  })

  play('comments are found again after edits, or say that the text has changed since', async (it, id) => {
    const on = (more: object) =>
      commentOnPostmortem(it.world, bo, { postmortemId: id, version: 2, text: 'Whose?', ...more } as never)
    await on({ section: 'Summary', quote: 'The name was wrong.' })
    const whole = await on({ text: 'Well told.' })
    await on({ quote: 'Nobody asked for it.' })
    await assert.rejects(on({ section: 'Summary', quote: 'The sky was blue.' }), { code: 'invalid-input' })
    await assert.rejects(on({ section: 'Weather' }), { code: 'invalid-input' })
    await assert.rejects(on({ text: '' }), { code: 'invalid-input' })
    await assert.rejects(on({ version: 9 }), { code: 'invalid-input' })
    await assert.rejects(commentOnPostmortem(it.world, viewer, { postmortemId: id, version: 2, text: 'x' }), {
      code: 'forbidden',
    })
    await replyToThread(it.world, ana, { threadId: whole.id, text: 'Thank you.' })
    await assert.rejects(replyToThread(it.world, ana, { threadId: 'nope', text: 'x' }), { code: 'not-found' })
    const anchors = async () =>
      (await viewReview(it.store.read, id)).threads.map(({ anchor }) => `${anchor.outcome} ${anchor.section}`)
    assert.deepEqual(await anchors(), ['there Summary', 'whole null', 'there Root cause'])
    await edit(
      it,
      id,
      2,
      '## Trigger\n\nNobody asked\nfor *it*.\n\n## Summary\n\nThe name was wrong, twice.\n',
    )
    assert.deepEqual(await anchors(), ['lost Summary', 'whole null', 'moved Trigger'])
    // Whoever still reads the older text says of it what they mean.
    await on({ section: 'Summary', quote: 'The name was wrong.', text: 'Late.' })
    assert.equal((await anchors()).at(-1), 'lost Summary')
    const { threads } = await viewReview(it.store.read, id)
    assert.deepEqual(
      threads[1]!.replies.map(({ text, actor, personId }) => [text, actor, personId]),
      [['Thank you.', 'Ana Secret', 'ana']],
    )
    await onlyGrows(it, 'postmortem_comments')
  })

  play(
    'an open thread holds the review up; resolving and opening again are moves that stay',
    async (it, id) => {
      await ask(it, id, 'bo')
      await to(it, id, 'in review')
      await approve(it, id, bo, 2)
      const { id: threadId } = await commentOnPostmortem(it.world, bo, {
        postmortemId: id,
        version: 2,
        text: 'Why?',
      })
      await assert.rejects(to(it, id, 'reviewed'), refused(/1 thread is open/))
      const move = (state: 'open' | 'resolved', reason?: string) =>
        moveThread(it.world, ana, { threadId, to: state, ...(reason ? { reason } : {}) })
      await assert.rejects(move('open'), { code: 'wrong-state' })
      await assert.rejects(moveThread(it.world, viewer, { threadId, to: 'resolved' }), { code: 'forbidden' })
      const both = await Promise.allSettled([move('resolved', 'Said in the text.'), move('resolved')])
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      await move('open')
      assert.deepEqual(await blockers(it, id), ['1 thread is open'])
      assert.equal((await to(it, id, 'reviewed', bo, 'Answered by mail.')).reason, 'overruled-by-person')
      await to(it, id, 'in review')
      await move('resolved', 'Said in the text.')
      await to(it, id, 'reviewed')
      await to(it, id, 'closed')
      await assert.rejects(move('open'), { code: 'wrong-state' })
      await assert.rejects(commentOnPostmortem(it.world, bo, { postmortemId: id, version: 2, text: 'x' }), {
        code: 'wrong-state',
      })
      assert.equal((await it.facts('postmortem.thread-moved')).length, 3)
      await onlyGrows(it, 'postmortem_thread_moves')
      const { incidentId } = (await findPostmortem(it.store.read, id))!
      assert.equal(
        (await readTimeline(it.store.read, incidentId!)).at(-1)!.text,
        'Post-mortem went from reviewed to closed',
      )
    },
  )

  play('a comment at the moment at which the review ends is not lost under it', async (it, id) => {
    await ask(it, id, 'bo')
    await to(it, id, 'in review')
    await approve(it, id, bo, 2)
    await Promise.allSettled([
      commentOnPostmortem(it.world, bo, { postmortemId: id, version: 2, text: 'Wait.' }),
      to(it, id, 'reviewed'),
      edit(it, id, 2, `${BODY}\nAnother word.\n`),
    ])
    // Whatever came first, nothing that would have stood in its way was written before the end of the review.
    const facts = (await it.facts()).slice(-10)
    const end = facts.findIndex(
      ({ type, data }) => type === 'postmortem.state-changed' && (data as { to: string }).to === 'reviewed',
    )
    const { state } = (await findPostmortem(it.store.read, id))!
    assert.equal(state, end < 0 ? 'in review' : 'reviewed')
    const before = facts
      .slice(0, Math.max(end, 0))
      .map(({ type, data }) => `${type} ${(data as { version?: number }).version ?? ''}`)
    assert.ok(
      !before.some((one) => one.startsWith('postmortem.commented') || one === 'postmortem.edited 3'),
      before.join('; '),
    )
  })

  play('due dates follow the severity, and reminders follow the state', async (it, id) => {
    const { incidentId, draftDueAt, dueAt } = (await findPostmortem(it.store.read, id))!
    assert.deepEqual([draftDueAt, dueAt], [START + 2 * DAY, START + 5 * DAY])
    const next = async () => (await findTimer(it.store.read, chaseKey(id)))?.dueAt ?? null
    assert.equal(await next(), START + DAY)
    await changeIncident(it.world, ana, { incidentId: incidentId!, severity: 'SEV3' })
    await it.engine.drain()
    const later = (await findPostmortem(it.store.read, id))!
    assert.deepEqual([later.draftDueAt, later.dueAt], [START + 5 * DAY, START + 14 * DAY])
    assert.equal(await next(), START + 4 * DAY)
    await to(it, id, 'in review')
    assert.equal(await next(), START + 13 * DAY)
    await configure(it, { review: { approvals: 0 } })
    await to(it, id, 'reviewed')
    assert.equal(await next(), null)
    await changeIncident(it.world, ana, { incidentId: incidentId!, severity: 'SEV1' })
    await it.engine.drain()
    assert.equal((await findPostmortem(it.store.read, id))!.dueAt, START + 14 * DAY, 'nobody waits any more')
    await to(it, id, 'in review')
    await it.travel('13d')
    assert.deepEqual(
      (await it.facts('postmortem.reminded')).map(({ data }) => {
        const { what, reason, personIds } = data as { what: string; reason: string; personIds: string[] }
        return [what, reason, personIds]
      }),
      [['review', 'due-soon', ['ana']]],
    )
    await it.travel('5d')
    assert.deepEqual(
      (await it.facts('postmortem.reminded')).map(({ data }) => (data as { lateMs: number }).lateMs / DAY),
      [0, 0, 2, 4],
    )
    // What was drafted before there were reminders gets its own at the next start; a second start changes nothing.
    await it.store.transaction((db) => db.deleteFrom('timers').where('key', '=', chaseKey(id)).execute())
    for (let start = 0; start < 2; start++) {
      await postmortemsRoom().start!(it.world)
      assert.equal(await next(), START + 20 * DAY)
    }
  })

  test('a drill reminds nobody and tells nobody', async () => {
    const it = await responseWorld(await open(), { drill: 'rehearsal' })
    try {
      const { id: incidentId } = await openIncident(it.world, ana, { title: 'Played', severity: 'SEV1' })
      const { id } = await draftPostmortem(it.world, ana, { incidentId })
      await edit(it, id, 1, BODY)
      await ask(it, id, 'bo')
      await to(it, id, 'in review')
      assert.equal(await findTimer(it.store.read, chaseKey(id)), null)
      await it.travel('9d')
      assert.deepEqual(await it.facts('postmortem.reminded'), [])
      const queued = await it.store.read.selectFrom('outbox').select('kind').execute()
      assert.deepEqual(
        queued.filter(({ kind }) => kind.startsWith('postmortems.')),
        [],
      )
    } finally {
      await it.close()
    }
  })
})
