/** Whatever happens in which order: the promises of an action with an issue. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changeAction } from '../change-action.ts'
import { claimAction } from '../claim-action.ts'
import { startGithub } from './fake-github-for-tests.ts'
import { startJiraCloud } from './fake-jira-for-tests.ts'
import { hearWebhook } from './hear-webhook.ts'
import { type Tracked, trackedStory } from './tracked-story-for-tests.ts'

const STEPS = [
  'close',
  'open',
  'give-up',
  'webhook',
  'claim',
  'take-back',
  'pass',
  'fail',
  'pass-time',
  'restart',
  'lose-before',
  'lose-after',
  'limit',
  'break',
] as const
type Step = (typeof STEPS)[number]

async function take(it: Tracked, step: Step): Promise<void> {
  const { world } = it.tocsin()
  const [issue] = [...it.fake.issues.values()]
  const { state } = await it.action()
  const ana = it.as('ana', 'editor')
  if (step === 'close' && issue) it.fake.move(issue.number, 'closed')
  if (step === 'open' && issue) it.fake.move(issue.number, 'open')
  if (step === 'give-up' && issue) it.fake.move(issue.number, 'given-up')
  if (step === 'webhook' && issue) {
    const { headers, body } = it.fake.webhook(issue.number)
    assert.match(
      await hearWebhook(world, { tracker: 'work', headers, body }),
      /^(looks|heard-before|no-issue-of-ours)$/,
    )
  }
  if (step === 'claim' && ['open', 'refuted', 'stale'].includes(state))
    await claimAction(world, ana, { actionId: it.actionId })
  if (step === 'take-back' && state === 'claimed')
    await changeAction(world, ana, { actionId: it.actionId, state: 'open', reason: 'too early' })
  if (step === 'pass' && state === 'claimed') await it.decide('proved')
  if (step === 'fail' && state === 'claimed') await it.decide('refuted')
  if (step === 'fail' && state === 'proved') await it.decide('reopened')
  if (step === 'pass-time') await it.travel('20m')
  if (step === 'restart') await it.restart()
  if (step === 'lose-before' || step === 'lose-after')
    it.fake.mishaps.push({ lose: step === 'lose-before' ? 'before' : 'after' })
  if (step === 'limit')
    it.fake.mishaps.push({ answer: { status: 429, json: {}, headers: { 'retry-after': '300' } } })
  if (step === 'break') it.fake.mishaps.push({ answer: { status: 503, json: {} }, times: 2 })
  await it.settle()
}

for (const [title, start] of [
  ['GitHub', startGithub],
  ['Jira', startJiraCloud],
] as const)
  test(`${title}: one issue, nothing said twice, nothing proved but by proof, and in the end both agree`, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...STEPS), { minLength: 4, maxLength: 14 }),
        async (steps) => {
          await trackedStory(start, async (it) => {
            await it.create()
            let passes = 0
            for (const step of steps) {
              if (step === 'pass' && (await it.action()).state === 'claimed') passes++
              await take(it, step)
              assert.equal((await it.facts('action.proved')).length, passes, 'proved by a proof alone')
            }
            it.fake.mishaps.length = 0
            // Longer than any wait that these failures can have added up to.
            await it.travel('3h')
            assert.equal(it.fake.issues.size, 1)
            const marks = it.comments().map((body) => /tocsin-note-[0-9a-f-]+/.exec(body)?.[0])
            assert.equal(new Set(marks).size, marks.length, 'nothing is said twice')
            const issue = (await it.issue())!
            assert.deepEqual([issue.failure, issue.flight], [null, null])
            assert.equal(issue.state, it.theirs().closed ? 'closed' : 'open')
            const { state } = await it.action()
            const refutals = (await it.facts()).findLast(({ type }) =>
              ['action.refuted', 'action.reopened'].includes(type),
            )
            const moved = (await it.facts('action.issue-moved')).at(-1)
            // Closed and refuted at once only where somebody closed it without the work being done.
            if (state === 'refuted' && it.theirs().closed && refutals)
              assert.ok(it.theirs().givenUp && moved && moved.seq > refutals.seq, `after ${steps.join(', ')}`)
          })
        },
      ),
      { numRuns: 30 },
    ))
