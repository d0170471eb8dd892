import { useEffect, useMemo, useState } from 'react'
import { momentAt, nextMoment, paceOf, watchedAt } from './replay-pace.ts'

/** A replay as somebody watches it. */
export interface Watching {
  first: number
  last: number
  /** Up to when it is shown, after the onset; null: everything. */
  until: number | null
  isPlaying: boolean
  /** How much faster than usual. */
  speed: number
  setSpeed(speed: number): void
  playOrPause(): void
  /** To the next thing that happens; null where nothing more comes. */
  step: (() => void) | null
  goTo(moment: number): void
}

/** Plays moments one after the other, pauses, steps and goes to any of them. */
export function useReplay(moments: readonly number[]): Watching {
  const key = moments.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moments are what the key says
  const pace = useMemo(() => paceOf(moments), [key])
  const [watched, setWatched] = useState<number | null>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  useEffect(() => {
    if (!isPlaying) return
    let before: number | null = null
    let frame = 0
    const draw = (now: number) => {
      const passed = before === null ? 0 : (now - before) * speed
      before = now
      // A frame that was asked for before the end must not begin it anew.
      setWatched((at) => (at === null ? null : Math.min(pace.length, at + passed)))
      frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [isPlaying, speed, pace])
  useEffect(() => {
    // At its end it shows everything, and can be played anew.
    if (!isPlaying || watched === null || watched < pace.length) return
    setPlaying(false)
    setWatched(null)
  }, [isPlaying, watched, pace])
  const last = pace.moments.at(-1)!
  const until = watched === null ? null : momentAt(pace, watched)
  const goTo = (moment: number) => setWatched(moment >= last ? null : watchedAt(pace, moment))
  const next = until === null ? null : nextMoment(pace, until)
  return {
    first: pace.moments[0]!,
    last,
    until,
    isPlaying,
    speed,
    setSpeed,
    playOrPause() {
      if (!isPlaying && watched === null) setWatched(0)
      setPlaying(!isPlaying)
    },
    step:
      next === null
        ? null
        : () => {
            setPlaying(false)
            goTo(next)
          },
    goTo(moment) {
      setPlaying(false)
      goTo(moment)
    },
  }
}
