import './replay.css'
import { sayDuration } from '../../times/say-time.ts'
import { Card } from '../page.tsx'
import { State } from '../state.tsx'
import type { Replayed } from './read-evidence.ts'
import { ReplayControls } from './replay-controls.tsx'
import { ReplaySide } from './replay-side.tsx'
import { ReplayTracks } from './replay-tracks.tsx'
import { useReplay } from './use-replay.ts'

type Gain = NonNullable<Replayed['gained']>[number]

/** A replay that can be watched: what was expected, what came, and how it went in life beside it. */
export function Replay({ of }: { of: Replayed }) {
  return (
    <>
      <Watched of={of} />
      <Expected of={of} />
    </>
  )
}

function Expected({ of }: { of: Replayed }) {
  if (of.expectations.length === 0) return null
  return (
    <Card title="What was expected" bare>
      <ul className="plain-list" style={{ listStyle: 'none', margin: 0, padding: '10px 14px' }}>
        {of.expectations.map((one) => (
          <li key={one.says} style={{ padding: '3px 0' }}>
            <State is={one.met ? 'passed' : 'failed'} say={one.met ? 'Yes' : 'No'} /> {one.says}
            <span className="sub">
              {' '}
              {one.afterMs === null ? 'never came' : `after ${sayDuration(one.afterMs)}`}
              {one.withinMs !== null && `, ${sayDuration(one.withinMs)} allowed`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Watched({ of }: { of: Replayed }) {
  // Before the onset a replica is only made to believe that all has been well for a while.
  const came = of.wouldBe.filter(({ afterMs }) => afterMs >= 0)
  const replay = useReplay([...came, ...(of.asItWas ?? [])].map(({ afterMs }) => afterMs))
  const { until } = replay
  const observations = new Intl.NumberFormat('en').format(of.observations)
  return (
    <Card
      title={of.asItWas ? 'As it was, and as it would be' : 'What would come of it'}
      lead={
        of.observations > 0
          ? `${observations} observations in virtual time; nobody was paged`
          : 'in virtual time; nobody was paged'
      }
      bare
    >
      {of.gained && (
        <div className="replay-gained">
          {of.gained.map((one) => (
            <Gained key={one.what} of={one} />
          ))}
        </div>
      )}
      <ReplayControls of={replay} />
      <ReplayTracks of={of} until={until} last={replay.last} first={replay.first} />
      <div
        className="replay-sides"
        style={of.asItWas ? undefined : { gridTemplateColumns: 'minmax(0, 1fr)' }}
      >
        {of.asItWas && <ReplaySide title="As it was" of={of.asItWas} until={until} />}
        <ReplaySide
          title={of.asItWas ? 'As it would be today' : 'In virtual time'}
          of={of.wouldBe}
          until={until}
          left={until === null ? of.left : 0}
        />
      </div>
    </Card>
  )
}

const SAID = { noticed: 'until it was noticed', reached: 'until somebody was reached' }

function Gained({ of }: { of: Gain }) {
  const { wasMs, wouldMs, gainedMs } = of
  const tone = gainedMs === null ? 'unknown' : gainedMs >= 0 ? 'gained' : 'lost'
  return (
    <div data-tone={tone}>
      <strong>
        {gainedMs === null
          ? 'Not recorded'
          : gainedMs >= 0
            ? `${sayDuration(gainedMs)} gained`
            : `${sayDuration(-gainedMs)} lost`}
      </strong>
      <span>{SAID[of.what]}</span>
      <span className="sub">
        {wasMs === null ? 'not recorded' : sayDuration(wasMs)} then,{' '}
        {wouldMs === null ? 'never' : sayDuration(wouldMs)} today
      </span>
    </div>
  )
}
