import 'uplot/dist/uPlot.min.css'
import './forecast-card.css'
import { useMantineColorScheme } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconInfoCircle,
} from '@tabler/icons-react'
import { useEffect, useMemo, useRef } from 'react'
import UPlot from 'uplot'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { Card } from '../../parts/page.tsx'
import { useNow } from '../../times/now.ts'
import { sayClock, sayDay } from '../../times/say-time.ts'
import { type MetricView, metricView, type Plot, plotOf } from './forecast-data.ts'
import { type Said, sayMetric, sayValue } from './say-metric.ts'

const HEIGHT = 230
const SIGNS = {
  bad: IconCircleXFilled,
  warn: IconAlertTriangleFilled,
  good: IconCircleCheckFilled,
  plain: IconInfoCircle,
} as const

/** Whether a monitor has values that can be drawn. */
export function hasForecast(of: MonitorDetail): boolean {
  return metricView(of) !== null
}

/** A metric: its values, where they lead, and when that is too far. */
export function ForecastCard({ of }: { of: MonitorDetail }) {
  const now = useNow()
  const view = useMemo(() => metricView(of), [of])
  const plot = useMemo(() => (view ? plotOf(view) : null), [view])
  if (!view || !plot) return null
  const said = sayMetric(view, now)
  return (
    <Card title={view.backlog ? 'Backlog' : 'Values'} lead={<span className="mono">{view.name}</span>}>
      {said.map((one) => (
        <Sentence key={one.text} of={one} />
      ))}
      {plot.beyond.map(({ word, value }) => (
        <p key={word} className="sub" style={{ margin: '0 0 6px' }}>
          {word}: {sayValue(value, view.unit)}, too far away to be drawn.
        </p>
      ))}
      <Drawn view={view} plot={plot} label={labelOf(view, said)} />
    </Card>
  )
}

function Sentence({ of: { tone, text, more } }: { of: Said }) {
  const Sign = SIGNS[tone]
  return (
    <div className="forecast-said" data-tone={tone}>
      <Sign size={17} aria-hidden="true" />
      <div>
        <strong>{text}</strong>
        {more && <div className="sub">{more}</div>}
      </div>
    </div>
  )
}

function labelOf({ points, unit }: MetricView, said: Said[]): string {
  const values = points.map(([, value]) => value)
  const range = `between ${sayValue(Math.min(...values), unit)} and ${sayValue(Math.max(...values), unit)}`
  return `Values over time, ${range}. ${said.map(({ text }) => text).join('. ')}`
}

function Drawn({ view, plot, label }: { view: MetricView; plot: Plot; label: string }) {
  const place = useRef<HTMLDivElement>(null)
  const read = useRef<HTMLParagraphElement>(null)
  const { colorScheme } = useMantineColorScheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the scheme
  useEffect(() => {
    const element = place.current
    if (!element) return
    const drawn = new UPlot(optionsOf(element, view, plot, read), columnsOf(plot), element)
    const watch = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      drawn.destroy()
    }
  }, [view, plot, colorScheme])
  return (
    <>
      <div ref={place} role="img" aria-label={label} />
      <p ref={read} className="sub forecast-read" aria-hidden="true">
        {REST}
      </p>
      <PlotLegend view={view} plot={plot} />
    </>
  )
}

// Steps of an axis of lengths of time, in seconds: nobody counts in steps of 16 minutes 40.
const LENGTHS = [0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200].concat(
  [1, 2, 5, 10, 30, 100, 365].map((days) => days * 86_400),
)
const REST = 'Point at the plot to read it.'

const columnsOf = ({ x, measured, line, low, high, limits }: Plot): UPlot.AlignedData => [
  x,
  measured,
  line,
  low,
  high,
  ...limits.map(({ value }) => x.map(() => value)),
]

function optionsOf(
  element: HTMLElement,
  { unit }: MetricView,
  plot: Plot,
  read: React.RefObject<HTMLParagraphElement | null>,
): UPlot.Options {
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
  const [accent, bad, plain] = [colour('--accent'), colour('--bad-solid'), colour('--plain-solid')]
  const ink = colour('--mantine-color-text')
  const say = (value: number | null | undefined) =>
    value === null || value === undefined ? null : sayValue(value, unit)
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [14, 26, 0, 0],
    cursor: { drag: { x: false, y: false }, y: false },
    legend: { show: false },
    scales: {
      x: { time: true, range: [plot.from / 1_000, plot.to / 1_000] },
      y: { range: [plot.bottom, plot.top] },
    },
    axes: [
      {
        ...axis,
        size: 34,
        values: (_, ticks, __, ___, step) => ticks.map((at) => tickLabel(at * 1_000, step)),
      },
      {
        ...axis,
        size: unit === 'seconds' ? 84 : 66,
        ...(unit === 'seconds' && { incrs: LENGTHS }),
        values: (_, ticks) => ticks.map((value) => (value === 0 ? '0' : sayValue(value, unit))),
      },
    ],
    bands: [{ series: [4, 3], fill: faded(accent, 0.18) }],
    series: [
      {},
      { label: 'Measured', stroke: ink, width: 1.75, spanGaps: true, points: { show: plot.x.length < 40 } },
      { label: 'Fitted', stroke: accent, width: 1.75, dash: [8, 4], spanGaps: true, points: { show: false } },
      { label: 'Lowest', stroke: accent, width: 1, dash: [2, 3], points: { show: false } },
      { label: 'Highest', stroke: accent, width: 1, dash: [2, 3], points: { show: false } },
      ...plot.limits.map(({ word }) => ({ label: word, stroke: bad, width: 2, points: { show: false } })),
    ],
    hooks: {
      draw: [(drawn) => drawMarks(drawn, plot, { restart: plain, checked: plain, reached: bad })],
      setCursor: [
        ({ cursor, data }) => {
          if (!read.current) return
          const index = cursor.idx
          if (index === null || index === undefined) {
            read.current.textContent = REST
            return
          }
          const at = data[0][index]! * 1_000
          const [measured, fitted, low, high] = [1, 2, 3, 4].map((column) => say(data[column]?.[index]))
          const parts = [
            measured && `measured ${measured}`,
            fitted && `fitted ${fitted}`,
            low && high && `between ${low} and ${high}`,
          ].filter(Boolean)
          read.current.textContent = `${sayDay(at)} ${sayClock(at)}: ${parts.join(', ')}`
        },
      ],
    },
  }
}

function faded(colour: string, share: number): string {
  const numbers = colour.match(/[\d.]+/g)?.slice(0, 3) ?? ['128', '128', '128']
  return `rgba(${numbers.join(', ')}, ${share})`
}

function drawMarks(
  plot: UPlot,
  { marks }: Plot,
  colours: Record<Plot['marks'][number]['kind'], string>,
): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio || 1
  ctx.save()
  for (const { at, kind } of marks) {
    const x = Math.round(plot.valToPos(at / 1_000, 'x', true))
    ctx.strokeStyle = colours[kind]
    ctx.lineWidth = kind === 'reached' ? 1.5 * ratio : ratio
    ctx.setLineDash(
      kind === 'restart' ? [ratio, 4 * ratio] : kind === 'checked' ? [5 * ratio, 4 * ratio] : [],
    )
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    if (kind === 'restart') continue
    const word = kind === 'checked' ? 'now' : `${sayDay(at).slice(4)} ${sayClock(at)}`
    ctx.font = `${11 * ratio}px system-ui, sans-serif`
    ctx.fillStyle = colours[kind]
    ctx.textAlign = 'left'
    ctx.textBaseline = 'alphabetic'
    const wide = ctx.measureText(word).width
    const left = Math.min(Math.max(x - wide / 2, bbox.left), bbox.left + bbox.width - wide)
    ctx.fillText(word, left, bbox.top - 4 * ratio)
  }
  ctx.restore()
}

function tickLabel(at: number, stepSeconds: number): string {
  if (stepSeconds >= 86_400) return sayDay(at).slice(4)
  if (stepSeconds < 60) return sayClock(at, true)
  return new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0 ? sayDay(at).slice(4) : sayClock(at)
}

function PlotLegend({ view, plot }: { view: MetricView; plot: Plot }) {
  const has = (column: (number | null)[]) => column.some((value) => value !== null)
  const restarts = plot.marks.filter(({ kind }) => kind === 'restart').length
  return (
    <ul className="legend">
      <li>
        <Stroke colour="var(--mantine-color-text)" /> measured
      </li>
      {has(plot.line) && (
        <li>
          <Stroke colour="var(--accent)" dash="6 3" /> {view.backlog ? 'as it goes on' : 'fitted line'}
        </li>
      )}
      {has(plot.low) && has(plot.high) && (
        <li>
          <svg width="22" height="12" aria-hidden="true">
            <rect width="22" height="12" fill="var(--accent)" opacity="0.18" />
            <path d="M0 .5H22M0 11.5H22" stroke="var(--accent)" strokeDasharray="2 3" />
          </svg>{' '}
          where it leads in nineteen of twenty cases
        </li>
      )}
      {plot.limits.map(({ word, value }) => (
        <li key={word}>
          <Stroke colour="var(--bad-solid)" /> {word.toLowerCase()}:{' '}
          <strong className="numbers">{sayValue(value, view.unit)}</strong>
        </li>
      ))}
      {restarts > 0 && (
        <li>
          <svg width="10" height="12" aria-hidden="true">
            <path d="M5 0V12" stroke="var(--plain-solid)" strokeDasharray="1 3" strokeWidth="1.5" />
          </svg>{' '}
          put back, as by a restart
        </li>
      )}
    </ul>
  )
}

function Stroke({ colour, dash }: { colour: string; dash?: string }) {
  return (
    <svg width="22" height="12" aria-hidden="true">
      <path d="M0 6H22" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  )
}
