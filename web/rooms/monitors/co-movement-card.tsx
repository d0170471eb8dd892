import { Button } from '@mantine/core'
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { type MovedSeries, readCoMovement } from '../../../src/contract/metrics.ts'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited } from '../../parts/feedback.tsx'
import { type Head, Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { serverNow } from '../../times/now.ts'
import { sayInstant } from '../../times/say-time.ts'
import { sparkOf, type Window, windowOf } from './co-movement-window.ts'
import { sayValue } from './say-metric.ts'

/** Which other series moved when this monitor's trouble began; asked for on demand, because Prometheus is asked too. */
export function CoMovementCard({ of }: { of: MonitorDetail }) {
  const [window, setWindow] = useState<Window | null>(null)
  // The server answers this to responders only: it sends queries to others.
  const may = useMay('responder')
  if (!may) return null
  return (
    <Card title="Moved together with" bare={window !== null}>
      {window ? (
        <Moved window={window} own={of.id} />
      ) : (
        <>
          <p className="sub" style={{ margin: '0 0 8px' }}>
            {of.state === 'up'
              ? 'Which series left their usual course within the last hour?'
              : 'Which series left their usual course when this began?'}
          </p>
          <Button size="xs" variant="default" onClick={() => setWindow(windowOf(of, serverNow()))}>
            Look
          </Button>
        </>
      )}
    </Card>
  )
}

const HEADS: Head[] = ['Series', { right: 'Since' }, { quiet: 'Course' }, { right: 'Alike' }]
const MOST_SHOWN = 12

function Moved({ window: { from, to, ofTrouble }, own }: { window: Window; own: string }) {
  const answer = useRead(
    readCoMovement,
    {
      query: { from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: MOST_SHOWN + 1 },
    },
    { refetchInterval: false },
  )
  return (
    <Awaited of={answer}>
      {({ looked, moved, problems }) => (
        <>
          <p className="sub nothing" role="status">
            {looked === 0
              ? 'No series can be read: only metrics that keep their past, or ask Prometheus, can be compared.'
              : `${moved.length > MOST_SHOWN ? `More than ${MOST_SHOWN}` : moved.length} of ${looked} series moved `}
            {looked > 0 &&
              `${ofTrouble ? 'around its beginning' : 'within the last hour'}, ${sayInstant(from, serverNow())} to ${sayInstant(to, serverNow())}.`}
          </p>
          {moved.length > 0 && (
            <Rows of={moved.slice(0, MOST_SHOWN)} heads={HEADS}>
              {(one) => <MovedRow of={one} own={own} />}
            </Rows>
          )}
          {problems.map(({ monitorId, message }) => (
            <p key={monitorId} className="sub nothing">
              {monitorId} could not be asked: {message}
            </p>
          ))}
        </>
      )}
    </Awaited>
  )
}

function MovedRow({ of, own }: { of: MovedSeries; own: string }) {
  const Arrow = of.direction === 'up' ? IconArrowUpRight : IconArrowDownRight
  return (
    <tr>
      <td className="wide">
        <span className="mono">{of.name}</span>
        <div className="sub">
          {of.monitorId === own ? (
            'this monitor'
          ) : (
            <Link to={`/monitors/${encodeURIComponent(of.monitorId)}`}>{of.monitorId}</Link>
          )}
          {' · '}
          <Arrow size={14} aria-hidden="true" style={{ verticalAlign: -2 }} /> {of.direction} from{' '}
          {sayValue(of.before, 'none')} to {sayValue(of.during, 'none')}
        </div>
      </td>
      <td className="tight right" data-label="since">
        <Moment at={of.onset} />
      </td>
      <td className="tight">
        <svg width="90" height="24" aria-hidden="true" style={{ overflow: 'visible' }}>
          <path d={sparkOf(of.points, 90, 24)} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
        </svg>
      </td>
      <td className="tight right" data-label="alike">
        {of.correlation === null ? '–' : `${Math.round(of.correlation * 100)} %`}
      </td>
    </tr>
  )
}
