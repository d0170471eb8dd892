import { memo, type PointerEvent, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react'
import { type Segment, segmentsOf, type Unit, unitsOf, within } from './segments.ts'
import type { Choice } from './side-by-side.tsx'
import { TOPICS } from './topics.ts'
import { useListbox } from './use-listbox.ts'
import { type Place, sayConfidence, UNSURE, type Value } from './values.ts'

/** Units that are drawn, or left undrawn while they are out of sight, together. */
const CHUNK = 40

interface Props {
  source: string
  values: readonly Value[]
  chosen: Choice | null
  /** The pointer or the keyboard is at this value; null: at none. */
  onPoint: (value: number | null, hard: boolean) => void
  /** A part of the source is chosen; `act`: by the key that asks what it is. */
  onChoose: (part: Choice, act: boolean) => void
}

/** The source text with everything that was read in it marked, in parts that can be chosen one by one. */
export function SourceView({ source, values, chosen, onPoint, onChoose }: Props) {
  const prefix = useId()
  const box = useRef<HTMLDivElement>(null)
  const anchor = useRef<Unit | null>(null)
  const units = useMemo(() => unitsOf(source), [source])
  const segments = useMemo(() => segmentsOf(values), [values])
  const chunks = useMemo(
    () =>
      Array.from({ length: Math.ceil(units.length / CHUNK) }, (_, i) =>
        units.slice(i * CHUNK, (i + 1) * CHUNK),
      ),
    [units],
  )
  const unitOf = (option: HTMLElement): Unit => {
    const from = Number(option.dataset.from)
    return units.find((unit) => unit.from === from)!
  }
  const list = useListbox({
    onMove(option, extend) {
      const unit = unitOf(option)
      const first = option.querySelector<HTMLElement>('mark')
      onPoint(first ? topOf(first) : null, true)
      option.scrollIntoView({ block: 'nearest' })
      if (!extend) anchor.current = unit
      else if (anchor.current) onChoose([spanOf(anchor.current, unit)], false)
    },
    onEnter(option) {
      const unit = unitOf(option)
      const within = chosen?.some(({ from, to }) => from <= unit.from && unit.to <= to)
      onChoose(chosen && within ? chosen : [unit], true)
    },
  })
  // What the reader selects like any text. The selection of a touch screen grows without any event of a pointer.
  const choose = useRef(onChoose)
  choose.current = onChoose
  useEffect(() => {
    const follow = () => {
      const part = box.current && selectedIn(box.current, source)
      if (part) choose.current([part], false)
    }
    document.addEventListener('selectionchange', follow)
    return () => document.removeEventListener('selectionchange', follow)
  }, [source])
  useLayoutEffect(() => {
    if (!chosen || !box.current) return
    const inside = [...box.current.querySelectorAll<HTMLElement>('.unit')].filter(({ dataset }) => {
      return chosen.some(({ from, to }) => Number(dataset.from) < to && Number(dataset.to) > from)
    })
    for (const unit of inside) unit.setAttribute('aria-selected', 'true')
    return () => {
      for (const unit of inside) unit.removeAttribute('aria-selected')
    }
  })
  const hover = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse') return
    const mark = (event.target as Element).closest<HTMLElement>('mark')
    onPoint(mark ? topOf(mark) : null, false)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter does what a click does, in useListbox
    <div
      {...list.props}
      role="listbox"
      tabIndex={0}
      ref={box}
      className="source-text"
      aria-label="Source text"
      aria-multiselectable
      onPointerOver={hover}
      onPointerLeave={() => onPoint(null, false)}
      onMouseDown={(event) => {
        // With Shift whole parts are chosen, not the letters between.
        if (!event.shiftKey || !anchor.current) return
        event.preventDefault()
        document.getSelection()?.removeAllRanges()
        event.currentTarget.focus({ preventScroll: true })
      }}
      onClick={(event) => {
        if (!document.getSelection()?.isCollapsed) return
        const target = event.target as Element
        const option = target.closest<HTMLElement>('.unit')
        if (!option) return
        const mark = target.closest<HTMLElement>('mark')
        list.setCurrent(option.id)
        if (mark) onPoint(topOf(mark), true)
        const unit = unitOf(option)
        if (event.shiftKey && anchor.current) onChoose([spanOf(anchor.current, unit)], false)
        else {
          anchor.current = unit
          onChoose([unit], false)
        }
      }}
    >
      {chunks.map((chunk) => (
        <Chunk
          key={chunk[0]!.from}
          source={source}
          units={chunk}
          segments={segments}
          values={values}
          prefix={prefix}
        />
      ))}
    </div>
  )
}

const spanOf = (a: Unit, b: Unit): Place => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) })

/** The value that a mark shows first. */
const topOf = (mark: HTMLElement) => Number(mark.dataset.v!.split(' ', 1)[0])

const Chunk = memo(function Chunk(props: {
  source: string
  units: readonly Unit[]
  segments: readonly Segment[]
  values: readonly Value[]
  prefix: string
}) {
  const { source, units, segments, values, prefix } = props
  return (
    <div className="chunk">
      {units.map((unit) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and says which option is the current one
        <div
          key={unit.from}
          id={`${prefix}-${unit.from}`}
          role="option"
          className="unit"
          data-from={unit.from}
          data-to={unit.to}
          data-gap={unit.gap || undefined}
        >
          {piecesOf(source, unit, within(segments, unit), values)}
        </div>
      ))}
    </div>
  )
})

function piecesOf(source: string, unit: Unit, segments: readonly Segment[], values: readonly Value[]) {
  const pieces: React.ReactNode[] = []
  let at = unit.from
  for (const { from, to, ids } of segments) {
    if (from > at) pieces.push(source.slice(at, from))
    const top = values[ids[0]!]!
    const unsure = top.confidence !== null && top.confidence < UNSURE
    const { word, family } = TOPICS[top.topic]
    const named = top.topic === 'proposal' ? `${word}: ${top.text.slice(0, top.text.indexOf(':'))}` : word
    const said = unsure ? `${named}, ${sayConfidence(top.confidence)}` : named
    pieces.push(
      <mark
        key={from}
        data-v={ids.join(' ')}
        data-family={family}
        data-tag={top.places.some((place) => place.from === from) ? said : undefined}
        data-unsure={unsure || undefined}
        data-odd={ids.some((id) => values[id]!.topic === 'finding') || undefined}
        title={said}
      >
        {source.slice(from, to)}
      </mark>,
    )
    at = to
  }
  if (at < unit.to) pieces.push(source.slice(at, unit.to))
  return pieces
}

/** The part of the source that is selected, without the white space around it. */
function selectedIn(box: HTMLElement, source: string): Place | null {
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const from = placeOf(box, range.startContainer, range.startOffset)
  const to = placeOf(box, range.endContainer, range.endOffset)
  if (from === null || to === null || to <= from) return null
  const text = source.slice(from, to)
  const start = from + text.length - text.trimStart().length
  const end = to - (text.length - text.trimEnd().length)
  return end > start ? { from: start, to: end } : null
}

/** Where an end of a selection stands in the source. */
function placeOf(box: HTMLElement, node: Node, offset: number): number | null {
  const element = node instanceof Element ? node : node.parentElement
  if (!element || !box.contains(element)) return null
  const unit = element.closest<HTMLElement>('.unit')
  if (unit) {
    const before = document.createRange()
    before.setStart(unit, 0)
    before.setEnd(node, offset)
    return Number(unit.dataset.from) + before.toString().length
  }
  const next = element.children[offset]
  const first = next?.matches('.unit') ? next : next?.querySelector('.unit')
  if (first instanceof HTMLElement) return Number(first.dataset.from)
  const last = [...element.querySelectorAll<HTMLElement>('.unit')].at(-1)
  return last ? Number(last.dataset.to) : null
}
