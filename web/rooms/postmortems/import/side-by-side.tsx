import './import.css'
import { Button, Tabs } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { CorrectBar } from './correct-bar.tsx'
import type { Correction } from './documents.ts'
import { ResultView } from './result-view.tsx'
import { SourceView } from './source-view.tsx'
import { reveal } from './use-listbox.ts'
import type { Place, ReadValues } from './values.ts'

/** What of the source the reviewer speaks of: mostly one part of it. */
export type Choice = readonly Place[]

const NONE: ReadonlySet<number> = new Set()
const NARROW = '(max-width: 900px)'

/** The source beside what was read in it; whatever one points at on one side is marked on the other. */
export function SideBySide(props: {
  source: string
  values: ReadValues
  fresh?: ReadonlySet<number>
  /** Left out where nothing can be corrected any more. */
  onCorrect?: ((corrections: Correction[]) => void) | undefined
  onUndo?: (() => void) | undefined
}) {
  const { source, values, fresh = NONE, onCorrect, onUndo } = props
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches)
  const [tab, setTab] = useState<string | null>('result')
  const [near, setNear] = useState<number | null>(null)
  const [pinned, setPinned] = useState<number | null>(null)
  const [chosen, setChosen] = useState<{ parts: Choice; act: boolean } | null>(null)
  const left = useRef<HTMLElement>(null)
  const right = useRef<HTMLElement>(null)
  const back = useRef<HTMLElement | null>(null)
  const active = near ?? pinned

  // What is read anew has other values under these numbers.
  useEffect(() => {
    void values
    setNear(null)
    setPinned(null)
    setChosen(null)
  }, [values])
  useLayoutEffect(() => {
    if (active === null) return
    const marked = [left, right].flatMap(({ current }) => [
      ...(current?.querySelectorAll(`[data-v~="${active}"]`) ?? []),
    ])
    for (const one of marked) one.setAttribute('data-active', '')
    return () => {
      for (const one of marked) one.removeAttribute('data-active')
    }
  })
  const point = useCallback((from: 'source' | 'result', value: number | null, hard: boolean) => {
    if (hard) setPinned(value)
    setNear(hard ? null : value)
    const other = from === 'source' ? right.current : left.current
    if (value !== null && other)
      reveal(other, other.querySelector(`[data-v~="${value}"]`), hard ? 'middle' : 'nearest')
  }, [])
  const choose = useCallback((parts: Choice, act: boolean) => {
    if (act) back.current = document.activeElement as HTMLElement | null
    setChosen({ parts, act })
  }, [])
  const pointInSource = useCallback(
    (value: number | null, hard: boolean) => point('source', value, hard),
    [point],
  )
  const pointInResult = useCallback(
    (value: number | null, hard: boolean) => point('result', value, hard),
    [point],
  )
  const chooseValue = useCallback(
    (parts: Choice, act: boolean) => {
      if (parts.some(({ from, to }) => to > from)) choose(parts, act)
      if (narrow && !act) setTab('source')
    },
    [choose, narrow],
  )
  // On a small screen the other side is there only once its tab is turned to.
  const pin = useRef(pinned)
  pin.current = pinned
  useEffect(() => {
    const pane = tab === 'source' ? left.current : right.current
    if (narrow && pane) reveal(pane, pane.querySelector(`[data-v~="${pin.current}"]`), 'middle')
  }, [tab, narrow])
  const doubts = useMemo(() => values.all.filter(({ doubt }) => doubt), [values])
  const lookAtNext = () => {
    const next = doubts.find(({ id }) => pinned === null || id > pinned) ?? doubts[0]!
    setPinned(next.id)
    setNear(null)
    for (const { current } of [left, right])
      if (current) reveal(current, current.querySelector(`[data-v~="${next.id}"]`), 'middle')
  }
  const close = () => {
    setChosen(null)
    document.getSelection()?.removeAllRanges()
    back.current?.focus({ preventScroll: true })
    back.current = null
  }
  const readAs = useMemo(() => {
    if (!chosen) return null
    const holds = values.all.filter(
      ({ places, topic }) =>
        topic !== 'finding' &&
        topic !== 'proposal' &&
        places.some((one) => chosen.parts.some((part) => one.from < part.to && one.to > part.from)),
    )
    return [...new Set(holds.map(({ topic }) => topic))]
  }, [values, chosen])

  const sourcePane = (
    <section className="pane" ref={left} aria-label="Source">
      <SourceView
        source={source}
        values={values.all}
        chosen={chosen?.parts ?? null}
        onPoint={pointInSource}
        onChoose={choose}
      />
    </section>
  )
  const resultPane = (
    <section className="pane" ref={right} aria-label="Result">
      <ResultView of={values} fresh={fresh} onPoint={pointInResult} onChoose={chooseValue} />
    </section>
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for what a button does too
    <div
      className="side-by-side"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && chosen) close()
        if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || !onUndo) return
        event.preventDefault()
        onUndo()
      }}
    >
      {doubts.length > 0 && onCorrect && (
        <div className="look-at">
          <span>
            {doubts.length === 1 ? 'One thing' : `${doubts.length} things`} to look at: what is unsure, or odd
          </span>
          <Button size="compact-xs" variant="default" onClick={lookAtNext}>
            Show the next
          </Button>
        </div>
      )}
      {narrow ? (
        <Tabs value={tab} onChange={setTab}>
          <Tabs.List grow aria-label="What to show">
            <Tabs.Tab value="source">Source</Tabs.Tab>
            <Tabs.Tab value="result">Result</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="source">{sourcePane}</Tabs.Panel>
          <Tabs.Panel value="result">{resultPane}</Tabs.Panel>
        </Tabs>
      ) : (
        <div className="panes">
          {sourcePane}
          {resultPane}
        </div>
      )}
      {chosen && onCorrect && (
        <CorrectBar
          key={JSON.stringify(chosen.parts)}
          source={source}
          chosen={chosen.parts}
          focus={chosen.act}
          readAs={readAs ?? []}
          onCorrect={(corrections) => {
            close()
            onCorrect(corrections)
          }}
          onClose={close}
        />
      )}
    </div>
  )
}
