import type { ExerciseDetail } from '../../../src/contract/exercises.ts'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { ASKED } from './questions.ts'

/** Who sits at the table, and who has answered what is asked now. */
export function Table({ of }: { of: ExerciseDetail }) {
  return (
    <Card title="At the table" lead={of.participants.length > 0 ? String(of.participants.length) : undefined}>
      {of.participants.length === 0 ? (
        <p className="dim" style={{ margin: 0 }}>
          Nobody yet. Send the others the address of this page.
        </p>
      ) : (
        <ul className="exercise-people">
          {of.participants.map(({ personId, name, answeredNow }) => {
            const said = new Set(answeredNow).size
            return (
              <li key={personId}>
                <span>
                  {name}
                  {personId === of.facilitatorId && <span className="sub"> leads</span>}
                </span>
                {of.state === 'running' && (
                  <State
                    is={said === ASKED.length ? 'passed' : 'queued'}
                    say={said === ASKED.length ? 'answered' : `${said} of ${ASKED.length}`}
                  />
                )}
              </li>
            )
          })}
        </ul>
      )}
    </Card>
  )
}
