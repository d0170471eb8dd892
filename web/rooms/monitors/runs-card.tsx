import { useState } from 'react'
import { listRuns, type MonitorDetail, type Run } from '../../../src/contract/monitors.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { Loading, ProblemNote } from '../../parts/feedback.tsx'
import type { Head } from '../../parts/list.tsx'
import { Rows } from '../../parts/list.tsx'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { readDuration, sayDuration, sayInstant } from '../../times/say-time.ts'

const HEADS: Head[] = ['Outcome', 'Started, or was due', 'Took', 'Exit status', { quiet: 'What it said' }]
const LOOKS: Record<Run['outcome'], [is: string, say: string]> = {
  running: ['running', 'Running'],
  success: ['passed', 'Succeeded'],
  failure: ['failed', 'Failed'],
  superseded: ['cancelled', 'Superseded'],
  missed: ['missed', 'Never came'],
}
const OFTEN = 15_000

/** The runs of a heartbeat that have not ended; asked for only where there are runs. */
export function useOpenRuns(of: MonitorDetail): Run[] | undefined {
  const query = { outcome: 'running' as const, limit: 50 }
  const isJob = of.kind === 'heartbeat'
  const open = useRead(listRuns, { params: { id: of.id }, query }, { enabled: isJob, refetchInterval: OFTEN })
  return open.data?.items
}

/** The run ledger of a job: what goes on, what came of the others, and what never came. */
export function RunsCard({ of }: { of: MonitorDetail }) {
  const open = useOpenRuns(of)
  const params = { id: of.id }
  const runs = useList(listRuns, { params, query: { limit: 20 } }, { refetchInterval: OFTEN })
  const figures = useRead(listRuns, { params, query: { limit: 1 } }, { refetchInterval: OFTEN }).data
  const usual = figures?.usual ?? null
  const ended = runs.items?.filter(({ outcome }) => outcome !== 'running')
  const shown = ended && open ? [...open, ...ended] : undefined
  return (
    <Card title="Runs" lead={sayFigures(usual, figures?.missed ?? 0, open?.length ?? 0)} bare>
      {runs.error && <ProblemNote of={runs.error} retry={() => void runs.refetch()} />}
      {!shown && !runs.error && <Loading rows={4} />}
      {shown?.length === 0 && (
        <p className="sub nothing">No run was heard of yet. The ping address stands under the settings.</p>
      )}
      {shown && shown.length > 0 && (
        <Rows of={shown} heads={HEADS}>
          {(run) => <RunRow run={run} usual={usual} longest={longestRun(of)} />}
        </Rows>
      )}
      <More of={runs} />
    </Card>
  )
}

type Usual = { medianMs: number; spreadMs: number; runs: number } | null

function longestRun({ spec }: MonitorDetail): number | null {
  if (typeof spec.maxRun === 'number') return spec.maxRun
  return typeof spec.maxRun === 'string' ? readDuration(spec.maxRun) : null
}

function sayFigures(usual: Usual, missed: number, open: number): string {
  const parts = [
    ...(open > 0 ? [`${open} running`] : []),
    usual
      ? `usually ${sayDuration(usual.medianMs)}, by ${usual.runs} runs`
      : 'too few runs to say what is usual',
    ...(missed > 0 ? [`${missed} never came`] : []),
  ]
  return parts.join(' · ')
}

function RunRow({ run, usual, longest }: { run: Run; usual: Usual; longest: number | null }) {
  const [isOpen, setOpen] = useState(false)
  const [is, say] = LOOKS[run.outcome]
  return (
    <>
      <tr>
        <td className="tight">
          <State is={is} say={say} />
        </td>
        <td className="when" data-label={run.outcome === 'missed' ? 'was due' : 'started'}>
          <Began run={run} />
        </td>
        <td className="numbers" data-label="took">
          <Took run={run} usual={usual} longest={longest} />
        </td>
        <td className="numbers" data-label="exit status">
          {run.exitStatus ?? ''}
        </td>
        <td className="tight">
          {run.log && (
            <button
              type="button"
              className="text-button"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Hide the log' : 'Show the log'}
            </button>
          )}
        </td>
      </tr>
      {isOpen && run.log && (
        <tr>
          <td colSpan={5} className="wide">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre className="mono log" tabIndex={0}>
              {run.log}
            </pre>
          </td>
        </tr>
      )}
    </>
  )
}

function Began({ run }: { run: Run }) {
  const now = useNow()
  const at = run.startedAt ?? run.endedAt
  if (at === null) return null
  const isTold = run.startedAt !== null || run.outcome === 'missed'
  return (
    <>
      {!isTold && 'ended '}
      <span className="numbers">{sayInstant(Date.parse(at), now)}</span>
      <div className="sub">
        <Moment at={at} />
        {!isTold && ', its start was not told'}
        {run.rid && (
          <span title={run.rid}>
            {' '}
            · run <span className="mono">{run.rid.slice(0, 8)}</span>
          </span>
        )}
      </div>
    </>
  )
}

function Took({ run, usual, longest }: { run: Run; usual: Usual; longest: number | null }) {
  if (run.outcome === 'running' && run.startedAt)
    return (
      <>
        <Lasting since={run.startedAt} /> so far
        {longest !== null && <div className="sub">hung after {sayDuration(longest)}</div>}
      </>
    )
  if (run.durationMs === null) return null
  const against = againstUsual(run.durationMs, usual)
  return (
    <>
      {sayDuration(run.durationMs)}
      {against && <div className="sub">{against}</div>}
    </>
  )
}

// Below a second nothing stands out.
const LEAST = 1_000
// The median distance of a normal distribution as a standard deviation, five of which stand out.
const STANDS_OUT = 5 * 1.4826

/** How a run compares with the others; null where it is like them, or nothing is known of them. */
export function againstUsual(ms: number, usual: Usual): string | null {
  if (!usual || usual.medianMs <= 0) return null
  const times = ms / usual.medianMs
  const away = Math.abs(ms - usual.medianMs)
  if (away < LEAST || away <= STANDS_OUT * usual.spreadMs || (times < 1.5 && times > 0.5)) return null
  return times > 1
    ? `${times >= 10 ? Math.round(times) : times.toFixed(1)} times the usual ${sayDuration(usual.medianMs)}`
    : `far less than the usual ${sayDuration(usual.medianMs)}`
}
