/** Runs dependency-cruiser through its API over the sources of a folder, with the rules of the house. */
import { globSync, readdirSync } from 'node:fs'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { configuration } from './import-rules.ts'
import { ROOMS } from './rooms.ts'

export interface Violation {
  rule: string
  from: string
  to: string
}

export interface Cruise {
  /** Our own files that the cruise saw. */
  modules: string[]
  violations: Violation[]
}

const FOLDERS = ['src', 'web']

/** The TypeScript files that the cruise must see. */
export function sourceFiles(root: string): string[] {
  return globSync('{src,web}/**/*.{ts,tsx}', { cwd: root, exclude: ['**/node_modules/**'] }).sort()
}

/** Cruises src/ and web/ below `root`. */
export async function cruiseHouse(root: string): Promise<Cruise> {
  const { options, forbidden } = configuration
  const { output } = await cruise(
    FOLDERS.filter((folder) => readdirSync(root).includes(folder)),
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden },
      doNotFollow: options.doNotFollow,
      tsPreCompilationDeps: options.tsPreCompilationDeps,
      preserveSymlinks: true,
    } as ICruiseOptions,
    options.enhancedResolveOptions,
  )
  const result = output as ICruiseResult
  return {
    modules: result.modules
      .map((module) => module.source)
      .filter((source) => /^(src|web)\/.*\.tsx?$/.test(source))
      .sort(),
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}

/** Folders of src/ that are not on the map. */
export function unknownRooms(root: string): string[] {
  return readdirSync(`${root}/src`, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() || !ROOMS.includes(entry.name))
    .map((entry) => entry.name)
}
