import { reasonOf } from '../../../kit/errors.ts'
import type { Answer } from '../../net/exchange.ts'
import type { Observation } from '../../observation.ts'
import { valuesAt, whyNot } from '../json-assertions.ts'
import { matchesPattern } from '../patterns.ts'
import type { AnswerJudgement } from './judge-answer.rules.ts'
import type { HttpSpec } from './spec.ts'

/** What patterns and JSON paths say of a body, with the values that were asked for by name. */
export interface BodyJudgement extends AnswerJudgement {
  values: Observation['values']
}

/** Judges the inside of a body. */
export function judgeBody(answer: Answer, expected: HttpSpec['expect']): BodyJudgement {
  const values: Observation['values'] = {}
  const down = (reason: AnswerJudgement['reason'], summary: string): BodyJudgement => ({
    verdict: 'down',
    reason,
    summary,
    values,
  })
  const text = answer.body.toString('utf8')
  const where = answer.truncated ? `the first ${answer.body.length} bytes of the body` : 'the body'
  for (const pattern of expected.matches)
    if (!matchesPattern(pattern, text)) return down('body.unexpected', `${where} does not match /${pattern}/`)
  for (const pattern of expected.notMatches)
    if (matchesPattern(pattern, text)) return down('body.unexpected', `${where} matches /${pattern}/`)
  if (expected.json.length === 0) return fine(values)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const why = answer.truncated ? 'it is longer than what is read, see `maxBody`' : reasonOf(error)
    return down('json.malformed', `${where} is not JSON: ${why.replace(/\s+/g, ' ').slice(0, 120)}`)
  }
  let wrong: string | null = null
  for (const assertion of expected.json) {
    let found: unknown[]
    try {
      found = valuesAt(assertion.path, document)
    } catch (error) {
      return down('json.malformed', `${assertion.path} cannot be followed: ${reasonOf(error).slice(0, 120)}`)
    }
    if (assertion.name !== undefined) values[assertion.name] = figureOf(found[0])
    wrong ??= whyNot(assertion, found)
  }
  return wrong === null ? fine(values) : down('json.unexpected', wrong)
}

const fine = (values: Observation['values']): BodyJudgement => ({
  verdict: 'up',
  reason: 'ok',
  summary: '',
  values,
})

function figureOf(value: unknown): Observation['values'][string] {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100)
}
