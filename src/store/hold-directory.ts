import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { TocsinError } from '../kit/errors.ts'

/**
 * Makes this process the only one that runs an engine on a data directory, until the answer is called or the
 * process ends, however it ends: the lock is the operating system's, so that nothing stale stays behind.
 */
export function holdDirectory(directory: string, patienceMs = 2_000): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(directory, 'engine.lock'), { timeout: patienceMs })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new TocsinError(
      'wrong-state',
      `Another Tocsin runs on the data in ${directory}. Stop it, name another directory with --data, or add ` +
        '--no-engine to serve only.',
    )
  }
  return () => lock.close()
}
