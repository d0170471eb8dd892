import { SegmentedControl, Tabs } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import type { ApiProblem } from '../api/problem.ts'
import { Loading, ProblemNote } from './feedback.tsx'
import { useFilter } from './list-state.ts'
import { More } from './more.tsx'
import { SearchBox } from './pick.tsx'

type Chosen = [value: string, choose: (value: string) => void]
/** A heading of a column; a quiet one names what needs no heading to be seen, a right one stands above numbers. */
export type Head = string | { quiet: string } | { right: string }

/** The search of a list, and what else narrows it. */
export function Filters({ search, by, children }: { search: string; by: Chosen; children?: ReactNode }) {
  return (
    <div className="filters">
      <SearchBox label={search} value={by[0]} onChange={by[1]} />
      {children}
    </div>
  )
}

/** One of a few, all of them in sight. */
export function Choose(props: { label: string; of: Chosen; among: Record<string, string> }) {
  return (
    <SegmentedControl
      aria-label={props.label}
      size="xs"
      value={props.of[0]}
      onChange={props.of[1]}
      data={Object.entries(props.among).map(([value, label]) => ({ value, label }))}
    />
  )
}

/** Lists of one room side by side; the address says which. */
export function Tabbed({ of }: { of: Record<string, { label: string; show: ReactNode }> }) {
  const first = Object.keys(of)[0]!
  const [tab, setTab] = useFilter('tab', first)
  return (
    <Tabs value={tab} onChange={(value) => setTab(value ?? first)} keepMounted={false}>
      <Tabs.List mb="md">
        {Object.entries(of).map(([value, { label }]) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(of).map(([value, { show }]) => (
        <Tabs.Panel key={value} value={value}>
          {show}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** A table of what a list answered: bars while it comes, what went wrong, or what to do where there is nothing. */
export function Listed<T extends object>(props: {
  of: {
    items: T[] | undefined
    error: ApiProblem | null
    refetch: () => unknown
    hasMore: boolean
    isLoadingMore: boolean
    loadMore: () => void
  }
  /** What the filters left of it. */
  found?: T[] | undefined
  heads: Head[]
  nothing: ReactNode
  bars?: number
  children: (one: T) => ReactNode
}) {
  const { of } = props
  const shown = 'found' in props ? props.found : of.items
  return (
    <>
      {of.error && <ProblemNote of={of.error} retry={() => void of.refetch()} />}
      {!shown && !of.error && <Loading rows={props.bars ?? 5} />}
      {shown?.length === 0 &&
        (typeof props.nothing === 'string' ? <p className="sub nothing">{props.nothing}</p> : props.nothing)}
      {shown && shown.length > 0 && (
        <Rows of={shown} heads={props.heads}>
          {props.children}
        </Rows>
      )}
      <More of={of} />
    </>
  )
}

/** The table itself: rows where there is room, cards where there is not. */
export function Rows<T extends object>(props: { of: T[]; heads: Head[]; children: (one: T) => ReactNode }) {
  return (
    <table className="rows">
      <thead>
        <tr>
          {props.heads.map((head) => {
            const [kind, text] = typeof head === 'string' ? [undefined, head] : Object.entries(head)[0]!
            return (
              <th key={text} className={kind}>
                {text}
              </th>
            )
          })}
        </tr>
      </thead>
      <tbody>
        {props.of.map((one, place) => (
          <Fragment key={'id' in one ? String(one.id) : place}>{props.children(one)}</Fragment>
        ))}
      </tbody>
    </table>
  )
}
