import type { ExerciseDetail } from '../../../src/contract/exercises.ts'
import { Card } from '../../parts/page.tsx'
import { Lines, StepHead } from './known.tsx'
import { ASKED, answersTo, QUESTIONS, sayTaken } from './questions.ts'

type Step = ExerciseDetail['steps'][number]

/** The timeline as it was beside what was answered, step by step. */
export function Comparison({ of }: { of: ExerciseDetail }) {
  const first = of.steps[0]
  return (
    <Card title="As it went, and what you said" lead="the time behind each answer is how long it took" bare>
      <ol className="exercise-steps">
        {of.steps.map((step) => (
          <li key={step.step}>
            <StepHead of={step} first={first!} />
            <div className="exercise-sides">
              <div>
                <h4 className="sub">As it went</h4>
                <Lines of={step} />
              </div>
              <Said of={step} shown={step.step <= of.step} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Said({ of, shown }: { of: Step; shown: boolean }) {
  return (
    <div>
      <h4 className="sub">What you said</h4>
      {of.answers.length === 0 && (
        <p className="dim" style={{ margin: 0 }}>
          {shown ? 'Nothing.' : 'It ended before this was shown.'}
        </p>
      )}
      {ASKED.map((question) => {
        const answers = answersTo(of, question)
        if (answers.length === 0) return null
        return (
          <div key={question} className="exercise-said">
            <strong>{QUESTIONS[question].asks}</strong>
            <ul>
              {answers.map((one) => (
                <li key={one.id}>
                  <span className="exercise-who">{one.name}</span> {one.text}{' '}
                  <span className="sub">{sayTaken(one.afterMs)}</span>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </div>
  )
}
