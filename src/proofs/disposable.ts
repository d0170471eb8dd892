/** A process that was started for a drill and belongs to it: it may be stopped, frozen and killed. */
export interface Disposable {
  pid: number
  /** Everything printed so far. */
  printed(): string
  /** Whether it has ended. */
  hasEnded(): boolean
  signal(signal: 'SIGSTOP' | 'SIGKILL'): void
  /** Ends it, whatever state it is in, and waits until it is gone. */
  end(): Promise<void>
}

/**
 * Starts this same program with other arguments, as a process of its own. It is given nothing of what this one knows:
 * no database, no configuration, no secrets. Handed in by the application.
 */
export type StartDisposable = (args: readonly string[]) => Disposable
