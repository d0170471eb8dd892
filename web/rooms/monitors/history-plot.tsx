import 'uplot/dist/uPlot.min.css'
import { useMantineColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import type { History } from '../../../src/contract/monitors.ts'
import { sayClock, sayDay } from '../../times/say-time.ts'
import { type BandState, bandSegments, latencyColumns, sayShare, shares } from './plot-data.ts'

const LEFT = 58
const RIGHT = 12
const HEIGHT = 190

/** Latency as a line and, on the same axis of time, the verdict as a band told apart by colour and by pattern. */
export function HistoryPlot({ of }: { of: History }) {
  const parts = shares(of.points)
  return (
    <div>
      <LatencyLine of={of} />
      <VerdictBand of={of} />
      <ul className="legend">
        {(['up', 'degraded', 'down', 'unknown', 'maintenance'] as const).map((state) => (
          <li key={state}>
            <Swatch state={state} /> {state}{' '}
            <strong className="numbers">{parts ? sayShare(parts[state]) : '–'}</strong>
          </li>
        ))}
        <li className="dim">Each stretch shows the worst in it; shares are of the time observed.</li>
      </ul>
    </div>
  )
}

function LatencyLine({ of }: { of: History }) {
  const place = useRef<HTMLDivElement>(null)
  const { colorScheme } = useMantineColorScheme()
  const isEmpty = of.points.every((point) => point.tookMs === null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the scheme
  useEffect(() => {
    const element = place.current
    if (!element || isEmpty) return
    // A canvas knows no variables: the element says which colour of the two schemes it is.
    const colour = (name: string) => {
      element.style.color = `var(${name})`
      return getComputedStyle(element).color
    }
    const axis = {
      stroke: colour('--mantine-color-dimmed'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { stroke: colour('--line'), width: 1 },
      font: '11px system-ui, sans-serif',
    }
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [8, RIGHT, 0, 0],
        cursor: { drag: { x: false, y: false }, y: false },
        legend: { show: true, live: true },
        scales: {
          x: { time: true, range: [Date.parse(of.from) / 1_000, Date.parse(of.to) / 1_000] },
          y: { range: (_, __, max) => [0, Math.max(max * 1.1, 10)] },
        },
        axes: [
          { ...axis, values: (_, ticks, __, ___, step) => ticks.map((at) => tickLabel(at * 1_000, step)) },
          {
            ...axis,
            size: LEFT,
            values: (_, ticks) => ticks.map((ms) => (ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`)),
          },
        ],
        series: [
          {
            value: (_, at) => (at === null ? '' : `${sayDay(at * 1_000)} ${sayClock(at * 1_000)}`),
            label: 'At',
          },
          {
            label: 'Latency',
            stroke: colour('--accent'),
            width: 1.75,
            value: milliseconds,
            points: { show: of.points.length < 60 },
          },
          {
            label: 'Slowest',
            stroke: colour('--plain-solid'),
            width: 1,
            dash: [4, 4],
            value: milliseconds,
            points: { show: false },
          },
        ],
      },
      latencyColumns(of.points),
      element,
    )
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [of, colorScheme, isEmpty])
  if (isEmpty)
    return (
      <p className="sub" style={{ padding: '28px 0', textAlign: 'center', margin: 0 }}>
        No latency was measured in this time.
      </p>
    )
  return <div ref={place} role="img" aria-label={describeLatency(of)} />
}

function milliseconds(_: UPlot, value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} ms`
}

function tickLabel(at: number, stepSeconds: number): string {
  if (stepSeconds >= 86_400) return sayDay(at).slice(4)
  return new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0 ? sayDay(at).slice(4) : sayClock(at)
}

function describeLatency(of: History): string {
  const measured = of.points.flatMap((point) => (point.tookMs === null ? [] : [point.tookMs]))
  const low = Math.round(Math.min(...measured))
  const high = Math.round(Math.max(...measured))
  return `Latency over time, between ${low} and ${high} milliseconds`
}

function VerdictBand({ of }: { of: History }) {
  const start = Date.parse(of.from)
  const length = Date.parse(of.to) - start
  const x = (at: number) => ((at - start) / length) * 100
  const segments = bandSegments(of)
  const worst = segments.filter(({ state }) => state === 'down').length
  return (
    <div style={{ padding: `0 ${RIGHT}px 0 ${LEFT}px` }}>
      <svg
        width="100%"
        height="22"
        role="img"
        aria-label={`Verdicts over time: ${segments.length} stretches, ${worst} of them down`}
        style={{ display: 'block', background: 'var(--sunken)', borderRadius: 3 }}
      >
        <Patterns prefix="band" />
        {segments.map(({ from, to, state }) => (
          <rect
            key={from}
            x={`${x(from)}%`}
            width={`${Math.max(x(to) - x(from), 0.2)}%`}
            y="0"
            height="22"
            fill={fillOf(state, 'band')}
          >
            <title>{`${state}: ${sayDay(from)} ${sayClock(from)} – ${sayDay(to)} ${sayClock(to)}`}</title>
          </rect>
        ))}
      </svg>
    </div>
  )
}

function fillOf(state: BandState, prefix: string): string {
  if (state === 'none') return 'transparent'
  return state === 'up' ? 'var(--good-solid)' : `url(#${prefix}-${state})`
}

function Swatch({ state }: { state: BandState }) {
  return (
    <svg width="16" height="12" aria-hidden="true">
      <Patterns prefix={`swatch-${state}`} />
      <rect width="16" height="12" rx="2" fill={fillOf(state, `swatch-${state}`)} />
    </svg>
  )
}

/** Slanted lines, dots, crosses and bars: told apart without seeing colours. */
function Patterns({ prefix }: { prefix: string }) {
  const box = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' } as const
  const light = 'rgba(255,255,255,.75)'
  return (
    <defs>
      <pattern id={`${prefix}-degraded`} {...box}>
        <rect width="6" height="6" fill="var(--warn-solid)" />
        <path d="M0 6 6 0" stroke="rgba(0,0,0,.45)" strokeWidth="1.2" />
      </pattern>
      <pattern id={`${prefix}-down`} {...box}>
        <rect width="6" height="6" fill="var(--bad-solid)" />
        <path d="M0 0 6 6M0 6 6 0" stroke={light} strokeWidth="1" />
      </pattern>
      <pattern id={`${prefix}-unknown`} {...box}>
        <rect width="6" height="6" fill="var(--unclear-solid)" />
        <circle cx="3" cy="3" r="1.3" fill={light} />
      </pattern>
      <pattern id={`${prefix}-maintenance`} {...box}>
        <rect width="6" height="6" fill="var(--calm-solid)" />
        <path d="M0 3H6" stroke={light} strokeWidth="1.6" />
      </pattern>
    </defs>
  )
}
