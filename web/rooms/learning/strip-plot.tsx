import { useElementSize } from '@mantine/hooks'
import { Link, useNavigate } from 'react-router'
import type { Distribution, LearningTimes } from '../../../src/contract/learning.ts'
import { Moment } from '../../parts/moment.tsx'
import { sayDuration } from '../../times/say-time.ts'
import { addressOfRecord } from './addresses.ts'
import { layStrip } from './strip-layout.ts'

const AXIS = 24
const ABOVE = 20
/** More than these are drawn as one shape: as many elements would make the page slow. */
const SINGLE = 1_200

/** A distribution: every point, the middle half of them, and the median. */
export function StripPlot(props: { name: string; of: Distribution; records: LearningTimes['records'] }) {
  const { of, records } = props
  const { ref, width } = useElementSize()
  const go = useNavigate()
  const { quartiles } = of
  return (
    <div className="strip" ref={ref}>
      <Said of={of} />
      {quartiles && width > 0 && (
        <Drawing
          of={of}
          width={width}
          label={`${props.name}: ${of.recorded} lengths from ${sayDuration(quartiles.least)} to ${sayDuration(quartiles.most)}, median ${sayDuration(quartiles.median)}`}
          titleOf={(place) => records[place]?.title ?? ''}
          open={(place) => {
            const record = records[place]
            if (record) void go(addressOfRecord(record))
          }}
        />
      )}
    </div>
  )
}

function Said({ of: { quartiles, recorded, notRecorded, invalid } }: { of: Distribution }) {
  const rest = [
    `${recorded} recorded`,
    `${notRecorded} not recorded`,
    ...(invalid > 0 ? [`${invalid} with times that contradict each other`] : []),
  ].join(' · ')
  return (
    <p className="strip-said">
      {quartiles && (
        <>
          <strong>{sayDuration(quartiles.median)}</strong> median
          {recorded > 3 && (
            <>
              , half of them between <strong>{sayDuration(quartiles.lower)}</strong> and{' '}
              <strong>{sayDuration(quartiles.upper)}</strong>
            </>
          )}
        </>
      )}
      {quartiles ? (
        <span className="sub"> {rest}</span>
      ) : (
        <span className="dim">
          {notRecorded > 0 && invalid === 0 ? `Not recorded of any of the ${notRecorded}.` : rest}
        </span>
      )}
    </p>
  )
}

function Drawing(props: {
  of: Distribution
  width: number
  label: string
  titleOf: (place: number) => string
  open: (place: number) => void
}) {
  const { points } = props.of
  const quartiles = props.of.quartiles!
  const strip = layStrip(
    points.map(([ms]) => ms),
    props.width,
  )
  const bottom = ABOVE + strip.height
  const { radius } = strip
  return (
    <svg width={props.width} height={bottom + AXIS} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      {strip.ticks.map(({ x, label }) => (
        <g key={label}>
          <line className="strip-tick" x1={x} x2={x} y1={ABOVE - 6} y2={bottom + 3} />
          <text className="strip-label" x={x} y={bottom + 16} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {points.length > 3 && (
        <rect
          className="strip-half"
          x={strip.x(quartiles.lower)}
          width={Math.max(strip.x(quartiles.upper) - strip.x(quartiles.lower), 1)}
          y={ABOVE - 6}
          height={strip.height + 6}
          rx={3}
        />
      )}
      {points.length > SINGLE ? (
        <path
          className="strip-dot"
          d={strip.dots
            .map(
              ({ x, y }) =>
                `M${(x - radius).toFixed(1)} ${(ABOVE + y).toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`,
            )
            .join('')}
        />
      ) : (
        strip.dots.map(({ x, y }, i) => {
          const [ms, place] = points[i]!
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the longest stand below as links, for the keyboard
            <circle
              key={place}
              className="strip-dot"
              cx={x}
              cy={ABOVE + y}
              r={radius}
              onClick={() => props.open(place)}
            >
              <title>{`${sayDuration(ms)}: ${props.titleOf(place)}`}</title>
            </circle>
          )
        })
      )}
      <line
        className="strip-median"
        x1={strip.x(quartiles.median)}
        x2={strip.x(quartiles.median)}
        y1={ABOVE - 10}
        y2={bottom + 3}
      />
      <text
        className="strip-median-label"
        x={Math.min(Math.max(strip.x(quartiles.median), 34), props.width - 34)}
        y={8}
        textAnchor="middle"
      >
        median
      </text>
    </svg>
  )
}

const LONGEST = 3

/** The longest of them, by name. */
export function Longest({ of, records }: { of: Distribution; records: LearningTimes['records'] }) {
  if (of.points.length < 2) return null
  return (
    <div className="longest">
      <span className="sub">The longest</span>
      <ul>
        {of.points
          .slice(-LONGEST)
          .reverse()
          .map(([ms, place]) => (
            <li key={place}>
              <span className="numbers">{sayDuration(ms)}</span>{' '}
              <Link to={addressOfRecord(records[place]!)}>{records[place]!.title}</Link>{' '}
              <span className="sub">
                <Moment at={records[place]!.at} />
              </span>
            </li>
          ))}
      </ul>
    </div>
  )
}
