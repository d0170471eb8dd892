import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LONGEST_LINE } from './count-lines.rules.ts'

/** A place in a file, which is known by its inode and by how it begins. */
export interface Place {
  device: number
  inode: number
  offset: number
  /** The first bytes, hashed: a file that was emptied and written anew begins with others. */
  head: string
  headLength: number
  /** Inside a line that was too long: its rest is skipped. */
  skipping: boolean
}

/** Where reading stands; small, and JSON. */
export interface FilePosition {
  current: Place | null
  /** The file before the last rotation: some program may still write a last line there. */
  previous: Place | null
}

export interface Followed {
  position: FilePosition
  /** Null where the file was read; the problem where it could not be. */
  problem: 'missing' | 'unreadable' | null
  message: string
  /** What is left for the next check. */
  behind: number
}

export interface FollowOptions {
  /** Takes a line, and how far through what is read it stands, 0 to 1. */
  take: (line: string, share: number) => void
  /** Asked between chunks: whether there is time for another. */
  goOn: () => boolean | Promise<boolean>
}

const CHUNK = 256 * 1_024
const MOST_AT_ONCE = 32 * 1_024 * 1_024
const HEAD = 256
const NEWLINE = 10

/**
 * Reads what has been written since the last time: through a rotation by renaming (the old file is found by its
 * inode and read to its end first), a truncation, a new file in its place. The first look begins at the end.
 */
export async function followFile(
  path: string,
  before: FilePosition | null,
  options: FollowOptions,
): Promise<Followed> {
  const budget = { left: MOST_AT_ONCE, behind: 0 }
  const old = before?.current ?? null
  let previous = before?.previous ?? null
  let handle: FileHandle
  try {
    const found = await stat(path)
    if (!found.isFile()) return failed(before, 'unreadable', 'it is not a regular file')
    handle = await open(path, 'r')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') return failed(before, 'unreadable', message)
    // In the middle of a rotation: it has been renamed, and the program still writes there.
    const renamed = old && (await readRenamed(path, old, budget, options))
    if (renamed)
      return { position: { current: renamed, previous }, problem: null, message: '', behind: budget.behind }
    return failed(before ?? { current: null, previous: null }, 'missing', 'there is no such file')
  }
  try {
    const { dev: device, ino: inode, size } = await handle.stat()
    if (before === null) {
      const current = { device, inode, offset: size, ...(await headOf(handle, size)), skipping: false }
      return { position: { current, previous: null }, problem: null, message: '', behind: 0 }
    }
    if (previous) previous = await readRenamed(path, previous, budget, options)
    let from: Place | null = old
    if (old && (old.device !== device || old.inode !== inode)) {
      previous = await readRenamed(path, old, budget, options)
      from = null
    } else if (old && (size < old.offset || !(await beginsAsBefore(handle, old)))) from = null
    const start = from ?? { device, inode, offset: 0, head: '', headLength: 0, skipping: false }
    const current = await readOn(handle, start, size, budget, options)
    return { position: { current, previous }, problem: null, message: '', behind: budget.behind }
  } finally {
    await handle.close()
  }
}

function failed(position: FilePosition | null, problem: 'missing' | 'unreadable', message: string): Followed {
  return { position: position ?? { current: null, previous: null }, problem, message, behind: 0 }
}

interface Budget {
  left: number
  behind: number
}

/** Reads the rest of a file that has another name now; null where it is gone. */
async function readRenamed(
  path: string,
  place: Place,
  budget: Budget,
  options: FollowOptions,
): Promise<Place | null> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const stem = basename(path).replace(/\.[^.]*$/, '')
  for (const name of names.filter((one) => one.startsWith(stem))) {
    const found = await stat(join(folder, name)).catch(() => null)
    if (!found?.isFile() || found.ino !== place.inode || found.dev !== place.device) continue
    const handle = await open(join(folder, name), 'r').catch(() => null)
    if (!handle) return null
    try {
      const { size } = await handle.stat()
      if (size < place.offset || !(await beginsAsBefore(handle, place))) return null
      return await readOn(handle, place, size, budget, options)
    } finally {
      await handle.close()
    }
  }
  return null
}

async function headOf(handle: FileHandle, size: number): Promise<Pick<Place, 'head' | 'headLength'>> {
  const headLength = Math.min(HEAD, size)
  return { head: await hashOf(handle, headLength), headLength }
}

async function hashOf(handle: FileHandle, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64url').slice(0, 16)
}

async function beginsAsBefore(handle: FileHandle, { head, headLength }: Place): Promise<boolean> {
  return headLength === 0 || (await hashOf(handle, headLength)) === head
}

/** Takes whole lines up to the end; what has no newline yet is left for the next time. */
async function readOn(
  handle: FileHandle,
  place: Place,
  size: number,
  budget: Budget,
  { take, goOn }: FollowOptions,
): Promise<Place> {
  const begin = place.offset
  const total = Math.max(1, size - begin)
  let { offset, skipping } = place
  const chunk = Buffer.alloc(Math.min(CHUNK, Math.max(1, size - begin)))
  while (offset < size) {
    if (budget.left <= 0 || !(await goOn())) {
      budget.behind += size - offset
      break
    }
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, size - offset), offset)
    if (bytesRead === 0) break
    budget.left -= bytesRead
    const end = chunk.lastIndexOf(NEWLINE, bytesRead - 1)
    if (end < 0 && bytesRead <= LONGEST_LINE) break
    // A line without an end must not be read again and again: its beginning counts, its rest is skipped.
    const until = end < 0 ? bytesRead : end + 1
    let from = 0
    while (from < until) {
      const newline = chunk.indexOf(NEWLINE, from)
      const stop = newline < 0 || newline >= until ? until : newline
      const isWhole = stop < until || end >= 0
      if (!skipping) {
        const text = chunk.toString('utf8', from, Math.min(stop, from + LONGEST_LINE)).replace(/\r$/, '')
        if (text !== '') take(text, (offset - begin + stop) / total)
      }
      skipping = !isWhole
      from = stop + 1
    }
    offset += until
    if (
      end >= 0 &&
      until < bytesRead &&
      bytesRead - until <= LONGEST_LINE &&
      offset + (bytesRead - until) >= size
    )
      break
  }
  // What a file begins with is taken anew while it is short.
  const head = place.headLength < HEAD ? await headOf(handle, offset) : place
  return { ...place, offset, skipping, head: head.head, headLength: head.headLength }
}
