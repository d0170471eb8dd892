/**
 * One of the engine's loops. The runner sleeps until the earliest `nextDueAt` of all loops, or until it is
 * woken by a commit, and then calls `runDue`.
 */
export interface Loop {
  name: string
  /** When there is next something to do, milliseconds; null when nothing waits. May be in the past. */
  nextDueAt(): Promise<number | null>
  /** Does what is due now and answers how many things it did; it never throws for a single bad item. */
  runDue(): Promise<number>
  /** Waits for work that `runDue` started and did not wait for. */
  settle?(): Promise<void>
  stop?(): Promise<void>
}
