import './watch-evidence.css'
import { Link } from 'react-router'
import { sayDuration } from '../../times/say-time.ts'
import { Rows } from '../list.tsx'
import { Card, Facts } from '../page.tsx'
import { State } from '../state.tsx'
import type { Evidence } from './read-evidence.ts'

/** A place that was cut off: its silence, and how the monitors that are looked at from there took it. */
export function CutOff({ of }: { of: NonNullable<Evidence['cut']> }) {
  const { place, silentAfterMs, withinMs, monitors } = of
  return (
    <Card title={`While ${place} was cut off`} lead="in virtual time; no probe was touched" bare>
      <p style={{ margin: 0, padding: '12px 14px' }}>
        Its silence:{' '}
        {silentAfterMs === null ? (
          <State is="failed" say="never noticed" />
        ) : (
          <State
            is={silentAfterMs <= withinMs ? 'passed' : 'failed'}
            say={`noticed after ${sayDuration(silentAfterMs)}`}
          />
        )}
        <span className="sub"> {sayDuration(withinMs)} allowed</span>
      </p>
      {monitors.length > 0 && (
        <Rows
          of={monitors}
          heads={['Monitor', 'Must agree', 'Said meanwhile', 'An outage then', 'Broken from outside']}
        >
          {(one) => (
            <tr>
              <td className="wide">
                <Link to={`/monitors/${encodeURIComponent(one.monitorId)}`}>{one.monitorId}</Link>
                <div className="sub">{one.places.join(', ')}</div>
              </td>
              <td data-label="must agree">
                {one.quorum} of {one.places.length}
              </td>
              <td data-label="said meanwhile">
                <State is={one.verdict} />
              </td>
              <td data-label="an outage then">
                <Seen afterMs={one.outageSeenAfterMs} allowedMs={of.outageMs} />
              </td>
              <td data-label="broken from outside">
                {one.places.includes('here') ? (
                  <Seen afterMs={one.outsideSeenAfterMs} allowedMs={of.outageMs} />
                ) : (
                  <span className="dim">the same</span>
                )}
              </td>
            </tr>
          )}
        </Rows>
      )}
    </Card>
  )
}

function Seen({ afterMs, allowedMs }: { afterMs: number | null; allowedMs: number }) {
  if (afterMs === null) return <State is="missed" say="Unseen" />
  return <State is={afterMs <= allowedMs ? 'caught' : 'missed'} say={`Seen after ${sayDuration(afterMs)}`} />
}

/** A Tocsin that was stopped on purpose, and what its watcher said. */
export function Stopped({ of }: { of: NonNullable<Evidence['stopped']> }) {
  const { how, silenceMs, beatsBefore, noticedAfterMs, withinMs, said } = of
  return (
    <Card title="What the watcher said" lead="to a contact of the drill; nobody was paged">
      <Facts
        of={[
          ['Stopped', how === 'freeze' ? 'frozen where it stood (SIGSTOP)' : 'killed at once (SIGKILL)'],
          ['Signs of life before', String(beatsBefore)],
          ...(silenceMs === null
            ? []
            : ([['Silence allowed', sayDuration(silenceMs)]] as [string, string][])),
          [
            'Noticed',
            <State
              key="noticed"
              is={noticedAfterMs !== null && noticedAfterMs <= withinMs ? 'passed' : 'failed'}
              say={noticedAfterMs === null ? 'Never' : `After ${sayDuration(noticedAfterMs)}`}
            />,
          ],
          ['Allowed', sayDuration(withinMs)],
        ]}
      />
      {said.map(({ subject, text, afterMs }) => (
        <blockquote key={subject + afterMs} className="watcher-said">
          <strong>{subject}</strong>
          <p className="prose-text">{text}</p>
        </blockquote>
      ))}
    </Card>
  )
}
