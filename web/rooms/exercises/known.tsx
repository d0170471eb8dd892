import type { ExerciseDetail } from '../../../src/contract/exercises.ts'
import { Card } from '../../parts/page.tsx'
import { sayClock, sayDay, sayDuration } from '../../times/say-time.ts'

type Step = ExerciseDetail['steps'][number]

/** What is known so far, the newest step last and marked. */
export function Known({ of }: { of: ExerciseDetail }) {
  const first = of.steps[0]
  return (
    <Card
      title="What is known"
      lead={first ? `${sayDay(Date.parse(first.at))}, as it was seen then` : undefined}
      bare
    >
      <ol className="exercise-steps" aria-live="polite">
        {of.steps.map((step) => (
          <li key={step.step} aria-current={step.step === of.step ? 'step' : undefined}>
            <StepHead of={step} first={first!} />
            <Lines of={step} />
          </li>
        ))}
      </ol>
    </Card>
  )
}

/** Which step, what the clock said, and how long after the first. */
export function StepHead({ of, first }: { of: Step; first: Step }) {
  const since = Date.parse(of.at) - Date.parse(first.at)
  return (
    <h3 className="exercise-step-head">
      Step {of.step}
      <span className="sub">
        <time dateTime={of.at}>{sayClock(Date.parse(of.at))}</time>
        {since > 0 && `, ${sayDuration(since)} after the first`}
      </span>
    </h3>
  )
}

/** What became known at a step; what had happened earlier says so. */
export function Lines({ of }: { of: Step }) {
  return (
    <ul className="exercise-lines">
      {of.lines.map((line, i) => {
        const late = Date.parse(of.at) - Date.parse(line.at)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a step never change
          <li key={i}>
            {line.text}
            {late > 120_000 && <span className="sub"> (had happened {sayDuration(late)} before)</span>}
          </li>
        )
      })}
    </ul>
  )
}
