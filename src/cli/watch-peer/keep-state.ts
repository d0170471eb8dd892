import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { HeardPeer, PeerWatch } from '../../engine/life/peer.rules.ts'
import { reasonOf, TocsinError } from '../../kit/errors.ts'
import type { PeerPages } from './peer-page.rules.ts'

/** All that is known of one peer. */
export interface PeerState {
  heard: HeardPeer
  watch: PeerWatch
  pages: PeerPages
}
export type WatcherState = Record<string, PeerState>

/** What was known before the restart; nothing, where there is no file yet. */
export function readState(file: string): WatcherState {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new TocsinError('wrong-state', `The state ${file} cannot be read: ${reasonOf(error)}.`)
  }
  try {
    const { version, peers } = JSON.parse(text)
    if (version !== 1 || typeof peers !== 'object' || peers === null)
      throw new Error('it is of another version')
    return peers as WatcherState
  } catch (error) {
    throw new TocsinError(
      'wrong-state',
      `The state ${file} is damaged: ${reasonOf(error)}. Remove it to begin anew; what was paged is then forgotten.`,
    )
  }
}

/** Puts the state in place in one step, on the disk when this returns. */
export function writeState(file: string, peers: WatcherState): void {
  const beside = `${file}.new`
  const handle = openSync(beside, 'w', 0o600)
  try {
    writeSync(handle, JSON.stringify({ version: 1, peers }))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, file)
}
