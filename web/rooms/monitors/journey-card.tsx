import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { useMay } from '../../app/session.tsx'
import { Rows } from '../../parts/list.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayDuration } from '../../times/say-time.ts'
import { detailOf } from './detail-shapes.ts'

/** What became of each step of a journey, and how the page looked where it ended. */
export function JourneyCard({ of }: { of: MonitorDetail }) {
  const mayLook = useMay('responder')
  const steps = detailOf(of.last, 'steps') ?? []
  const errors = [...(detailOf(of.last, 'scriptErrors') ?? []), ...(detailOf(of.last, 'consoleErrors') ?? [])]
  const gone = steps.filter(({ verdict }) => verdict === 'up').length
  const failed = steps.find(({ verdict }) => verdict === 'down')
  // What is only tried keeps no picture.
  const picture = of.id !== '' && detailOf(of.last, 'screenshot') === true && failed
  return (
    <Card title="The journey" lead={`${gone} of ${steps.length} steps`} bare>
      <Rows of={steps} heads={['Step', 'What came of it', { right: 'Took' }]}>
        {({ name, verdict, tookMs, said }) => (
          <tr>
            <td>
              <span className="row-title">{name}</span>
            </td>
            <td>
              <span className="said">
                <State is={verdict} say={verdict === 'up' ? 'Done' : undefined} /> {said}
              </span>
            </td>
            <td className="tight right" data-label="took">
              {tookMs === null ? '–' : sayDuration(tookMs)}
            </td>
          </tr>
        )}
      </Rows>
      {picture && mayLook && (
        <figure className="journey-end">
          <img
            src={`/api/v1/monitors/${encodeURIComponent(of.id)}/screenshot`}
            alt={`The page as it was when “${failed.name}” failed; what was typed is made invisible`}
          />
          <figcaption className="sub">
            How the page looked when the newest failure happened. What was typed is invisible.
          </figcaption>
        </figure>
      )}
      {errors.length > 0 && (
        <div className="body">
          <p className="sub">Errors that the page told:</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="mono log" tabIndex={0}>
            {errors.join('\n')}
          </pre>
        </div>
      )}
    </Card>
  )
}
