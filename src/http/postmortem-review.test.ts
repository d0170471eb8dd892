import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Desk, openDesk, PUBLIC_URL } from './desk-for-tests.ts'

const BODY =
  '## Summary\n\nThe pool was empty.\n\n## Root cause\n\nAna should have looked.\n\n## Where we got lucky\n\n- It was a Sunday.\n\n```tocsin times\n```\n'

describe('reviews over HTTP', () => {
  let desk: Desk
  let id: string
  const headers: Record<string, object> = {}
  /** Calls as a person; a review is the word of one. */
  const as = async (who: string, method: string, path: string, body?: unknown, expected = 200) => {
    const answer = await desk.app.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: {
        ...headers[who],
        origin: PUBLIC_URL,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    assert.equal(answer.statusCode, expected, answer.body)
    return answer.json()
  }

  before(async () => {
    desk = await openDesk()
    for (const [who, role] of [
      ['ana', 'responder'],
      ['bo', 'editor'],
      ['vi', 'viewer'],
    ] as const)
      headers[who] = { cookie: (await desk.person(role, who)).cookie }
    const incident = await as('ana', 'POST', '/incidents', { title: 'Empty pool', severity: 'SEV1' }, 201)
    const drafted = await as('ana', 'POST', `/incidents/${incident.id}/postmortem`, undefined, 201)
    id = drafted.id
    assert.ok(drafted.draftDueAt < drafted.dueAt)
    await as('ana', 'PUT', `/postmortems/${id}`, { version: 1, title: 'Empty pool', body: BODY })
  })
  after(() => desk.close())

  test('a review from the first comment to its end', async () => {
    const commented = await as(
      'bo',
      'POST',
      `/postmortems/${id}/comments`,
      { version: 2, section: 'Summary', quote: 'pool was empty', text: 'Which?' },
      201,
    )
    const [thread] = commented.threads
    assert.deepEqual(
      [thread.quote, thread.anchor, thread.state, thread.personId],
      ['pool was empty', { outcome: 'there', section: 'Summary' }, 'open', 'bo'],
    )
    const replied = await as(
      'ana',
      'POST',
      `/postmortem-threads/${thread.id}/replies`,
      { text: 'Both.' },
      201,
    )
    assert.equal(replied.threads[0].replies[0].text, 'Both.')
    await as('ana', 'POST', `/postmortems/${id}/reviewers`, { personIds: ['bo'] })
    await as('ana', 'POST', `/postmortems/${id}/state`, { to: 'in review' })
    const refused = await as('ana', 'POST', `/postmortems/${id}/state`, { to: 'reviewed' }, 409)
    assert.deepEqual(
      refused.problems.map(({ path }: { path: string }) => path),
      ['review.approvals', 'review.threads'],
    )
    // A token is nobody's word.
    const token = await desk.call('administrator', 'POST', `/api/v1/postmortems/${id}/verdict`, {
      verdict: 'approved',
      version: 2,
    })
    assert.equal(token.statusCode, 403)
    await as('bo', 'POST', `/postmortems/${id}/verdict`, { verdict: 'changes-asked', version: 2 }, 400)
    const given = await as('bo', 'POST', `/postmortems/${id}/verdict`, { verdict: 'approved', version: 2 })
    assert.deepEqual([given.have, given.need, given.reviewers[0].said.standing], [1, 1, 'counts'])
    assert.deepEqual(given.blockers, [{ kind: 'threads', text: '1 thread is open', waivable: true }])
    await as('ana', 'POST', `/postmortems/${id}/state`, { to: 'reviewed', overrule: 'Enough.' }, 403)
    await as('ana', 'POST', `/postmortem-threads/${thread.id}/state`, { to: 'resolved' })
    await as('ana', 'POST', `/postmortem-threads/${thread.id}/state`, { to: 'resolved' }, 409)
    const gone = await desk.app.inject({
      method: 'DELETE',
      url: `/api/v1/postmortems/${id}/reviewers/bo`,
      headers: { ...headers.ana, origin: PUBLIC_URL },
    })
    assert.equal(gone.statusCode, 204)
    const after = await as('ana', 'GET', `/postmortems/${id}/review`)
    assert.deepEqual([after.reviewers, after.have], [[], 0])
    await as('ana', 'POST', `/postmortems/${id}/reviewers`, { personIds: ['bo'] })
    assert.equal((await as('ana', 'POST', `/postmortems/${id}/state`, { to: 'reviewed' })).state, 'reviewed')
    assert.equal((await as('vi', 'GET', `/postmortems/${id}/review`)).threads[0].state, 'resolved')
  })

  test('hints of the stored text, and of one that is still being written', async () => {
    const { hints } = await as('vi', 'GET', `/postmortems/${id}/hints`)
    assert.deepEqual(
      hints.map(({ kind, text }: { kind: string; text: string }) => `${kind}: ${text}`),
      ['should-have: should have'],
    )
    const written = await as('ana', 'POST', `/postmortems/${id}/hints`, {
      body: 'It was human error by Person ana.',
    })
    assert.deepEqual(
      written.hints.map(({ kind }: { kind: string }) => kind),
      ['blame', 'name'],
    )
    await as('vi', 'GET', '/postmortems/nope/hints', undefined, 404)
  })

  test('items and luck, from the text to an action or an acceptance', async () => {
    // Nothing drives an engine here: the items are read as its listener would.
    const { syncItemsIn } = await import('../postmortems/items/sync-items.ts')
    const { findPostmortem } = await import('../postmortems/postmortems.rows.ts')
    await desk.world.transact(async (tx) => syncItemsIn(tx, (await findPostmortem(tx.db, id))!))
    const { items } = await as('vi', 'GET', `/postmortems/${id}/items`)
    const [luck] = items
    assert.deepEqual(
      [luck.kind, luck.text, luck.state, luck.action],
      ['lucky', 'It was a Sunday.', 'open', null],
    )
    const until = new Date(desk.world.clock.now() + 86_400_000).toISOString()
    await as('ana', 'POST', `/postmortem-items/${luck.id}/accept`, { until, reason: 'For a day.' }, 403)
    const accepted = await as('bo', 'POST', `/postmortem-items/${luck.id}/accept`, {
      until,
      reason: 'For a day.',
    })
    assert.deepEqual(
      [accepted.state, accepted.acceptedBy, accepted.acceptedUntil],
      ['accepted', 'Person bo', until],
    )
    assert.equal((await as('ana', 'POST', `/postmortem-items/${luck.id}/open`)).state, 'open')
    const body = { title: 'Release on weekdays too', type: 'prevent', criterion: 'A release on a Monday.' }
    await as('ana', 'POST', `/postmortem-items/${luck.id}/action`, { ...body, criterion: ' ' }, 400)
    const action = await as('ana', 'POST', `/postmortem-items/${luck.id}/action`, body, 201)
    await as('ana', 'POST', `/postmortem-items/${luck.id}/action`, body, 409)
    const page = await as('vi', 'GET', '/luck?state=has-action')
    assert.deepEqual(
      [page.items[0].action.id, page.items[0].postmortemTitle, page.next],
      [action.id, 'Empty pool', null],
    )
    assert.deepEqual((await as('vi', 'GET', '/luck?state=open')).items, [])
    await as('vi', 'GET', '/luck?state=gone', undefined, 400)
  })

  test('what live pieces are made of', async () => {
    const facts = await as('vi', 'GET', `/postmortems/${id}/live`)
    assert.equal(facts.metrics.length, 4)
    assert.equal(facts.times[0].at, null)
    assert.equal(facts.actions[0].title, 'Release on weekdays too')
    assert.ok(facts.timeline.length > 0 && facts.window.from < facts.window.to)
    await as('vi', 'GET', '/postmortems/nope/live', undefined, 404)
  })
})
