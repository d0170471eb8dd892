import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'

/** The address follows when nobody has typed for this long; letters typed faster than it changes are not lost. */
const SETTLE_MS = 150

/** A filter that stands in the address too, so that a filtered list can be sent to somebody. */
export function useFilter(name: string, fallback = ''): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams()
  const addressed = search.get(name) ?? fallback
  const [value, setValue] = useState(addressed)
  const settling = useRef<number | undefined>(undefined)
  useEffect(() => {
    if (settling.current === undefined) setValue(addressed)
  }, [addressed])
  useEffect(() => () => window.clearTimeout(settling.current), [])
  const set = (next: string) => {
    setValue(next)
    window.clearTimeout(settling.current)
    settling.current = window.setTimeout(() => {
      settling.current = undefined
      const after = new URLSearchParams(window.location.search)
      if (next === fallback || next === '') after.delete(name)
      else after.set(name, next)
      setSearch(after, { replace: true, preventScrollReset: true })
    }, SETTLE_MS)
  }
  return [value, set]
}
