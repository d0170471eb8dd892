import { useSyncExternalStore } from 'react'

// The only place of the application that reads the wall clock. It is set right by the server's: "3 min ago" must be
// true on a phone whose clock is not.
let skew = 0
const TICK_MS = 5_000
let present = Date.now()
let timer: number | undefined
const watching = new Set<() => void>()

/** Sets this page's clock by the server's. */
export function setServerTime(iso: string): void {
  skew = Date.parse(iso) - Date.now()
  present = serverNow()
  for (const tell of watching) tell()
}

/** The server's present, in milliseconds. */
export function serverNow(): number {
  return Date.now() + skew
}

function subscribe(tell: () => void): () => void {
  watching.add(tell)
  timer ??= window.setInterval(() => {
    present = serverNow()
    for (const each of watching) each()
  }, TICK_MS)
  return () => {
    watching.delete(tell)
    if (watching.size > 0) return
    window.clearInterval(timer)
    timer = undefined
  }
}

/** The present, moving on every few seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => present)
}
