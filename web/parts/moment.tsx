import { useNow } from '../times/now.ts'
import { NOT_RECORDED, sayDuration, sayExact, sayInstant, sayRelative } from '../times/say-time.ts'

/** How long ago or how soon; the exact instant on hover. A missing time says so. */
export function Moment({ at, missing = NOT_RECORDED }: { at: string | null | undefined; missing?: string }) {
  const now = useNow()
  if (!at) return <span className="dim">{missing}</span>
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={sayExact(ms)}>
      {sayRelative(ms, now)}
    </time>
  )
}

/** The instant itself, with how long ago beside it. */
export function ExactMoment({
  at,
  missing = NOT_RECORDED,
}: {
  at: string | null | undefined
  missing?: string
}) {
  const now = useNow()
  if (!at) return <span className="dim">{missing}</span>
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={sayExact(ms)}>
      {sayInstant(ms, now)} <span className="dim">· {sayRelative(ms, now)}</span>
    </time>
  )
}

/** How long something has lasted: `3 min`. */
export function Lasting({ since }: { since: string }) {
  const now = useNow()
  const ms = Date.parse(since)
  return (
    <time dateTime={since} title={`since ${sayExact(ms)}`}>
      {sayDuration(Math.max(0, Math.floor((now - ms) / 1_000) * 1_000))}
    </time>
  )
}
