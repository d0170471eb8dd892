import { Link } from 'react-router'
import type { Overview } from '../../../src/contract/system.ts'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** Who is on call, how much is watched, what waits for proof, and whether the watcher is well. */
export function Sides({ of }: { of: Overview }) {
  const { up, degraded, down, unknown } = of.monitors
  return (
    <>
      <Card
        title="On call now"
        aside={
          <Link className="sub" to="/on-call">
            Calendar
          </Link>
        }
      >
        {of.onCall.length === 0 ? (
          <p className="sub" style={{ margin: 0 }}>
            No schedule yet. Without one nobody is woken: add <code>oncall</code> to the configuration.
          </p>
        ) : (
          <Facts
            of={of.onCall.map((one) => [
              one.scheduleId,
              <span key={one.scheduleId}>
                {one.personName ? <strong>{one.personName}</strong> : <State is="down" say="Nobody" />}
                <span className="sub" style={{ display: 'block' }}>
                  {one.until ? (
                    <>
                      until <ExactMoment at={one.until} />
                    </>
                  ) : (
                    'without an end'
                  )}
                  {one.next && `, then ${one.next}`}
                </span>
              </span>,
            ])}
          />
        )}
      </Card>
      <Card
        title="Monitors"
        aside={
          <Link className="sub" to="/monitors">
            All
          </Link>
        }
      >
        <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {(['down', 'unknown', 'degraded', 'up'] as const)
            .map((state) => ({ state, count: { up, degraded, down, unknown }[state] }))
            .filter(({ count }) => count > 0)
            .map(({ state, count }) => (
              <li key={state}>
                <Link to={`/monitors?state=${state}`} style={{ textDecoration: 'none' }}>
                  <State is={state} say={`${count} ${state}`} />
                </Link>
              </li>
            ))}
          {up + degraded + down + unknown === 0 && <li className="sub">None yet</li>}
        </ul>
      </Card>
      <Card
        title="Lessons"
        aside={
          <Link className="sub" to="/actions">
            Actions
          </Link>
        }
      >
        {of.actionsAwaitingProof === 0 ? (
          <span className="sub">No action waits for proof.</span>
        ) : (
          <span>
            <strong>{of.actionsAwaitingProof}</strong>{' '}
            {of.actionsAwaitingProof === 1 ? 'action waits' : 'actions wait'} for proof
          </span>
        )}
      </Card>
      <Card title="The watcher">
        <Facts
          of={[
            [
              'Auditor',
              of.auditor.at === null ? (
                <State key="a" is="unknown" say="Has not run yet" />
              ) : of.auditor.problems > 0 ? (
                <State key="a" is="down" say={`${of.auditor.problems} alerts wait for nothing`} />
              ) : (
                <State key="a" is="up" say="Every alert has a next step" />
              ),
            ],
            ['Looked', <Moment key="at" at={of.auditor.at} missing="never" />],
          ]}
        />
      </Card>
    </>
  )
}
