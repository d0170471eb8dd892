import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ISSUE_FAILURES } from '../../contract/trackers.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../kit/duration.ts'
import { classifyAnswer, messageOf, nextAttemptAt, remedyOf, retryAtOf } from './classify-answer.rules.ts'

const NOW = Date.UTC(2026, 0, 7, 10)

describe('what an answer means', () => {
  // As the trackers document them.
  for (const [what, status, headers, json, reason, retryAfter] of [
    ['GitHub, wrong token', 401, {}, { message: 'Bad credentials' }, 'unauthorized', null],
    [
      'GitHub, no right',
      403,
      { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1767783600' },
      { message: 'Resource not accessible by personal access token' },
      'forbidden',
      null,
    ],
    [
      'GitHub, hourly limit',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((NOW + HOUR) / 1000) },
      { message: 'API rate limit exceeded for user ID 1.' },
      'rate-limited',
      HOUR,
    ],
    [
      'GitHub, secondary limit with a wait',
      403,
      { 'retry-after': '120' },
      { message: 'You have exceeded a secondary rate limit.' },
      'rate-limited',
      2 * MINUTE,
    ],
    [
      'GitHub, secondary limit without one',
      403,
      { 'x-ratelimit-remaining': '4000' },
      {
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      },
      'rate-limited',
      null,
    ],
    [
      'GitHub, 429',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((NOW + MINUTE) / 1000) },
      {},
      'rate-limited',
      MINUTE,
    ],
    [
      'GitLab, limit',
      429,
      { 'retry-after': '60', 'ratelimit-remaining': '0' },
      'Retry later',
      'rate-limited',
      MINUTE,
    ],
    [
      'Jira, limit',
      429,
      { 'retry-after': '30', 'x-ratelimit-reset': '2026-01-07T10:00:30Z' },
      {},
      'rate-limited',
      30 * SECOND,
    ],
    ['Jira, overloaded', 503, { 'retry-after': '45' }, {}, 'server-error', 45 * SECOND],
    [
      'a date to wait for',
      429,
      { 'retry-after': 'Wed, 07 Jan 2026 10:05:00 GMT' },
      {},
      'rate-limited',
      5 * MINUTE,
    ],
    ['an absurd wait', 429, { 'retry-after': '99999999' }, {}, 'rate-limited', DAY],
    ['a wait in the past', 429, { 'retry-after': 'Wed, 07 Jan 2020 10:05:00 GMT' }, {}, 'rate-limited', 0],
    ['no such project', 404, {}, { message: 'Not Found' }, 'not-found', null],
    ['deleted', 410, {}, { message: 'This issue was deleted' }, 'gone', null],
    ['moved elsewhere', 301, { location: 'https://elsewhere.example/' }, {}, 'moved', null],
    ['invalid', 422, {}, {}, 'refused', null],
    ['invalid, as Jira says it', 400, {}, {}, 'refused', null],
    ['too slow', 408, {}, {}, 'no-answer', null],
    ['broken', 502, {}, {}, 'server-error', null],
  ] as const)
    test(what, () => {
      const failure = classifyAnswer(status, headers, json, NOW)
      assert.equal(failure.reason, reason)
      assert.equal(failure.retryAt, retryAfter === null ? null : NOW + retryAfter)
      assert.match(failure.detail, new RegExp(`^HTTP ${status}`))
    })

  test('a reset counts only where nothing is left', () => {
    assert.equal(retryAtOf({ 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '1999999999' }, NOW), null)
  })
})

describe('what a tracker says is wrong', () => {
  for (const [what, json, text] of [
    [
      'GitHub',
      {
        message: 'Validation Failed',
        errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
      },
      'Validation Failed; Issue title missing_field',
    ],
    ['GitLab', { message: { title: ["can't be blank"] } }, "title: can't be blank"],
    ['GitLab, of a parameter', { error: 'title is missing' }, 'title is missing'],
    [
      'Jira',
      { errorMessages: ['Field is required'], errors: { project: 'valid project is required' } },
      'Field is required; project: valid project is required',
    ],
    [
      'OAuth',
      { error: 'invalid_token', error_description: 'Token was revoked' },
      'invalid_token; Token was revoked',
    ],
    ['a text of many lines', { message: 'a\nb\u202ec' }, 'a b c'],
    ['nothing', null, ''],
    ['a word', 'oops', ''],
  ] as const)
    test(what, () => assert.equal(messageOf(json), text))

  test('is cut where it is long', () => assert.equal(messageOf({ message: 'x'.repeat(5_000) }).length, 300))
})

describe('when it is tried again', () => {
  const after = (reason: (typeof ISSUE_FAILURES)[number], failures: number, retryAt: number | null = null) =>
    nextAttemptAt({ reason, retryAt }, failures, NOW) - NOW
  test('what passes by itself soon and then more seldom, an hour at most', () => {
    assert.deepEqual(
      [0, 1, 2, 20, 1_000].map((n) => after('server-error', n)),
      [30 * SECOND, MINUTE, 2 * MINUTE, HOUR, HOUR],
    )
  })
  test('what somebody must mend every quarter of an hour at first', () => {
    assert.deepEqual(
      [0, 1, 9].map((n) => after('unauthorized', n)),
      [15 * MINUTE, 30 * MINUTE, 6 * HOUR],
    )
  })
  test('never before the tracker allows it', () => {
    assert.equal(after('rate-limited', 0, NOW + 3 * HOUR), 3 * HOUR)
    assert.equal(after('rate-limited', 0, NOW + SECOND), MINUTE)
  })
  test('an attempt whose end is unknown leaves the tracker time to show what came of it', () => {
    assert.equal(after('no-answer', 0), MINUTE)
  })
})

test('every reason has a remedy', () => {
  for (const reason of ISSUE_FAILURES) assert.match(remedyOf(reason, 'work'), /^\S[^\n]{20,}\.$/)
})
