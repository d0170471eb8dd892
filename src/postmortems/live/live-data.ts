import type { LiveFacts } from '../../contract/live-pieces.ts'

/** How a monitor was over a stretch of time, neighbours of one state joined. */
export interface LiveStretch {
  from: number
  to: number
  state: 'up' | 'degraded' | 'down' | 'unknown' | 'maintenance'
  /** Milliseconds; null where nothing was measured. */
  slowest: number | null
}

/** The history of a monitor for one plot. */
export interface LivePlot {
  monitor: string
  name: string
  from: number
  to: number
  stretches: LiveStretch[]
}

/** What the live pieces of one text are made of, plots included. */
export interface LiveData extends LiveFacts {
  /** By the number of the block in the text, counted from 0; null where the monitor is gone. */
  plots: Record<number, LivePlot | null>
}
