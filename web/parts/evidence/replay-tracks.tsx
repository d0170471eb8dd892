import { sayDuration } from '../../times/say-time.ts'
import type { Replayed } from './read-evidence.ts'
import { drawnUntil, type Phases, phasesOf } from './replay-pace.ts'

interface Stretch {
  first: number
  last: number
}

/** Both timelines on one axis: how long nobody knew, how long nobody was reached, and what happened when. */
export function ReplayTracks({ of, until, first, last }: { of: Replayed; until: number | null } & Stretch) {
  if (last <= first) return null
  const gained = (what: 'noticed' | 'reached') => of.gained?.find((one) => one.what === what)
  const was: Phases = { noticed: gained('noticed')?.wasMs ?? null, reached: gained('reached')?.wasMs ?? null }
  const would = of.gained
    ? { noticed: gained('noticed')?.wouldMs ?? null, reached: gained('reached')?.wouldMs ?? null }
    : phasesOf(of.wouldBe)
  const over =
    of.asItWas?.findLast(({ what }) => what === 'resolved' || what === 'mitigated')?.afterMs ?? last
  const drawn = drawnUntil(last, of.asItWas ? [was, would] : [would])
  const stretch = { first, last: drawn }
  return (
    <div className="replay-tracks">
      {of.asItWas && (
        <Track name="As it was" lines={of.asItWas} phases={was} end={over} stretch={stretch} until={until} />
      )}
      <Track
        name={of.asItWas ? 'Today' : 'In virtual time'}
        lines={of.wouldBe}
        phases={would}
        end={last}
        stretch={stretch}
        until={until}
      />
      <div className="replay-axis" aria-hidden="true">
        <span>onset</span>
        <span>
          +{sayDuration(drawn)}
          {drawn < last && ` … over after ${sayDuration(last)}`}
        </span>
      </div>
      <ul className="replay-legend">
        <li data-phase="unseen">nobody knows</li>
        <li data-phase="seen">known, nobody reached</li>
        <li data-phase="handled">somebody reached</li>
      </ul>
    </div>
  )
}

function Track(props: {
  name: string
  lines: Replayed['wouldBe']
  phases: Phases
  end: number
  stretch: Stretch
  until: number | null
}) {
  const { name, lines, phases, end, stretch, until } = props
  const { noticed, reached } = phases
  const at = (moment: number) =>
    `${(100 * (Math.min(moment, stretch.last) - stretch.first)) / (stretch.last - stretch.first)}%`
  const spans = [
    { phase: 'unseen', from: 0, to: noticed ?? reached ?? end },
    { phase: 'seen', from: noticed, to: reached ?? end },
    { phase: 'handled', from: reached, to: end },
  ]
  const shown = until ?? Number.POSITIVE_INFINITY
  return (
    <div className="replay-track">
      <span className="replay-track-name">{name}</span>
      <div className="replay-lane" role="img" aria-label={sayPhases(name, phases)}>
        {spans.map(({ phase, from, to }) => {
          if (from === null || to <= from || from > shown) return null
          const upTo = Math.min(to, shown)
          return (
            <span
              key={phase}
              className="replay-span"
              data-phase={phase}
              style={{ left: at(from), width: `calc(${at(upTo)} - ${at(from)})` }}
            />
          )
        })}
        {lines.map((line, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: evidence never changes
            key={place}
            className="replay-dot"
            data-what={line.what}
            data-come={line.afterMs <= shown}
            style={{ left: at(line.afterMs) }}
          />
        ))}
        {until !== null && <span className="replay-head" style={{ left: at(until) }} />}
      </div>
    </div>
  )
}

function sayPhases(name: string, { noticed, reached }: Phases): string {
  const known = noticed === null ? 'when it was known is not recorded' : `known after ${sayDuration(noticed)}`
  const on =
    reached === null
      ? 'when somebody was reached is not recorded'
      : `somebody reached after ${sayDuration(reached)}`
  return `${name}: ${known}, ${on}`
}
