import { lazy, type ReactNode, Suspense } from 'react'
import { Link } from 'react-router'
import {
  entriesOf,
  type LiveFacts,
  type LivePiece,
  parsePiece,
  readLiveFacts,
} from '../../../../src/contract/live-pieces.ts'
import { readMonitor, readMonitorHistory } from '../../../../src/contract/monitors.ts'
import { useRead } from '../../../api/hooks.ts'
import { Loading, ProblemNote } from '../../../parts/feedback.tsx'
import { ExactMoment } from '../../../parts/moment.tsx'
import { State } from '../../../parts/state.tsx'
import { sayReason } from '../../../parts/states.ts'
import { NOT_RECORDED, sayClock, sayDay, sayDuration, sayExact } from '../../../times/say-time.ts'
import { ServiceGraph } from './service-graph.tsx'

// Drawing takes a library that most texts do not need.
const HistoryPlot = lazy(async () => ({
  default: (await import('../../monitors/history-plot.tsx')).HistoryPlot,
}))

const TITLES: Record<LivePiece['kind'], string> = {
  timeline: 'Timeline',
  times: 'Times',
  plot: 'How it was seen',
  graph: 'Who stands on whom',
  actions: 'Actions',
}

/** One block of a post-mortem that is drawn from the record, or why it cannot be. */
export function LivePieceBlock({ of, info, text }: { of: string; info: string; text: string }) {
  const facts = useRead(readLiveFacts, { params: { id: of } })
  const parsed = parsePiece(info, text)
  if ('problem' in parsed) return <Wrong>{parsed.problem}</Wrong>
  const { piece } = parsed
  return (
    <section className="live-piece" data-live={piece.kind} aria-label={TITLES[piece.kind]}>
      <header>
        <span>{TITLES[piece.kind]}</span>
        <span className="sub">live</span>
      </header>
      {facts.error && <ProblemNote of={facts.error} />}
      {!facts.data && !facts.error && <Loading rows={3} />}
      {facts.data && <Piece piece={piece} facts={facts.data} />}
    </section>
  )
}

function Wrong({ children }: { children: ReactNode }) {
  return (
    <p className="live-wrong" role="note" data-live="wrong">
      <strong>This live piece cannot be shown.</strong> {children}
    </p>
  )
}

function Piece({ piece, facts }: { piece: LivePiece; facts: LiveFacts }) {
  switch (piece.kind) {
    case 'timeline':
      return <TimelinePiece piece={piece} facts={facts} />
    case 'times':
      return <TimesPiece piece={piece} facts={facts} />
    case 'plot':
      return <PlotPiece piece={piece} facts={facts} />
    case 'graph':
      return <GraphPiece piece={piece} facts={facts} />
    case 'actions':
      return <ActionsPiece piece={piece} facts={facts} />
  }
}

function TimelinePiece({ piece, facts }: { piece: LivePiece & { kind: 'timeline' }; facts: LiveFacts }) {
  const entries = entriesOf(piece, facts)
  if (entries.length === 0)
    return (
      <p className="sub">
        {facts.timeline.length === 0 ? 'No entry was recorded.' : 'No entry is of this kind and time.'}
      </p>
    )
  let day = ''
  return (
    <ol className="live-timeline">
      {entries.map((entry, place) => {
        const at = entry.at === null ? Number.NaN : Date.parse(entry.at)
        const date = Number.isNaN(at) ? '' : sayDay(at)
        const isNew = date !== day
        day = date
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries only ever come after one another
          <li key={place}>
            {isNew && date !== '' && <div className="live-day">{date}</div>}
            <div className="live-entry">
              {Number.isNaN(at) ? (
                <span className="dim">{entry.at ?? 'no time'}</span>
              ) : (
                <time dateTime={entry.at!} title={sayExact(at)}>
                  {sayClock(at, true)}
                </time>
              )}
              <span className="prose-text">
                {entry.corrected ? <s>{entry.text}</s> : entry.text}
                <span className="sub">
                  {' '}
                  {[entry.actor, sayReason(entry.kind)].filter(Boolean).join(' · ')}
                </span>
              </span>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function TimesPiece({ piece, facts }: { piece: LivePiece & { kind: 'times' }; facts: LiveFacts }) {
  if (facts.times.length === 0)
    return <Wrong>No incident belongs to this post-mortem, so it has no times.</Wrong>
  const metrics = facts.metrics.filter(({ name }) => piece.only === null || piece.only.includes(name))
  return (
    <>
      <dl className="live-metrics">
        {metrics.map(({ name, ms, status, formula }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {ms === null ? (
                <span className="dim">{status === 'invalid' ? 'contradictory' : NOT_RECORDED}</span>
              ) : (
                <strong className="numbers">{sayDuration(ms)}</strong>
              )}
              <span className="sub">{formula.replace(/^\w+ = /, '')}</span>
            </dd>
          </div>
        ))}
      </dl>
      {piece.only === null && (
        <dl className="facts">
          {facts.times.map(({ name, at }) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{sayReason(name)}</dt>
              <dd>
                <ExactMoment at={at} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

function PlotPiece({ piece, facts }: { piece: LivePiece & { kind: 'plot' }; facts: LiveFacts }) {
  const from = piece.from ?? facts.window?.from
  const to = piece.to ?? facts.window?.to
  const monitor = useRead(readMonitor, { params: { id: piece.monitor } })
  const history = useRead(
    readMonitorHistory,
    { params: { id: piece.monitor }, query: { from, to } },
    { enabled: from !== undefined && to !== undefined },
  )
  if (monitor.error?.status === 404) return <Wrong>There is no monitor "{piece.monitor}".</Wrong>
  if (from === undefined || to === undefined)
    return (
      <Wrong>
        When the incident was is not known: set <code>from</code> and <code>to</code>.
      </Wrong>
    )
  if (history.error) return <ProblemNote of={history.error} />
  if (!history.data) return <Loading rows={4} />
  return (
    <>
      <p className="sub" style={{ margin: '0 0 6px' }}>
        <Link to={`/monitors/${piece.monitor}`}>{monitor.data?.name ?? piece.monitor}</Link>,{' '}
        {sayExact(Date.parse(from))} to {sayExact(Date.parse(to))}
      </p>
      {history.data.points.length === 0 ? (
        <p className="sub">Nothing was observed in this time.</p>
      ) : (
        <Suspense fallback={<Loading rows={4} />}>
          <HistoryPlot of={history.data} />
        </Suspense>
      )}
    </>
  )
}

function GraphPiece({ piece, facts }: { piece: LivePiece & { kind: 'graph' }; facts: LiveFacts }) {
  const centre = piece.services ?? facts.graph.hit
  const strange = centre.find((id) => !facts.graph.services.some((one) => one.id === id))
  if (strange !== undefined) return <Wrong>There is no service "{strange}".</Wrong>
  if (centre.length === 0)
    return (
      <Wrong>
        No service is named: set <code>services</code>.
      </Wrong>
    )
  return <ServiceGraph of={facts.graph} centre={centre} />
}

function ActionsPiece({ piece, facts }: { piece: LivePiece & { kind: 'actions' }; facts: LiveFacts }) {
  const found = facts.actions.filter(({ state }) => piece.states === null || piece.states.includes(state))
  if (found.length === 0)
    return (
      <p className="sub">
        {facts.actions.length === 0 ? 'No action was written down.' : 'No action is in such a state.'}
      </p>
    )
  return (
    <ul className="plain-list">
      {found.map(({ id, title, type, owner, dueAt, criterion, state }) => (
        <li key={id}>
          <State is={state} room="action" /> <Link to={`/actions/${id}`}>{title}</Link>
          <div className="sub">
            {type} · {owner ?? 'nobody owns it'}
            {dueAt && ` · due ${dueAt.slice(0, 10)}`} · shown by: {criterion}
          </div>
        </li>
      ))}
    </ul>
  )
}
