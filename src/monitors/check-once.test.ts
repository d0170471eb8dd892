import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { travelClock } from '../kit/clock.ts'
import { TocsinError } from '../kit/errors.ts'
import { checkOnce } from './check-once.ts'
import type { MonitorKind } from './kinds/kind.ts'
import { monitorKinds } from './kinds/registry.ts'
import type { Observation } from './observation.ts'
import { parseTarget } from './parse-target.ts'

const up: Observation = { verdict: 'up', reason: 'ok', summary: 'fine', tookMs: 1, values: {} }

function kindThat(check: MonitorKind<null>['check']): MonitorKind<null> {
  return {
    kind: 'probe',
    title: '',
    description: '',
    schema: z.null(),
    reasons: ['ok'],
    cost: 'none',
    cannotSee: [],
    target: () => '',
    check,
  }
}

describe('one check with its deadline', () => {
  test('its observation is passed on, and the signal fires afterwards so that nothing is left open', async () => {
    let signal: AbortSignal | undefined
    const kind = kindThat(async (_, context) => {
      signal = context.signal
      return up
    })
    const clock = travelClock(0)
    assert.deepEqual(await checkOnce(kind, null, { clock, deadlineMs: 100 }), up)
    assert.equal(signal?.aborted, true)
    assert.equal(clock.nextAt(), null)
  })

  test('at the deadline the check tells which step was slow', async () => {
    const clock = travelClock(0)
    const kind = kindThat(
      (_, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ...up, verdict: 'down', reason: 'no-answer' })),
        ),
    )
    const checking = checkOnce(kind, null, { clock, deadlineMs: 100 })
    clock.moveTo(100_000)
    assert.equal((await checking).reason, 'no-answer')
  })

  test('a check that ignores its deadline is left behind', async () => {
    const clock = travelClock(0)
    const checking = checkOnce(
      kindThat(() => new Promise(() => {})),
      null,
      { clock, deadlineMs: 100 },
    )
    clock.moveTo(100)
    const seen = await checking
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'check.overran'])
    assert.equal(seen.tookMs, 100)
  })

  test('an exception is ours: the verdict is unknown', async () => {
    const thrown = () => {
      throw new Error('oops')
    }
    for (const check of [thrown, async () => thrown()]) {
      const seen = await checkOnce(kindThat(check), null, { clock: travelClock(0), deadlineMs: 100 })
      assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'check.crashed'])
      assert.match(seen.summary, /oops/)
    }
  })
})

describe('targets as they are typed', () => {
  const typed: [string, string, string][] = [
    ['https://docs.example.org/a?b', 'http', 'https://docs.example.org/a?b'],
    ['tls://docs.example.org', 'tls', 'docs.example.org:443'],
    ['tls://docs.example.org:8443', 'tls', 'docs.example.org:8443'],
    ['tcp://[2001:db8::1]:22', 'tcp', '[2001:db8::1]:22'],
  ]
  for (const [text, kindName, shown] of typed)
    test(text, () => {
      const { kind, spec } = parseTarget(text)
      assert.equal(kind.kind, kindName)
      assert.equal(kind.target(spec), shown)
    })

  test('what is wrong is named with its path', () => {
    for (const text of ['docs.example.org', 'gopher://a', 'tcp://a.example.org', 'tls://a:99999'])
      assert.throws(
        () => parseTarget(text),
        (error) => error instanceof TocsinError && error.problems[0]!.path === 'target',
      )
    assert.throws(
      () => parseTarget('tls://a:443', { expect: { isuer: 'x' } }),
      (error) =>
        error instanceof TocsinError && error.problems[0]!.path === 'expect' && /isuer/.test(error.message),
    )
  })
})

test('every folder of a kind is in the registry under its own name, and nothing else is', () => {
  const folders = readdirSync(new URL('./kinds', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  assert.deepEqual(Object.keys(monitorKinds).sort(), folders.sort())
  for (const [name, kind] of Object.entries(monitorKinds)) assert.equal(kind.kind, name)
})
