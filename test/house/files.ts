/** What the house asks of files: pure functions of paths and texts, so that planted faults can be shown to them. */
import ts from 'typescript'

const HARD_LIMIT = 400
/** Files whose length is data: one entry per line of a table. */
const DATA_TABLES: string[] = []

const CODE = /\.(ts|tsx|mjs|sh|css)$|^bin\/|^\.ci\//
const FREE_NAMES = /(^|\/)(README\.md|CONTRIBUTING\.md|LICENSE|NOTICE|CHANGELOG\.md|testdata\/.*|\.[^/]+)$/
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
const BANNED_NAMES = /^(common|utils?|helpers?|misc|shared-code|stuff)(\.|$)/

export interface SourceFile {
  path: string
  text: string
}

/** Code that is longer than the hard limit. */
export function tooLong(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => CODE.test(path) && !DATA_TABLES.includes(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > HARD_LIMIT)
    .map(({ path, lines }) => `${path}: ${lines} lines`)
}

/** Names that are not kebab-case (dots tell the job), and names that say nothing. */
export function badNames(paths: string[]): string[] {
  return paths.filter((path) => {
    if (FREE_NAMES.test(path) && !path.split('/').some((part) => BANNED_NAMES.test(part))) {
      path = path.replace(/[^/]*$/, '').replace(/testdata\/.*/, '')
    }
    const parts = path.split('/').filter((part) => part !== '' && !part.startsWith('.'))
    return parts.some((part) => !KEBAB.test(part) || BANNED_NAMES.test(part))
  })
}

/** Statements of a door that are more than an export of what others wrote. */
export function logicInDoor(text: string): string[] {
  const file = ts.createSourceFile('index.ts', text, ts.ScriptTarget.Latest, true)
  return file.statements
    .filter((statement) => !ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement))
    .map((statement) => statement.getText(file).split('\n')[0]!)
}

/** Lines that are not blank, of tests and of all. */
export function shareOfTests(files: SourceFile[]): { tests: number; all: number; share: number } {
  let tests = 0
  let all = 0
  for (const { path, text } of files) {
    if (!/^(src|web|test)\/.*\.(ts|tsx|mjs)$/.test(path)) continue
    const lines = text.split('\n').filter((line) => line.trim() !== '').length
    all += lines
    if (/^test\/|(\.test|[/-]for-tests)\.tsx?$/.test(path)) tests += lines
  }
  return { tests, all, share: all === 0 ? 0 : tests / all }
}

/** Paths that a page cites, in links or as code, and that do not exist. A path with a placeholder is a recipe. */
export function missingPaths(page: SourceFile, exists: (path: string) => boolean): string[] {
  const folder = page.path.includes('/') ? page.path.replace(/[^/]*$/, '') : ''
  const prose = page.text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.replace(/[#?].*$/, ''))
    .filter((target) => target !== '' && !/^([a-z]+:|\/)/i.test(target))
    .map((target) => normalize(folder + target))
  const code = [...prose.matchAll(/`((?:src|test|web|docs|bin|scripts|bench|\.ci)\/[^`\s]*)`/g)]
    .map(([, path]) => path!.replace(/[/.,:]+$/, ''))
    .filter((path) => !/[<>*…{}$]/.test(path))
  return [...links, ...code].filter((path) => !exists(path))
}

/** Places of the machine on which something was written. */
export function machinePaths({ path, text }: SourceFile): string[] {
  const places = ['/(?:root|work)/[\\w.-]+', '/home/(?!user\\b)[a-z][\\w-]*/', '/Users/\\w+']
  return [...text.matchAll(new RegExp(`(?<![\\w.])(?:${places.join('|')})`, 'g'))].map(
    ([place]) => `${path}: ${place}`,
  )
}

function normalize(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
