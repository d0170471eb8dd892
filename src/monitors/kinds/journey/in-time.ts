import type { Clock, Millis } from '../../../kit/clock.ts'

/** What stands for a value that did not come in time. */
export const LATE = Symbol('late')

/** The promise's value, if it comes within the time; what it does afterwards is ignored. */
export function inTime<T>(clock: Clock, ms: Millis, work: Promise<T>): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(LATE))
    const settled = (settle: () => void) => {
      cancel()
      settle()
    }
    work.then(
      (value) => settled(() => resolve(value)),
      (error) => settled(() => reject(error)),
    )
  })
}
