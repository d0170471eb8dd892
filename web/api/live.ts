import type { QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { liveEvent, readEvents, readMe } from '../../src/contract/system.ts'
import { affectedRooms } from './affected.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting'

/** Facts that come together are answered by one round of fetching. */
const GATHER_MS = 250
const RETRY_MS = [1_000, 2_000, 5_000, 10_000]

/** Listens to the fact stream while the page is open and says how the line is. */
export function useLive(): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => listen(client, setState), [client])
  return state
}

function listen(client: QueryClient, say: (state: LiveState) => void): () => void {
  let source: EventSource | null = null
  let retry: number | undefined
  let gathering: number | undefined
  let failures = 0
  let everOpen = false
  const rooms = new Set<string>()
  let all = false

  const flush = () => {
    gathering = undefined
    if (all) void client.invalidateQueries()
    else for (const room of rooms) void client.invalidateQueries({ queryKey: [room] })
    rooms.clear()
    all = false
  }
  const stale = (which: readonly string[] | null) => {
    if (which === null) all = true
    else for (const room of which) rooms.add(room)
    gathering ??= window.setTimeout(flush, GATHER_MS)
  }
  const open = () => {
    source = new EventSource(readEvents.path)
    source.onopen = () => {
      // Facts written while the line was down have been missed.
      if (everOpen) stale(null)
      everOpen = true
      failures = 0
      say('live')
    }
    source.addEventListener('fact', (event) => {
      const fact = liveEvent.safeParse(safeJson(event.data))
      stale(fact.success ? affectedRooms(fact.data.type) : null)
    })
    source.onerror = () => {
      say(everOpen ? 'reconnecting' : 'connecting')
      // The browser tries again by itself unless it was refused; then it is for us.
      if (source?.readyState !== EventSource.CLOSED) return
      source.close()
      // It may have been refused because nobody is signed in any more.
      void client.invalidateQueries({ queryKey: ['system', readMe.id] })
      retry = window.setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
    }
  }
  open()
  return () => {
    source?.close()
    window.clearTimeout(retry)
    window.clearTimeout(gathering)
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
