import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { claimAction } from '../claim-action.ts'
import { startGithub } from './fake-github-for-tests.ts'
import { startGitlab } from './fake-gitlab-for-tests.ts'
import { startJiraCloud } from './fake-jira-for-tests.ts'
import type { Answer } from './fake-tracker-for-tests.ts'
import { createIssue, syncIssueNow } from './link-issue.ts'
import { listStandings } from './standings.rows.ts'
import { CONFIG, type Tracked, trackedStory } from './tracked-story-for-tests.ts'

const answering = (it: Tracked, answer: Answer, times = 1) => it.fake.mishaps.push({ answer, times })

describe('a tracker that does not do what it is asked for', () => {
  const RATE = { message: 'API rate limit exceeded' }
  for (const [what, start, answer, reason, waits] of [
    [
      'wrong token at GitHub',
      startGithub,
      { status: 401, json: { message: 'Bad credentials' } },
      'unauthorized',
      '16m',
    ],
    [
      'no right at GitLab',
      startGitlab,
      { status: 403, json: { message: '403 Forbidden' } },
      'forbidden',
      '16m',
    ],
    [
      'a limit at GitHub',
      startGithub,
      {
        status: 403,
        json: RATE,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.parse('2026-01-07T10:50:00Z') / 1000),
        },
      },
      'rate-limited',
      '51m',
    ],
    [
      'a secondary limit',
      startGithub,
      { status: 403, json: { message: 'You have exceeded a secondary rate limit' } },
      'rate-limited',
      '2m',
    ],
    [
      'a limit at Jira',
      startJiraCloud,
      { status: 429, json: {}, headers: { 'retry-after': '600' } },
      'rate-limited',
      '11m',
    ],
    [
      'no such project',
      startGitlab,
      { status: 404, json: { message: '404 Project Not Found' } },
      'not-found',
      '16m',
    ],
    [
      'issues switched off',
      startGithub,
      { status: 410, json: { message: 'Issues has been disabled in this repository.' } },
      'gone',
      '16m',
    ],
    [
      'something invalid',
      startJiraCloud,
      {
        status: 400,
        json: { errorMessages: [], errors: { issuetype: 'The issue type selected is invalid.' } },
      },
      'refused',
      '16m',
    ],
    [
      'a server that is broken',
      startGitlab,
      { status: 502, raw: '<html>Bad Gateway</html>' },
      'server-error',
      '1m',
    ],
    [
      'a page of a proxy',
      startGithub,
      { status: 200, raw: '<html>Sign in to the network</html>' },
      'unreadable',
      '16m',
    ],
    ['another thing than a list', startGithub, { status: 200, json: { hello: 1 } }, 'unreadable', '16m'],
  ] as const)
    test(`${what}: ${reason}, and the work is done once it is over`, () =>
      trackedStory(start, async (it) => {
        answering(it, answer as Answer)
        await it.create()
        const issue = (await it.issue())!
        assert.equal(issue.failure, reason)
        assert.match(issue.failureDetail!, /\S/)
        assert.equal(issue.number, null)
        const [failed] = await it.facts('action.issue-failed')
        assert.equal((failed!.data as { reason: string }).reason, reason)
        it.asked()
        await it.travel(waits)
        const after = (await it.issue())!
        assert.deepEqual([after.failure, after.number], [null, it.theirs().number])
        assert.equal((await it.action()).state, 'open')
      }))

  test('a limit holds for every issue of the tracker, and none of them asks before its end', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      const others = [await it.another(), await it.another(), await it.another()]
      answering(it, { status: 429, json: {}, headers: { 'retry-after': '3600' } })
      await it.travel('16m')
      assert.equal((await it.issue())!.failure, 'rate-limited')
      it.asked()
      for (const actionId of others)
        await createIssue(it.tocsin().world, it.as('ana'), { actionId, tracker: 'work' })
      await it.travel('55m')
      assert.deepEqual(it.asked(), [])
      assert.equal((await listStandings(it.store.read)).get('work')?.reason, 'rate-limited')
      await assert.rejects(syncIssueNow(it.tocsin().world, it.as('ana'), { actionId: it.actionId }), {
        code: 'wrong-state',
        message: /asked not to be asked before 2026-01-07T11:1/,
      })
      await it.travel('10m')
      assert.equal(it.fake.issues.size, 4)
      assert.equal((await listStandings(it.store.read)).size, 0)
    }))

  test('the same failure again and again is one fact, and is tried more and more seldom', () =>
    trackedStory(startGithub, async (it) => {
      answering(it, { status: 500, json: {} }, 8)
      await it.create()
      await it.travel('4h')
      assert.equal((await it.facts('action.issue-failed')).length, 1)
      const asked = it.asked().filter((one) => one.startsWith('GET /api/v3/repos/acme/site/issues'))
      assert.ok(asked.length >= 9)
      assert.equal(it.fake.issues.size, 1)
    }))

  test('a mended token is tried as soon as the configuration is read again', () =>
    trackedStory(startGithub, async (it) => {
      const wrong = `${CONFIG}  trackers: { work: ${it.fake.entry.replace('token-0123', 'wrong-0123')} }\n`
      await it.apply(wrong)
      await it.create()
      assert.equal((await it.issue())!.failure, 'unauthorized')
      assert.equal((await listStandings(it.store.read)).get('work')?.reason, 'unauthorized')
      await it.apply(wrong.replace('wrong-0123', 'token-0123'))
      assert.deepEqual([(await it.issue())!.failure, it.fake.issues.size], [null, 1])
    }))

  test('a tracker that is taken out of the configuration says so on the action', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      await it.apply(CONFIG)
      await it.travel('16m')
      assert.equal((await it.issue())!.failure, 'not-configured')
      await assert.rejects(
        createIssue(it.tocsin().world, it.as('ana'), { actionId: it.actionId, tracker: 'work' }),
        {
          code: 'not-found',
        },
      )
    }))

  test('a deleted issue is said to be gone and claims nothing', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      answering(it, { status: 410, json: { message: 'This issue was deleted' } }, 5)
      await it.travel('16m')
      assert.deepEqual([(await it.issue())!.failure, (await it.action()).state], ['gone', 'open'])
    }))

  test('a tracker that never answers is given up after its time', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      const silent = createServer(() => {}).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
      const reached = once(silent, 'request')
      await it.apply(`${CONFIG}  trackers: { work: ${it.fake.entry.replace(it.fake.url, url)} }\n`)
      await syncIssueNow(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
      const settled = it.settle()
      await reached
      it.clock.moveTo(it.clock.now() + 21_000)
      await settled
      assert.equal((await it.issue())!.failure, 'no-answer')
      silent.closeAllConnections()
      silent.close()
    }))

  test('where the workflow of Jira has no way back, it says what to do, and the reason is said all the same', () =>
    trackedStory(startJiraCloud, async (it) => {
      await it.create()
      it.fake.move(it.theirs().number, 'closed')
      await it.travel('16m')
      const transitions = ({ method, path }: { method: string; path: string }) =>
        method === 'GET' && path.endsWith('/transitions')
      it.fake.mishaps.push({ on: transitions, answer: { status: 200, json: { transitions: [] } } })
      await it.decide('refuted')
      const issue = (await it.issue())!
      assert.equal(issue.failure, 'refused')
      assert.match(issue.failureDetail!, /has no transition to a state that is open; name one in "reopenBy"/)
      assert.equal((await it.action()).state, 'refuted')
      const said = it.comments().length
      await it.travel('16m')
      assert.equal(it.theirs().closed, false)
      assert.equal(it.comments().length, said, 'nothing is said twice')
      assert.equal((await it.action()).state, 'refuted')
    }))
})

describe('where requests go', () => {
  test('a redirect to another host is not followed, so that the token stays', () =>
    trackedStory(startGithub, async (it) => {
      let lured = 0
      const elsewhere = createServer((_, response) => {
        lured++
        response.end('{}')
      }).listen(0, '127.0.0.1')
      await once(elsewhere, 'listening')
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
      answering(it, { status: 302, json: {}, headers: { location } })
      await it.create()
      assert.deepEqual([(await it.issue())!.failure, lured], ['moved', 0])
      elsewhere.close()
    }))

  test('one to the same host is: a project that was renamed goes on', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      const path = `/api/v3/repos/acme/site/issues/${it.theirs().number}`
      it.fake.mishaps.push({
        answer: { status: 301, json: {}, headers: { location: `${it.fake.url}${path}` } },
      })
      it.fake.move(it.theirs().number, 'closed')
      await it.travel('16m')
      assert.equal((await it.action()).state, 'claimed')
    }))

  test('what the egress policy refuses is not asked', () =>
    trackedStory(
      startGithub,
      async (it) => {
        await it.create()
        assert.equal((await it.issue())!.failure, 'egress')
        assert.deepEqual(it.asked(), [])
      },
      'channels: { egress: { allowPrivate: false } }\n',
    ))

  test('no token and no secret of a webhook is stored or told', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
      await it.settle()
      const tables = [
        'postmortem_settings',
        'action_issues',
        'action_issue_notes',
        'outbox',
        'facts',
      ] as const
      for (const table of tables) {
        const rows = JSON.stringify(await it.store.read.selectFrom(table).selectAll().execute())
        assert.ok(rows.length > 2 && !/token-0123|secret-of-the/.test(rows), table)
      }
    }))
})
