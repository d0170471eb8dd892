import { useSearchParams } from 'react-router'

/** A filter kept in the address, so that a filtered list can be sent to somebody. */
export function useFilter(name: string, fallback = ''): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams()
  const set = (value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === fallback || value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  return [search.get(name) ?? fallback, set]
}
