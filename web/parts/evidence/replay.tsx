import { useState } from 'react'
import { sayDuration, sayExact } from '../../times/say-time.ts'
import { Card } from '../page.tsx'
import { State } from '../state.tsx'
import { sayReason } from '../states.ts'
import type { Replayed } from './read-evidence.ts'

type Line = Replayed['wouldBe'][number]
type Gain = NonNullable<Replayed['gained']>[number]

/** A replay that can be watched: what was expected, what came, and how it went in life beside it. */
export function Replay({ of }: { of: Replayed }) {
  return (
    <>
      <Expected of={of} />
      <Timelines of={of} />
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

function Timelines({ of }: { of: Replayed }) {
  const last = Math.max(
    0,
    ...of.wouldBe.map(({ afterMs }) => afterMs),
    ...(of.asItWas ?? []).map(({ afterMs }) => afterMs),
  )
  const [until, setUntil] = useState<number | null>(null)
  const shown = (lines: readonly Line[]) =>
    until === null ? lines : lines.filter(({ afterMs }) => afterMs <= until)
  const observations = new Intl.NumberFormat('en').format(of.observations)
  return (
    <Card
      title={of.asItWas ? 'As it was, and as it would be' : 'What would come of it'}
      lead={`${observations} observations in virtual time; nobody was paged`}
      bare
    >
      {of.gained && (
        <div className="replay-gained">
          {of.gained.map((one) => (
            <Gained key={one.what} of={one} />
          ))}
        </div>
      )}
      {last > 0 && (
        <label className="sub replay-watch">
          Watch it: {until === null ? 'everything' : `until ${sayDuration(until)} after the onset`}
          <input
            type="range"
            min={0}
            max={last}
            step={Math.max(1, Math.round(last / 400))}
            value={until ?? last}
            aria-valuetext={until === null ? 'everything' : `${sayDuration(until)} after the onset`}
            onChange={(event) => {
              const value = Number(event.currentTarget.value)
              setUntil(value >= last - last / 400 ? null : value)
            }}
          />
        </label>
      )}
      <div
        className="replay-sides"
        style={of.asItWas ? undefined : { gridTemplateColumns: 'minmax(0, 1fr)' }}
      >
        {of.asItWas && <Side title="As it was" of={shown(of.asItWas)} />}
        <Side
          title={of.asItWas ? 'As it would be today' : 'In virtual time'}
          of={shown(of.wouldBe)}
          left={until === null ? of.left : 0}
        />
      </div>
    </Card>
  )
}

function Side({ title, of, left = 0 }: { title: string; of: readonly Line[]; left?: number }) {
  return (
    <section className="replay-side" aria-label={title}>
      <h3 className="sub" style={{ margin: '6px 0' }}>
        {title}
      </h3>
      {of.length === 0 && <p className="dim">Nothing yet.</p>}
      <ol tabIndex={of.length > 20 ? 0 : undefined}>
        {of.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: evidence never changes
          <li key={i} data-what={line.what}>
            <time dateTime={line.at} title={sayExact(Date.parse(line.at))}>
              {line.afterMs < 0 ? `−${sayDuration(-line.afterMs)}` : `+${sayDuration(line.afterMs)}`}
            </time>
            <span>
              <span className="sub">{sayReason(line.what)}</span> {line.text}
            </span>
          </li>
        ))}
      </ol>
      {left > 0 && <p className="dim">and {left} more</p>}
    </section>
  )
}

const SAID = { noticed: 'until it was noticed', reached: 'until somebody was on it' }

function Gained({ of }: { of: Gain }) {
  const { wasMs, wouldMs, gainedMs } = of
  return (
    <div>
      <span className="sub">{SAID[of.what]}</span>
      <strong>
        {gainedMs === null
          ? 'not recorded'
          : gainedMs >= 0
            ? `${sayDuration(gainedMs)} gained`
            : `${sayDuration(-gainedMs)} lost`}
      </strong>
      <span className="sub">
        {wasMs === null ? 'not recorded' : sayDuration(wasMs)} then,{' '}
        {wouldMs === null ? 'never' : sayDuration(wouldMs)} today
      </span>
    </div>
  )
}
