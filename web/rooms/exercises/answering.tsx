import { Button } from '@mantine/core'
import {
  answerExercise,
  type ExerciseDetail,
  type ExerciseQuestion,
} from '../../../src/contract/exercises.ts'
import { useAct } from '../../api/hooks.ts'
import { useMe } from '../../app/session.tsx'
import { refused } from '../../parts/feedback.tsx'
import { LongField, useTyped } from '../../parts/form.tsx'
import { Card } from '../../parts/page.tsx'
import { useNow } from '../../times/now.ts'
import { ASKED, answersTo, QUESTIONS, sayTaken } from './questions.ts'

/** The three questions of the step that is shown. */
export function Answering({ of }: { of: ExerciseDetail }) {
  const now = useNow()
  const passed = of.stepSince ? Math.max(0, now - Date.parse(of.stepSince)) : 0
  return (
    <Card title="And you?" lead={`shown ${passed < 1_000 ? 'just now' : `${sayTaken(passed)} ago`}`}>
      <div className="exercise-questions">
        {ASKED.map((question) => (
          <Question key={question} of={of} question={question} />
        ))}
      </div>
    </Card>
  )
}

function Question({ of, question }: { of: ExerciseDetail; question: ExerciseQuestion }) {
  const me = useMe()
  const typed = useTyped()
  const answer = useAct(answerExercise, () => typed.set(''))
  const { asks, hint } = QUESTIONS[question]
  const step = of.steps.at(-1)
  const mine = step ? answersTo(step, question).filter(({ personId }) => personId === me.personId) : []
  const send = () =>
    answer.mutate(
      { params: { id: of.id }, body: { step: of.step, question, text: typed.value } },
      { onError: refused },
    )
  return (
    <form
      className="exercise-question"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {mine.length > 0 && <strong>{asks}</strong>}
      {mine.map((one) => (
        <p key={one.id} className="exercise-mine">
          {one.text} <span className="sub">{sayTaken(one.afterMs)}</span>
        </p>
      ))}
      <LongField
        label={mine.length > 0 ? 'Anything more?' : asks}
        aria-label={asks}
        description={mine.length > 0 ? undefined : hint}
        minRows={1}
        of={typed}
      />
      <Button
        type="submit"
        size="xs"
        variant="default"
        loading={answer.isPending}
        disabled={!typed.value.trim()}
      >
        Say it
      </Button>
    </form>
  )
}
