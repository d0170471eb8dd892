/** Which test files there are, and which of them a run is about. */
import { globSync, readFileSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import { programOf } from './harness/needs.ts'

const GLOBS = ['test/house/**', 'src/**', 'test/**', 'web/**', 'bench/**', 'scripts/**']

/** Every test file, the house first: it is the quickest to say no. */
export function testFiles(root: string): string[] {
  const found = GLOBS.flatMap((glob) =>
    globSync(`${glob}/*.test.{ts,tsx}`, { cwd: root, exclude: ['**/node_modules/**'] }).sort(),
  )
  return [...new Set(found)]
}

/** The files that match one of the patterns: a part of the path, or a glob when it has a star. */
export function chooseFiles(files: string[], patterns: string[]): string[] {
  if (patterns.length === 0) return files
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, ''))
  return files.filter((file) =>
    wanted.some((pattern) => (pattern.includes('*') ? matchesGlob(file, pattern) : file.includes(pattern))),
  )
}

/** Whether a cluster is worth starting: not for the house alone, and only where PostgreSQL is. */
export function wantsDatabase(files: string[]): boolean {
  if (programOf('postgres') === null) return false
  // Harness files reach PostgreSQL on behalf of others, so that only a plain unit test can be told apart.
  return files.some((file) => !file.startsWith('test/house/') && mentionsDatabase(file))
}

function mentionsDatabase(file: string): boolean {
  return /postgres|harness|freshDatabase/i.test(readFileSync(file, 'utf8'))
}
