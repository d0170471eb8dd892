import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { ERRORS, type ErrorCode, notFound, reasonOf, TocsinError, wrongState } from './errors.ts'
import { parseInput } from './parse.ts'

describe('an error for the caller', () => {
  it('has a status that a client can act on, and a title that says what happened', () => {
    for (const [code, { status, title }] of Object.entries(ERRORS)) {
      assert.ok(status >= 400 && status < 600, code)
      assert.match(title, /^[A-Z].+[^.]$/, code)
      assert.equal(new TocsinError(code as ErrorCode, 'x').status, status)
    }
  })

  it('tells a full or busy database apart from a bug, so that a client knows whether to try again', () => {
    assert.deepEqual(
      (['store-full', 'store-busy', 'too-many-requests', 'internal'] as const).map(
        (code) => ERRORS[code].status,
      ),
      [507, 503, 429, 500],
    )
    // Who is not known and who may not are two answers.
    assert.deepEqual([ERRORS['not-signed-in'].status, ERRORS.forbidden.status], [401, 403])
  })

  it('names what is not there, and carries where it is wrong', () => {
    assert.deepEqual(
      [notFound('person', 'zoe').code, notFound('person', 'zoe').message],
      ['not-found', 'There is no person "zoe".'],
    )
    assert.equal(wrongState('It is closed.').code, 'wrong-state')
    const places = [{ path: 'a.b', message: 'odd', remedy: 'Change it.' }]
    assert.deepEqual(new TocsinError('invalid-input', 'odd', places).problems, places)
  })
})

describe('the reason of whatever was thrown', () => {
  const cases: [string, unknown, string][] = [
    ['an error', new Error('no route'), 'no route'],
    ['a text', 'plain', 'plain'],
    ['nothing', undefined, 'undefined'],
    [
      'several at once, of which the first counts',
      new AggregateError([new Error('v6'), new Error('v4')]),
      'v6',
    ],
    ['several in several', new AggregateError([new AggregateError([new Error('deep')])]), 'deep'],
    ['none of several', new AggregateError([], 'empty'), 'empty'],
  ]
  for (const [what, thrown, reason] of cases)
    it(`is told for ${what}`, () => assert.equal(reasonOf(thrown), reason))
})

describe('input', () => {
  const schema = z.strictObject({
    name: z.string().trim().min(2),
    tags: z.array(z.number()).default([]),
    deep: z.strictObject({ size: z.number() }).optional(),
  })
  const problems = (input: unknown) => {
    try {
      parseInput(schema, input)
    } catch (error) {
      assert.ok(error instanceof TocsinError)
      assert.equal(error.code, 'invalid-input')
      return error
    }
    return assert.fail('it should have been refused')
  }

  it('comes back as the schema makes it, with its defaults', () => {
    assert.deepEqual(parseInput(schema, { name: ' Ana ' }), { name: 'Ana', tags: [] })
  })

  it('is refused with everything that is wrong, each at its place', () => {
    const error = problems({ name: 'A', tags: [1, 'two', 3, null], deep: { size: '9', more: 1 } })
    assert.deepEqual(
      error.problems.map(({ path }) => path),
      ['name', 'tags.1', 'tags.3', 'deep.size', 'deep'],
    )
    assert.match(error.message, /^name: /, 'the first is told at once')
  })

  it('that is no object at all is refused as a whole', () => {
    for (const input of [null, undefined, 'text', 7, [], () => 1])
      assert.deepEqual(
        problems(input).problems.map(({ path }) => path),
        [''],
      )
  })

  it('cannot smuggle in what the schema does not know', () => {
    assert.match(problems(JSON.parse('{"name":"Ana","role":"administrator"}')).message, /role/)
    assert.equal(Object.hasOwn(parseInput(schema, JSON.parse('{"name":"Ana"}')), 'role'), false)
  })
})
