import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'

/** The address follows when nobody has typed for this long; letters typed faster than it changes are not lost. */
const SETTLE_MS = 150

/** A filter that stands in the address too, so that a filtered list can be sent to somebody. */
export function useFilter(name: string, fallback = ''): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams()
  const addressed = search.get(name) ?? fallback
  const [value, setValue] = useState(addressed)
  /** Gives up on what the address has yet to follow; nothing where it is up to date. */
  const settling = useRef<(() => void) | undefined>(undefined)
  // What this page put into the address itself, and has not come back yet: on a busy machine more was typed since.
  const sent = useRef<string[]>([])
  useEffect(() => {
    const own = sent.current.indexOf(addressed)
    if (own >= 0) sent.current.splice(0, own + 1)
    else if (!settling.current) setValue(addressed)
  }, [addressed])
  useEffect(() => () => settling.current?.(), [])
  const set = (next: string) => {
    setValue(next || fallback)
    settling.current?.()
    const stop = () => {
      window.clearTimeout(timer)
      document.removeEventListener('click', follow, true)
      settling.current = undefined
    }
    const follow = () => {
      stop()
      const after = new URLSearchParams(window.location.search)
      if ((after.get(name) ?? fallback) === (next || fallback)) return
      if (next === fallback || next === '') after.delete(name)
      else after.set(name, next)
      sent.current.push(next || fallback)
      setSearch(after, { replace: true, preventScrollReset: true })
    }
    const timer = window.setTimeout(follow, SETTLE_MS)
    // Before a link is followed, not while: a change of the address would call back who is on the way.
    document.addEventListener('click', follow, true)
    settling.current = stop
  }
  return [value, set]
}
