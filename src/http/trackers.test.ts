import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { startGithub } from '../postmortems/trackers/fake-github-for-tests.ts'
import { startGitlab } from '../postmortems/trackers/fake-gitlab-for-tests.ts'
import { startJiraCloud } from '../postmortems/trackers/fake-jira-for-tests.ts'
import { type Tracked, trackedStory } from '../postmortems/trackers/tracked-story-for-tests.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

interface Webhook {
  headers: Record<string, string>
  body: string
}

/** A front desk over the story, and how it takes webhooks. */
async function atDesk(
  start: Parameters<typeof trackedStory>[0],
  play: (
    it: Tracked,
    desk: Desk,
    post: (webhook: Webhook, tracker?: string) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  await trackedStory(start, async (it) => {
    const desk = await openDesk({ world: it.tocsin().world })
    try {
      await play(it, desk, async ({ headers, body }, tracker = 'work') => {
        const answer = await desk.app.inject({
          method: 'POST',
          url: `/trackers/${tracker}/webhook`,
          headers,
          payload: body,
        })
        return `${answer.statusCode} ${answer.json().heard}`
      })
    } finally {
      await desk.close()
    }
  })
}

const KINDS = {
  GitHub: { start: startGithub, header: 'x-hub-signature-256', delivery: 'x-github-delivery' },
  GitLab: { start: startGitlab, header: 'x-gitlab-token', delivery: 'x-gitlab-event-uuid' },
  Jira: { start: startJiraCloud, header: 'x-hub-signature', delivery: 'x-atlassian-webhook-identifier' },
}

for (const [title, { start, header, delivery }] of Object.entries(KINDS))
  describe(`webhooks of ${title}`, () => {
    test('a genuine one makes Tocsin look, and the closed issue claims within seconds', () =>
      atDesk(start, async (it, _desk, post) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        assert.equal(await post(it.fake.webhook(number)), '202 looks')
        await it.travel('3s')
        assert.equal((await it.action()).state, 'claimed')
      }))

    test('a forged, a wrongly signed and an unsigned one are refused before they are read, and nothing is asked', () =>
      atDesk(start, async (it, _desk, post) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        it.asked()
        const genuine = it.fake.webhook(number)
        const others = (secret: string) => {
          const signature = `sha256=${createHmac('sha256', secret).update(genuine.body).digest('hex')}`
          return header === 'x-gitlab-token' ? secret : signature
        }
        const { [header]: _, ...unsigned } = genuine.headers
        const refused: [string, Webhook][] = [
          [
            '401 wrong',
            { ...genuine, headers: { ...genuine.headers, [header]: others('another-secret-0123456789') } },
          ],
          ['401 wrong', { ...genuine, headers: { ...genuine.headers, [header]: others('') || 'x' } }],
          ['401 wrong', { ...genuine, headers: { ...genuine.headers, [header]: 'sha256=00' } }],
          ['401 unsigned', { ...genuine, headers: unsigned }],
          ['401 unsigned', { ...genuine, headers: { ...genuine.headers, [header]: '' } }],
        ]
        // What signs the body does not sign another; GitLab sends its secret with whatever body.
        if (header !== 'x-gitlab-token')
          refused.push(
            ['401 wrong', { ...genuine, body: `${genuine.body} ` }],
            [
              '401 wrong',
              {
                ...genuine,
                headers: { ...genuine.headers, [header]: genuine.headers[header]!.toUpperCase() },
              },
            ],
          )
        for (const [answer, webhook] of refused) assert.equal(await post(webhook), answer)
        assert.equal(await post(genuine, 'another'), '404 unknown')
        await it.travel('1m')
        assert.deepEqual(it.asked(), [])
        assert.equal((await it.action()).state, 'open')
      }))

    test('a tracker without a secret hears nothing, however it is signed', () =>
      atDesk(start, async (it, _desk, post) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        const genuine = it.fake.webhook(number)
        await it.apply(it.config.replace(/, webhookSecret: [\w-]+/, ''))
        assert.equal(await post(genuine), '401 wrong')
        it.asked()
        await it.travel('10s')
        assert.deepEqual(it.asked(), [])
      }))

    test('one that is repeated does nothing, under whatever number, also after the drill has refuted', () =>
      atDesk(start, async (it, _desk, post) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        const genuine = it.fake.webhook(number)
        assert.equal(await post(genuine), '202 looks')
        await it.travel('3s')
        await it.decide('refuted')
        it.asked()
        assert.equal(await post(genuine), '202 heard-before')
        const renamed = { ...genuine, headers: { ...genuine.headers, [delivery]: 'another' } }
        assert.equal(await post(renamed), '202 heard-before')
        await it.travel('1m')
        assert.deepEqual(it.asked(), [])
        assert.deepEqual([(await it.action()).state, it.theirs().closed], ['refuted', false])
      }))

    test('what a genuine one says is not believed: it is closed when the tracker says so', () =>
      atDesk(start, async (it, _desk, post) => {
        await it.create()
        const { number } = it.theirs()
        const liar = it.fake.webhook(number, { action: 'closed', state: 'closed', proved: true, now: 1 })
        assert.equal(await post(liar), '202 looks')
        await it.travel('1m')
        assert.equal((await it.action()).state, 'open')
        it.fake.issues.get(number)!.version++
        for (const payload of ['[]', '{}', 'null', '{"issue":{"number":"1; DROP"}}', '{"issue":{"key":7}}'])
          assert.match(await post(signed(it, payload)), /^202 no-issue-of-ours$/)
        assert.equal(await post(signed(it, '{"issue":')), '400 unreadable')
      }))

    function signed(it: Tracked, body: string): Webhook {
      const { headers } = it.fake.webhook(it.theirs().number)
      const secret = /webhookSecret: (\S+?) \}/.exec(it.fake.entry)![1]!
      const hmac = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      return { body, headers: { ...headers, [header]: header === 'x-gitlab-token' ? secret : hmac } }
    }
  })

describe('no way by a tracker proves an action', () => {
  test('not by its issue, not by webhooks, and not by the routes', () =>
    atDesk(startGithub, async (it, desk, post) => {
      await it.create()
      const { number } = it.theirs()
      for (let turn = 0; turn < 3; turn++) {
        it.fake.move(number, turn % 2 === 0 ? 'closed' : 'open')
        await post(it.fake.webhook(number))
        await it.travel('16m')
        assert.notEqual((await it.action()).state, 'proved')
      }
      assert.equal((await it.action()).state, 'claimed')
      for (const body of [{ state: 'proved' }, { state: 'stale' }, { issue: { state: 'closed' } }])
        assert.ok(
          (await desk.call('administrator', 'PATCH', `/api/v1/actions/${it.actionId}`, body)).statusCode >=
            400,
        )
      await assert.rejects(
        it
          .tocsin()
          .world.transact((tx) =>
            tx.db.updateTable('actions').set({ state: 'proved', proved_by: 'issue' }).execute(),
          ),
        /proved by nothing but a proof/,
      )
      await it.decide('refuted')
      assert.equal(it.theirs().closed, false)
      assert.equal((await it.facts('action.proved')).length, 0)
    }))
})

describe('the routes of follow-up', () => {
  test('show, ask for, look at and forget an issue', () =>
    atDesk(startGithub, async (it, desk) => {
      const url = `/api/v1/actions/${it.actionId}`
      const trackers = (await desk.call('viewer', 'GET', '/api/v1/trackers')).json()
      assert.deepEqual(trackers.items, [
        {
          name: 'work',
          kind: 'github',
          title: 'GitHub',
          url: it.fake.url,
          project: 'acme/site',
          hears: true,
          paused: null,
        },
      ])
      for (const [body, path] of [
        [{}, 'url'],
        [{ tracker: 'work', url: 'https://x.example' }, 'url'],
      ] as const) {
        const answer = await desk.call('responder', 'POST', `${url}/issue`, body)
        assert.deepEqual([answer.statusCode, answer.json().problems[0].path], [400, path])
      }
      it.fake.mishaps.push({ answer: { status: 403, json: { message: 'Resource not accessible' } } })
      const asked = await desk.call('responder', 'POST', `${url}/issue`, { tracker: 'work' })
      assert.equal(asked.statusCode, 202, asked.body)
      await it.settle()
      const failing = (await desk.call('viewer', 'GET', url)).json().issue
      assert.deepEqual(
        [failing.number, failing.failure.reason, failing.failure.detail],
        [null, 'forbidden', 'HTTP 403: Resource not accessible'],
      )
      assert.match(failing.failure.remedy, /Give the token of "work" the right/)
      assert.equal((await desk.call('responder', 'POST', `${url}/issue/sync`, {})).statusCode, 202)
      await it.settle()
      const there = (await desk.call('viewer', 'GET', '/api/v1/actions')).json().items[0].issue
      assert.deepEqual([there.kind, there.number, there.state, there.failure], ['github', '1', 'open', null])
      const forgotten = await desk.call('responder', 'DELETE', `${url}/issue`)
      assert.equal(forgotten.statusCode, 204)
      const { issue } = (await desk.call('viewer', 'GET', url)).json() as { issue: unknown }
      assert.equal(issue, null)
      assert.equal(it.theirs().closed, false, 'in the tracker it stays')
      assert.equal((await desk.call('responder', 'DELETE', `${url}/issue`)).statusCode, 404)
    }))

  test('keep a vendor with every promise, and the reminders', () =>
    atDesk(startGithub, async (it, desk) => {
      const url = `/api/v1/actions/${it.actionId}`
      const early = await desk.call('responder', 'POST', `${url}/promises`, {
        promisedAt: '2026-02-01T00:00:00Z',
      })
      assert.equal(early.statusCode, 409)
      const vendor = { kind: 'vendor', name: 'Acme', reference: 'T-4711' }
      assert.deepEqual(
        (await desk.call('responder', 'PUT', `${url}/with`, { with: vendor })).json().with,
        vendor,
      )
      for (const day of ['2026-02-01', '2026-03-01', '2026-04-01'])
        assert.equal(
          (await desk.call('responder', 'POST', `${url}/promises`, { promisedAt: `${day}T00:00:00Z` }))
            .statusCode,
          201,
        )
      const { promises } = (await desk.call('viewer', 'GET', url)).json()
      assert.deepEqual(
        promises.map((one: { promisedAt: string; by: string }) => `${one.by} ${one.promisedAt.slice(0, 10)}`),
        ['Acme 2026-02-01', 'Acme 2026-03-01', 'Acme 2026-04-01'],
      )
      for (const bad of [
        { kind: 'vendor' },
        { kind: 'friend', name: 'x' },
        { kind: 'team', name: 'a\u202eb' },
      ])
        assert.equal((await desk.call('responder', 'PUT', `${url}/with`, { with: bad })).statusCode, 400)
      assert.deepEqual((await desk.call('viewer', 'GET', `${url}/reminders`)).json(), {
        items: [],
        next: null,
      })
    }))
})
