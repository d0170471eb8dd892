import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const KEPT = 3

/** Where the published files stand: a link that always leads to a complete set. */
export function snapshotDirectory(publicDirectory: string): string {
  return join(publicDirectory, 'current')
}

/** The id of the set that stands there now, or null before the first. */
export async function standingSnapshot(publicDirectory: string): Promise<string | null> {
  try {
    return (await readlink(snapshotDirectory(publicDirectory))).split('/').at(-1)!
  } catch {
    return null
  }
}

/**
 * Writes a complete set of files beside the present one and then switches over by renaming a link: a reader
 * sees the old set or the new one, also when the machine dies on the way. Older sets are removed.
 */
export async function writeFiles(
  publicDirectory: string,
  id: string,
  files: Record<string, string>,
): Promise<void> {
  const versions = join(publicDirectory, 'versions')
  const target = join(versions, id)
  // What an interrupted attempt left behind is not to be mixed with this one.
  await rm(target, { recursive: true, force: true })
  for (const [path, text] of Object.entries(files)) {
    const file = join(target, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flush: true, mode: 0o644 })
  }
  const link = join(publicDirectory, `.current-${id}`)
  await rm(link, { force: true })
  await symlink(join('versions', id), link, 'dir')
  await rename(link, snapshotDirectory(publicDirectory))
  await removeOld(publicDirectory, versions)
}

// A reader may still be sending files of the set before, so the last few stay.
async function removeOld(publicDirectory: string, versions: string): Promise<void> {
  const current = await standingSnapshot(publicDirectory)
  const old = (await readdir(versions)).filter((name) => name !== current).sort()
  for (const name of old.slice(0, Math.max(0, old.length - (KEPT - 1))))
    await rm(join(versions, name), { recursive: true, force: true })
}
