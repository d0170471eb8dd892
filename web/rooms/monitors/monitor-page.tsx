import { Button, SegmentedControl } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import {
  type MonitorDetail,
  readMonitor,
  readMonitorHistory,
  removeMonitor,
} from '../../../src/contract/monitors.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { serverNow } from '../../times/now.ts'
import { sayDuration } from '../../times/say-time.ts'
import { BlindCard } from './blind-card.tsx'
import { DetailCards } from './detail-cards.tsx'
import { FaultsCard } from './faults-card.tsx'
import { HistoryPlot } from './history-plot.tsx'
import { MonitorForm } from './monitor-form.tsx'
import { NowCard } from './now-card.tsx'
import { Measured } from './observation-note.tsx'
import { usePool } from './pool-card.tsx'
import { useOpenRuns } from './runs-card.tsx'
import { Uptime } from './uptime.tsx'
import './monitor-page.css'

/** One monitor: is it well, since when, why, and what would it see. */
export function MonitorPage() {
  const { id = '' } = useParams()
  const monitor = useRead(readMonitor, { params: { id } }, { refetchInterval: 15_000 })
  return (
    <Awaited of={monitor} rows={10}>
      {(data) => <Detail of={data} />}
    </Awaited>
  )
}

function Detail({ of }: { of: MonitorDetail }) {
  const navigate = useNavigate()
  const mayEdit = useMay('editor')
  const [changing, { open, close }] = useDisclosure()
  const remove = useAct(removeMonitor, () => {
    told(`${of.name} is removed; its history stays.`)
    void navigate('/monitors')
  })
  const openRuns = useOpenRuns(of)
  const pool = usePool(of)
  const editable = mayEdit && of.managedBy === 'api'
  return (
    <>
      <PageHead
        title={of.name}
        up={{ to: '/monitors', label: 'Monitors' }}
        lead={
          <>
            {of.kind} · <span className="mono">{of.target}</span> ·{' '}
            <Link to={`/monitors?service=${encodeURIComponent(of.serviceId)}`}>{of.serviceId}</Link>
          </>
        }
        actions={
          editable && (
            <>
              <Button variant="default" onClick={open}>
                Change
              </Button>
              <Confirmed
                label="Remove"
                question={`Remove ${of.name}?`}
                consequence="It is no longer checked, and an open alert of it is resolved. Its history stays."
                act="Remove it"
                onConfirm={() => remove.mutate({ params: { id: of.id } }, { onError: refused })}
              />
            </>
          )
        }
      />
      <div className="columns">
        <div className="stack">
          <NowCard of={of} beside={{ openRuns, pool: pool.data }} />
          <DetailCards of={of} width="wide" />
          <HistoryCard of={of} />
          <DetailCards of={of} width="wide" below />
        </div>
        <div className="stack">
          <BlindCard of={of} />
          <FaultsCard of={of} />
          <DetailCards of={of} width="narrow" />
          <Card title="Settings">
            <div className="pile">
              {of.managedBy === 'file' && <ByFile long what="This monitor" />}
              <Facts
                of={[
                  [
                    'Id',
                    <span key="id" className="mono">
                      {of.id}
                    </span>,
                  ],
                  ['Checked', of.everyMs > 0 ? `every ${sayDuration(of.everyMs)}` : 'when it reports'],
                  ['Last', <ExactMoment key="last" at={of.lastCheckedAt} missing="never" />],
                  [
                    'Next',
                    <ExactMoment
                      key="next"
                      at={of.nextCheckAt}
                      missing={of.enabled ? 'not planned' : 'paused'}
                    />,
                  ],
                ]}
              />
              {of.pingUrl && (
                <div>
                  <p className="sub" style={{ margin: '0 0 4px' }}>
                    Ping address. Whoever knows it can report for this job:
                  </p>
                  <Copyable text={of.pingUrl} label="the ping address" />
                </div>
              )}
              {of.logUrl && (
                <div>
                  <p className="sub" style={{ margin: '0 0 4px' }}>
                    Lines are posted here. Whoever knows the address can write:
                  </p>
                  <Copyable text={of.logUrl} label="the address for lines" />
                </div>
              )}
              <details>
                <summary className="sub">All settings</summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
                <pre className="mono" tabIndex={0} style={{ overflowX: 'auto', margin: '6px 0 0' }}>
                  {JSON.stringify(of.spec, null, 2)}
                </pre>
              </details>
            </div>
          </Card>
          {of.last && (
            <Card title="Last observation">
              <Measured of={of.last} />
            </Card>
          )}
        </div>
      </div>
      {changing && <MonitorForm of={of} close={close} />}
    </>
  )
}

const RANGES = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
  '90d': 90 * 86_400_000,
} as const
type Range = keyof typeof RANGES

/** The history of a stretch that ends now; the window moves on with whole minutes, so that answers last a while. */
function useHistory(id: string, range: Range) {
  const to = Math.ceil(serverNow() / 60_000) * 60_000
  const query = { from: new Date(to - RANGES[range]).toISOString(), to: new Date(to).toISOString() }
  return useRead(readMonitorHistory, { params: { id }, query }, { keep: true })
}

function HistoryCard({ of: { id } }: { of: MonitorDetail }) {
  const [chosen, setRange] = useState<Range | null>(null)
  const day = useHistory(id, '24h')
  // A day would show what was added an hour ago as a dot at its edge.
  const isYoung = day.data !== undefined && day.data.points.length <= 1
  const range = chosen ?? (isYoung ? '1h' : '24h')
  const history = useHistory(id, range)
  return (
    <Card
      title="History"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          value={range}
          onChange={(value) => setRange(value as Range)}
          data={Object.keys(RANGES).map((value) => ({ value, label: value }))}
        />
      }
    >
      <Awaited of={history}>
        {(data) => (
          <>
            <Uptime of={data} over={range} />
            <HistoryPlot of={data} />
          </>
        )}
      </Awaited>
    </Card>
  )
}
