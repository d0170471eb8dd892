import { IconRepeat } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { z } from 'zod'
import {
  type ComeBack,
  type Recurrence,
  type Recurring,
  readRecurrence,
} from '../../../src/contract/learning.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited, Empty } from '../../parts/feedback.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { addressOfRecord, addressOfSearch } from './addresses.ts'

type Query = z.input<(typeof readRecurrence)['query']>

/** Classes, triggers, factors and services over time; and first what came back. */
export function RecurrenceView({ query }: { query: Query }) {
  const recurrence = useRead(readRecurrence, { query }, { keep: true })
  return <Awaited of={recurrence}>{(of) => <Shown of={of} query={query} />}</Awaited>
}

function Shown({ of, query }: { of: Recurrence; query: Query }) {
  if (of.records === 0)
    return (
      <div className="card">
        <Empty icon={<IconRepeat />} title="Nothing to learn from yet">
          Incidents count as soon as they are declared, and post-mortems from elsewhere once they are
          imported.
        </Empty>
      </div>
    )
  const { service, severity, from, to } = query
  const search = (filter: Record<string, string>) =>
    addressOfSearch({
      ...{ service, severity },
      ...filter,
      ...(from || to ? { period: periodOf(from) } : {}),
    })
  return (
    <div className="stack">
      <CameBack of={of.cameBack} />
      <div className="recurring-cards">
        <Counted
          title="Failure classes"
          of={of}
          rows={of.classes}
          unknown={of.unknown.classes}
          to={(id) => search({ failureClass: id })}
        />
        <Counted
          title="Triggers"
          of={of}
          rows={of.triggers}
          unknown={of.unknown.triggers}
          to={(id) => search({ trigger: id })}
        />
        <Counted title="Contributing factors" of={of} rows={of.factors} unknown={of.unknown.factors} />
        <Counted title="Services" of={of} rows={of.services} to={(id) => search({ service: id })} />
      </div>
      <p className="sub">
        {of.records === 1 ? 'One record' : `${of.records} records`}: every incident, and every post-mortem of
        one that was not run here, at the time at which it happened. Classes, triggers and factors are read
        from the text until somebody says better on its page.
      </p>
    </div>
  )
}

// The address of the search names a period as this page does; it stands in the address of this page already.
function periodOf(from: string | undefined): string | undefined {
  return from === undefined
    ? undefined
    : (new URLSearchParams(window.location.search).get('period') ?? undefined)
}

const MOST = 8

function Counted(props: {
  title: string
  of: Recurrence
  rows: Recurring[]
  unknown?: number
  to?: (id: string) => string
}) {
  const { rows, of } = props
  const tallest = Math.max(1, ...rows.flatMap(({ counts }) => counts))
  const names = of.periods.map(({ name }) => name)
  return (
    <Card
      title={props.title}
      aside={<span className="sub">{names.length > 1 ? `${names[0]} – ${names.at(-1)}` : names[0]}</span>}
    >
      {rows.length === 0 && <p className="sub">None is known.</p>}
      <ul className="counted">
        {rows.slice(0, MOST).map((row) => (
          <li key={row.id}>
            <span className="counted-name">
              {props.to ? <Link to={props.to(row.id)}>{row.title}</Link> : row.title}
            </span>
            <Bars of={row} names={names} tallest={tallest} />
            <span className="counted-sum numbers">{row.count}</span>
          </li>
        ))}
      </ul>
      {(rows.length > MOST || (props.unknown ?? 0) > 0) && (
        <p className="sub">
          {[
            ...(rows.length > MOST ? [`${rows.length - MOST} more`] : []),
            ...(props.unknown ? [`not known of ${props.unknown} of ${of.records}`] : []),
          ].join(' · ')}
        </p>
      )}
    </Card>
  )
}

const HEIGHT = 26

function Bars({ of, names, tallest }: { of: Recurring; names: string[]; tallest: number }) {
  const said = of.counts.flatMap((count, i) => (count > 0 ? [`${names[i]}: ${count}`] : [])).join(', ')
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${names.length * 10} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      {of.counts.map((count, i) => {
        const height = count === 0 ? 1 : Math.max(3, (count / tallest) * HEIGHT)
        return (
          <rect
            key={names[i]}
            className={count === 0 ? 'bar-none' : 'bar'}
            x={i * 10 + 1}
            width={8}
            y={HEIGHT - height}
            height={height}
          />
        )
      })}
    </svg>
  )
}

type Closed = ComeBack['action']['closed']

const CLOSED: Record<Closed, [before: string, after: string]> = {
  proved: ['was proved', ''],
  stale: ['was proved once; its proof grew old', ''],
  claimed: ['was claimed to be done', ''],
  'said-done': ['was done', ', as its document says'],
}

/** Several actions may have been closed against one cause: it is told once, with all of them. */
function byCause(of: ComeBack[]): ComeBack[][] {
  return [...Map.groupBy(of, ({ kind, id }) => `${kind} ${id}`).values()]
}

function CameBack({ of }: { of: ComeBack[] }) {
  return (
    <Card
      title="Came back after it was closed"
      lead={of.length > 0 ? 'An action was done, and the same struck again.' : undefined}
    >
      {of.length === 0 ? (
        <p className="sub">No failure class came back to a service after an action against it was closed.</p>
      ) : (
        <ul className="came-back">
          {byCause(of).map((all) => (
            <Cause key={`${all[0]!.kind} ${all[0]!.id}`} of={all} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const MOST_ACTIONS = 3
const MOST_AGAIN = 4

function Cause({ of }: { of: ComeBack[] }) {
  const again = [
    ...new Map(of.flatMap((one) => one.again.map((other) => [other.id, other]))).values(),
  ].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const last = again[0]!
  return (
    <li>
      <div>
        <strong>{of[0]!.title}</strong>{' '}
        <span className="sub">
          came back {again.length === 1 ? 'once' : `${again.length} times`}, last <Moment at={last.at} />
        </span>
      </div>
      <div className="came-back-sides">
        <div>
          <span className="sub">Closed</span>
          <ul data-side="closed">
            {of.slice(0, MOST_ACTIONS).map(({ action, first }) => (
              <li key={action.id}>
                <Link to={`/actions/${action.id}`}>{action.title}</Link>{' '}
                <span className="sub">
                  {CLOSED[action.closed][0]} <Moment at={action.at} />
                  {CLOSED[action.closed][1]}; after <RecordLink of={first} />
                </span>
              </li>
            ))}
            {of.length > MOST_ACTIONS && <li className="sub">and {of.length - MOST_ACTIONS} more</li>}
          </ul>
        </div>
        <div>
          <span className="sub">And again</span>
          <ul data-side="again">
            {again.slice(0, MOST_AGAIN).map((one) => (
              <li key={one.id}>
                <RecordLink of={one} />{' '}
                <span className="sub">
                  <Moment at={one.at} />
                  {one.services.length > 0 && ` · ${one.services.join(', ')}`}
                </span>
              </li>
            ))}
            {again.length > MOST_AGAIN && <li className="sub">and {again.length - MOST_AGAIN} more</li>}
          </ul>
        </div>
      </div>
    </li>
  )
}

function RecordLink({ of }: { of: ComeBack['first'] }) {
  return <Link to={addressOfRecord(of)}>{of.title}</Link>
}
