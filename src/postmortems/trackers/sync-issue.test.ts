import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { claimAction } from '../claim-action.ts'
import { startGithub } from './fake-github-for-tests.ts'
import { startGitlab } from './fake-gitlab-for-tests.ts'
import { startJiraCloud, startJiraServer } from './fake-jira-for-tests.ts'
import { createIssue, linkIssue, unlinkIssue } from './link-issue.ts'
import { SYNC, TRACKER_ACTOR } from './sync-timer.ts'
import { trackedStory } from './tracked-story-for-tests.ts'

const KINDS = {
  GitHub: startGithub,
  GitLab: startGitlab,
  'Jira Cloud': startJiraCloud,
  'Jira Server': startJiraServer,
}

for (const [title, start] of Object.entries(KINDS))
  describe(`issues in ${title}`, () => {
    test('an action becomes an issue that says what will show that it is done', () =>
      trackedStory(start, async (it) => {
        await it.create()
        const theirs = it.theirs()
        assert.equal(theirs.title, 'Check the name')
        assert.match(theirs.body, /a wrong name pages within five minutes/)
        assert.match(theirs.body, new RegExp(`https://tocsin\\.lab\\.example/actions/${it.actionId}`))
        assert.ok(theirs.labels.includes('tocsin'))
        const issue = (await it.issue())!
        assert.equal(issue.number, theirs.number)
        assert.equal(issue.url, it.fake.addressOf(theirs.number))
        assert.deepEqual([issue.state, issue.failure, issue.flight], ['open', null, null])
        const [linked] = await it.facts('action.issue-linked')
        assert.equal((linked!.data as { how: string }).how, 'created')
        await assert.rejects(
          createIssue(it.tocsin().world, it.as('ana'), { actionId: it.actionId, tracker: 'work' }),
          {
            code: 'duplicate',
          },
        )
      }))

    test('closing the issue claims the action and proves nothing; a refuted one is opened again with the reason', () =>
      trackedStory(start, async (it) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        await it.travel('16m')
        const claimed = await it.action()
        assert.deepEqual([claimed.state, claimed.claimedBy], ['claimed', TRACKER_ACTOR])
        assert.match(claimed.reason, /^claimed by the closing of /)
        assert.match(it.comments().at(-1)!, /taken as the word that the work is done/)

        await it.decide('refuted')
        assert.equal((await it.action()).state, 'refuted')
        assert.equal(it.theirs().closed, false, 'it is open again')
        assert.match(it.comments().at(-1)!, /the drill says\\*: refuted/)
        await it.travel('2h')
        assert.equal((await it.action()).state, 'refuted', 'that it was closed once claims nothing again')

        it.fake.move(number, 'closed')
        await it.travel('16m')
        assert.equal((await it.action()).state, 'claimed', 'closed anew, claimed anew')
        await it.decide('proved')
        assert.equal((await it.action()).state, 'proved')
        assert.equal(it.theirs().closed, true)
        await it.decide('stale')
        assert.match(it.comments().at(-1)!, /The proof is too old/)
        assert.equal(it.theirs().closed, true, 'nobody has failed yet')
        await it.decide('refuted')
        assert.equal((await it.facts('action.proved')).length, 1)
      }))

    test('an issue that is opened again takes its own claim back, and no person’s', () =>
      trackedStory(start, async (it) => {
        await it.create()
        const { number } = it.theirs()
        it.fake.move(number, 'closed')
        await it.travel('16m')
        it.fake.move(number, 'open')
        await it.travel('16m')
        assert.deepEqual([(await it.action()).state, (await it.action()).claimedBy], ['open', null])
        await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
        await it.settle()
        it.fake.move(number, 'closed')
        await it.travel('16m')
        it.fake.move(number, 'open')
        await it.travel('16m')
        assert.deepEqual([(await it.action()).state, (await it.action()).claimedBy], ['claimed', 'ana'])
      }))

    test('what is proved closes the issue, and what fails later opens it again', () =>
      trackedStory(start, async (it) => {
        await it.create()
        await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
        await it.decide('proved')
        assert.equal(it.theirs().closed, true)
        assert.match(it.comments().at(-1)!, /Proved/)
        await it.travel('1h')
        assert.equal((await it.action()).state, 'proved', 'our own closing claims nothing')
        await it.decide('reopened')
        assert.equal(it.theirs().closed, false)
        assert.equal((await it.action()).state, 'open')
        await it.travel('1h')
        assert.equal((await it.action()).state, 'open')
      }))

    test('a process that dies between creating and storing leaves one issue, not two', () =>
      trackedStory(start, async (it) => {
        it.fake.mishaps.push({
          on: ({ method, path }) => method === 'POST' && !path.includes('search'),
          between: () => {
            // From here on the process is gone: nothing of it is stored any more.
            it.tocsin().world.transact = () => Promise.reject(new Error('this process is dead'))
          },
        })
        await createIssue(it.tocsin().world, it.as('ana'), { actionId: it.actionId, tracker: 'work' })
        await it.settle().catch(() => {})
        assert.equal(it.fake.issues.size, 1)
        assert.equal((await it.issue())!.number, null)
        it.clock.moveTo(it.clock.now() + 2 * 60_000)
        await it.restart()
        await it.travel('5m')
        assert.equal((await it.issue())!.number, it.theirs().number)
        const [linked] = await it.facts('action.issue-linked')
        assert.equal((linked!.data as { how: string }).how, 'found')
      }))

    test('a line that breaks after the issue was created, and one after a comment, double neither', () =>
      trackedStory(start, async (it) => {
        const isPost = ({ method, path }: { method: string; path: string }) =>
          method === 'POST' && !path.includes('search')
        it.fake.mishaps.push({ on: isPost, lose: 'after' })
        await it.create()
        assert.equal((await it.issue())!.failure, 'no-answer')
        await it.travel('5m')
        assert.equal((await it.issue())!.number, it.theirs().number)
        it.fake.mishaps.push({ on: isPost, lose: 'after' })
        await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
        await it.settle()
        assert.equal((await it.issue())!.failure, 'no-answer')
        await it.travel('5m')
        assert.equal((await it.issue())!.failure, null)
        assert.equal(it.comments().length, 1)
      }))

    test('an issue that is there is linked by its address; a closed one claims', () =>
      trackedStory(start, async (it) => {
        await it.create()
        const { number } = it.theirs()
        await unlinkIssue(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
        it.fake.move(number, 'closed')
        const url = `${it.fake.addressOf(number)}?from=mail#comments`
        await linkIssue(it.tocsin().world, it.as('ana'), { actionId: it.actionId, url })
        await it.settle()
        assert.deepEqual([(await it.issue())!.number, (await it.action()).state], [number, 'claimed'])
        const other = await it.another()
        for (const bad of [
          '',
          'javascript:alert(1)',
          'https://elsewhere.example/acme/site/issues/1',
          it.fake.url,
        ])
          await assert.rejects(linkIssue(it.tocsin().world, it.as('ana'), { actionId: other, url: bad }), {
            code: 'invalid-input',
            problems: [
              {
                path: 'url',
                message: 'is not the address of an issue of a tracker that is configured',
                remedy: `Copy the address of an issue at ${it.fake.url}.`,
              },
            ],
          })
        await linkIssue(it.tocsin().world, it.as('ana'), { actionId: other, url })
        await it.settle()
        assert.equal(it.fake.issues.size, 1)
      }))

    test('what people wrote mentions nobody, commands nothing and forges no marker', () =>
      trackedStory(start, async (it) => {
        const forged = `<!-- tocsin-action-${it.actionId} -->`
        const evil = await it.another({
          title: 'Tell @everyone',
          criterion: `/close\n/assign @root\n@everyone [~admin] {color:red}x{color} ![i](http://e/x) ${forged}`,
        })
        await createIssue(it.tocsin().world, it.as('ana'), { actionId: evil, tracker: 'work' })
        await it.settle()
        const { body } = it.theirs()
        assert.doesNotMatch(body, /^\s*\/(close|assign)/m)
        // A node of text holds nothing but text: only there an @ may stand as it is.
        if (title !== 'Jira Cloud') assert.doesNotMatch(body, /(?<!\\)@(everyone|root)/)
        assert.ok(!body.includes(forged) || title === 'Jira Cloud')
        await it.create()
        assert.equal(it.fake.issues.size, 2, 'the forged marker was not taken for ours')
      }))
  })

onEveryStore('issues of actions', ({ open }) => {
  test('live through closing, refutation and proof', () =>
    trackedStory(
      startGithub,
      async (it) => {
        await it.create()
        it.fake.move(it.theirs().number, 'closed')
        await it.travel('16m')
        await it.decide('refuted')
        assert.equal(it.theirs().closed, false)
        await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
        await it.decide('proved')
        assert.equal(it.theirs().closed, true)
        assert.equal(it.comments().length, 4)
        await it.travel('26h')
        const kept = await it.store.read.selectFrom('outbox').select('id').where('kind', '=', SYNC).execute()
        assert.ok(kept.length > 90 && kept.length < 100, `${kept.length} rows of the last day are kept`)
      },
      '',
      open,
    ))
})

test('an issue that is closed while Tocsin is about to open it claims nothing', () =>
  trackedStory(startGithub, async (it) => {
    await it.create()
    await claimAction(it.tocsin().world, it.as('ana'), { actionId: it.actionId })
    await it.settle()
    it.fake.move(it.theirs().number, 'closed')
    await it.decide('refuted')
    await it.travel('1h')
    assert.deepEqual([(await it.action()).state, it.theirs().closed], ['refuted', false])
    assert.equal((await it.facts('action.claimed')).length, 1)
  }))

describe('an issue that is closed without being done', () => {
  for (const [title, start] of [
    ['GitHub', startGithub],
    ['Jira', startJiraCloud],
  ] as const)
    test(`claims nothing in ${title}, and says what to do`, () =>
      trackedStory(start, async (it) => {
        await it.create()
        it.fake.move(it.theirs().number, 'given-up')
        await it.travel('16m')
        assert.equal((await it.action()).state, 'open')
        assert.match(it.comments().at(-1)!, /the action stays open/)
        await it.travel('2h')
        assert.equal(it.comments().length, 1)
        it.fake.move(it.theirs().number, 'open')
        await it.travel('16m')
        it.fake.move(it.theirs().number, 'closed')
        await it.travel('16m')
        assert.equal((await it.action()).state, 'claimed')
      }))
})

describe('looking at issues', () => {
  test('no more than a few are asked for at once', () =>
    trackedStory(startGithub, async (it) => {
      const ids = [it.actionId]
      for (let n = 0; n < 9; n++) ids.push(await it.another())
      for (const actionId of ids)
        await createIssue(it.tocsin().world, it.as('ana'), { actionId, tracker: 'work' })
      await it.settle()
      await it.travel('10s')
      assert.equal(it.fake.issues.size, 10)
      assert.ok(it.fake.most <= 4, `${it.fake.most} at once`)
    }))

  for (const [title, start] of [
    ['GitHub', startGithub],
    ['GitLab', startGitlab],
  ] as const)
    test(`${title} is asked by ETag, and what has not changed costs nothing`, () =>
      trackedStory(start, async (it) => {
        await it.create()
        it.asked()
        const before = it.fake.asked.length
        await it.travel('46m')
        assert.equal(it.asked().length, 3)
        for (const { headers } of it.fake.asked.slice(before))
          assert.match(headers['if-none-match']!, /^W\/"/)
        assert.equal((await it.issue())!.state, 'open')
        it.fake.move(it.theirs().number, 'closed')
        await it.travel('15m')
        assert.equal((await it.action()).state, 'claimed')
      }))

  test('a dropped action is told once more and then left alone', () =>
    trackedStory(startGithub, async (it) => {
      await it.create()
      const { changeAction } = await import('../change-action.ts')
      await changeAction(it.tocsin().world, it.as('ana', 'editor'), {
        actionId: it.actionId,
        state: 'dropped',
        reason: 'the server is gone',
      })
      await it.settle()
      assert.match(it.comments().at(-1)!, /given up[\s\S]*the server is gone/)
      it.asked()
      await it.travel('2h')
      assert.deepEqual(it.asked(), [])
    }))
})
