import { useEffect, useRef } from 'react'
import { sayExact } from '../../times/say-time.ts'
import { sayReason } from '../states.ts'
import type { Replayed } from './read-evidence.ts'
import { sayMoment } from './replay-controls.tsx'

type Line = Replayed['wouldBe'][number]

// More than so many lines scroll by themselves.
const SEEN_AT_ONCE = 14

/** One timeline, as far as it has come. */
export function ReplaySide(props: {
  title: string
  of: readonly Line[]
  until: number | null
  left?: number
}) {
  const { title, of, until, left = 0 } = props
  const shown = until === null ? of : of.filter(({ afterMs }) => afterMs <= until)
  const list = useRef<HTMLOListElement>(null)
  // What has just come is in sight; the page itself stays where it is.
  useEffect(() => {
    if (until !== null && list.current)
      list.current.scrollTop = shown.length > 0 ? list.current.scrollHeight : 0
  }, [until, shown.length])
  return (
    <section className="replay-side" aria-label={title}>
      <h3>{title}</h3>
      {shown.length === 0 && <p className="dim">Nothing yet.</p>}
      <ol ref={list} data-long={of.length > SEEN_AT_ONCE} tabIndex={of.length > SEEN_AT_ONCE ? 0 : undefined}>
        {shown.map((line, place) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: evidence never changes
            key={place}
            data-what={line.what}
            data-now={until !== null && place === shown.length - 1}
          >
            <time dateTime={line.at} title={sayExact(Date.parse(line.at))}>
              {sayMoment(line.afterMs)}
            </time>
            <span>
              <span className="sub">{sayReason(line.what)}</span> {line.text}
            </span>
          </li>
        ))}
      </ol>
      {left > 0 && <p className="dim">and {left} more</p>}
    </section>
  )
}
