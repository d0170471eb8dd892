import type { World } from './world.ts'

/** An answer of the store that is asked for again only when it may be another one. */
export interface Remembered<T> {
  get(): Promise<T>
  /** The next `get` asks in any case. */
  forget(): void
}

/**
 * Remembers what `ask` read until something is written. Only a store that nobody else can write to tells when that
 * is: with any other, every `get` asks. A replay comes round hundreds of thousands of times and mostly finds nothing.
 */
export function remember<T>(world: World, ask: () => Promise<T>): Remembered<T> {
  let known: { at: number; answer: T } | null = null
  return {
    async get() {
      const { written } = world.store
      if (!written) return ask()
      const at = written()
      if (known?.at === at) return known.answer
      const answer = await ask()
      // Of what is written while it is asked nobody knows whether it was seen.
      known = { at, answer }
      return answer
    },
    forget() {
      known = null
    },
  }
}
