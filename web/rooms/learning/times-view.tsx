import { IconClock, IconEyeOff } from '@tabler/icons-react'
import type { z } from 'zod'
import { type LearningTimes, readTimes } from '../../../src/contract/learning.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited, Empty } from '../../parts/feedback.tsx'
import { Card } from '../../parts/page.tsx'
import { sayDuration } from '../../times/say-time.ts'
import { sayShare } from './strip-layout.ts'
import { Longest, StripPlot } from './strip-plot.tsx'

type Query = z.input<(typeof readTimes)['query']>

const TITLES = {
  TTD: 'Until it was detected',
  TTA: 'Until somebody acknowledged',
  TTM: 'Until it was mitigated',
  TTR: 'Until it was resolved',
}

/** How long it took, each incident a point. */
export function TimesView({ query }: { query: Query }) {
  const times = useRead(readTimes, { query }, { keep: true })
  return (
    <Awaited of={times}>
      {({ records, metrics }) =>
        records.length === 0 ? (
          <None />
        ) : (
          <div className="strips">
            {metrics.map((metric) => (
              <Card key={metric.name} title={TITLES[metric.name]} lead={metric.formula}>
                <StripPlot name={metric.name} of={metric} records={records} />
                <Longest of={metric} records={records} />
              </Card>
            ))}
            <p className="sub">
              Each point is one incident, on an axis on which each step is several times the one before. The
              shaded band holds the middle half. There is no mean: one long night would move it, and say
              nothing of the others.
            </p>
          </div>
        )
      }
    </Awaited>
  )
}

function None() {
  return (
    <div className="card">
      <Empty icon={<IconClock />} title="No incident to measure">
        Times come from the incidents that are run here, and from the timelines of imported post-mortems.
      </Empty>
    </div>
  )
}

/** Who noticed, and how long users knew before. */
export function DetectionView({ query }: { query: Query }) {
  const times = useRead(readTimes, { query }, { keep: true })
  return (
    <Awaited of={times}>
      {({ records, detection }) =>
        records.length === 0 ? <None /> : <Detection of={detection} records={records} />
      }
    </Awaited>
  )
}

function Detection({ of, records }: { of: LearningTimes['detection']; records: LearningTimes['records'] }) {
  const { usersFirst } = of
  const most = Math.max(1, of.notRecorded, ...of.by.map(({ count }) => count))
  return (
    <div className="strips">
      <Card
        title="Who noticed"
        lead={`${sayShare(records.length - of.notRecorded, records.length)} recorded`}
      >
        <ul className="noticed">
          {of.by.map(({ id, title, count, ttd }) => (
            <li key={id} data-by={id}>
              <span className="noticed-name">{title}</span>
              <Bar count={count} most={most} />
              <span className="numbers">{count}</span>
              <span className="sub noticed-ttd">
                {ttd.quartiles
                  ? `median ${sayDuration(ttd.quartiles.median)} until it was detected, of ${ttd.recorded}`
                  : count > 0
                    ? 'no time recorded'
                    : ''}
              </span>
            </li>
          ))}
          <li data-by="none">
            <span className="noticed-name">Not recorded</span>
            <Bar count={of.notRecorded} most={most} />
            <span className="numbers">{of.notRecorded}</span>
            <span className="sub noticed-ttd" />
          </li>
        </ul>
      </Card>
      <Card
        title="Users knew first"
        lead={`${sayShare(usersFirst.count, usersFirst.known)} of which it is known who knew`}
      >
        {usersFirst.count === 0 ? (
          <Empty icon={<IconEyeOff />} title="Never, as far as is known">
            No customer or user reported anything before it was noticed here.
          </Empty>
        ) : (
          <>
            <h3 className="strip-title">How long they bore it before they said so</h3>
            <p className="sub">{usersFirst.bore.formula}</p>
            <StripPlot name="Borne before the first report" of={usersFirst.bore} records={records} />
            <h3 className="strip-title">How long after their word it was noticed here</h3>
            <p className="sub">{usersFirst.lead.formula}</p>
            <StripPlot name="Lead of the users" of={usersFirst.lead} records={records} />
            <p className="sub">
              Where the last is not recorded, nothing here ever noticed by itself: no alert opened, and it is
              the report that counts as the detection.
            </p>
          </>
        )}
      </Card>
    </div>
  )
}

function Bar({ count, most }: { count: number; most: number }) {
  return (
    <span className="noticed-bar" aria-hidden="true">
      <span style={{ width: `${(100 * count) / most}%` }} />
    </span>
  )
}
