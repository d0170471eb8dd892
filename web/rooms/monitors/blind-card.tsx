import type { MonitorDetail, UnseenFault } from '../../../src/contract/monitors.ts'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

const SHOWN = 4

/** What passes a monitor by: by its kind, as a drill has shown, and what nobody has asked yet. */
export function BlindCard({ of }: { of: MonitorDetail }) {
  const missed = of.unseen.filter(({ tried }) => tried === 'missed')
  const never = of.unseen.filter(({ tried }) => tried === 'never')
  return (
    <div id="cannot-see">
      <Card title="What it cannot see">
        <div className="blind">
          {missed.length > 0 && (
            <section>
              <h3>
                <State is="missed" say="Missed in a drill" />
              </h3>
              <ul>
                {missed.map(({ fault, title, remedy }) => (
                  <li key={fault}>
                    {title}
                    <details>
                      <summary className="sub">How to see it</summary>
                      <p className="sub">{remedy}</p>
                    </details>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {of.cannotSee.length > 0 && (
            <section>
              <h3>By its kind</h3>
              <ul>
                {of.cannotSee.map(({ failureClass, why }) => (
                  <li key={failureClass}>{why}</li>
                ))}
              </ul>
            </section>
          )}
          {never.length > 0 && <NeverPlayed of={never} />}
          {of.cannotSee.length + of.unseen.length === 0 && (
            <p className="sub">Every fault that can be played against it was caught.</p>
          )}
        </div>
      </Card>
    </div>
  )
}

function NeverPlayed({ of }: { of: UnseenFault[] }) {
  const list = (faults: UnseenFault[]) => (
    <ul>
      {faults.map(({ fault, title }) => (
        <li key={fault}>{title}</li>
      ))}
    </ul>
  )
  return (
    <section>
      <h3>
        <State is="never run" say="Never played" />
      </h3>
      {list(of.slice(0, SHOWN))}
      {of.length > SHOWN && (
        <details>
          <summary className="sub">{of.length - SHOWN} more</summary>
          {list(of.slice(SHOWN))}
        </details>
      )}
    </section>
  )
}
