import { lstat, readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { systemClock } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import { type Finding, type Imported, readPostmortemDocument, toInterchange } from '../postmortems/index.ts'
import { withData } from './data-commands.ts'
import type { ImportFlags } from './main.ts'
import { type ExitCode, type Program, type Terminal, UsageError } from './program.ts'

/** In a folder only what may be a document is looked at. */
const DOCUMENTS = new Set(
  'md markdown mdx mdown txt text html htm xhtml adoc asciidoc asc mediawiki wiki eml mbox mail pdf xml rss atom erb rst'.split(
    ' ',
  ),
)
/** JSON is what another Tocsin exported, or it is no document. */
const isDocument = (name: string) =>
  DOCUMENTS.has(extname(name).slice(1).toLowerCase()) || /\.tocsin\.json$/i.test(name)
const LARGEST = 20_000_000
const MOST_FILES = 20_000

/** Imports documents, folders and checkouts: one post-mortem per incident that they tell. */
export async function importPostmortems(
  program: Program,
  terminal: Terminal,
  paths: string[],
  flags: ImportFlags,
): Promise<ExitCode> {
  const files: string[] = []
  for (const path of paths) files.push(...(await filesOf(path)))
  if (files.length === 0)
    throw new UsageError('There is no document in it.', 'Name files, or a folder that holds some.')
  if (flags.json) return printOnly(terminal, files, flags)
  const counts = { imported: 0, known: 0, nothing: 0, failed: 0, postmortems: 0 }
  await withData(program, flags, async (data) => {
    for (const [i, path] of files.entries()) {
      if (terminal.interactive && files.length > 1)
        terminal.err(`\r\u001b[K[${i + 1}/${files.length}] ${basename(path)} …`)
      let said: string
      try {
        const done = await data.importPostmortem({
          name: nameOf(path, paths),
          content: await content(path),
          format: flags.format,
        })
        if (done.outcome === 'imported') counts.imported++
        else if (done.outcome === 'known') counts.known++
        else counts.nothing++
        if (done.outcome === 'imported') counts.postmortems += done.postmortemIds.length
        said = describe(path, done)
      } catch (error) {
        counts.failed++
        said = `${path}: not read. ${reasonOf(error)}\n`
      }
      if (terminal.interactive && files.length > 1) terminal.err('\r\u001b[K')
      terminal.out(said)
    }
  })
  if (files.length > 1) {
    const { imported, known, nothing, failed, postmortems } = counts
    terminal.out(
      `\n${files.length} files: ${imported} imported as ${postmortems} post-mortems, ${known} known already, ${nothing} without a post-mortem${failed > 0 ? `, ${failed} not read` : ''}\n`,
    )
  }
  return counts.failed > 0 || counts.imported + counts.known === 0 ? 1 : 0
}

/** What would be read, in the interchange form; one object for one file, a list for several. */
async function printOnly(terminal: Terminal, files: string[], flags: ImportFlags): Promise<ExitCode> {
  const now = new Date(systemClock.now())
  const today = { year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() }
  const answers: object[] = []
  let failed = 0
  for (const path of files)
    try {
      const reading = await readPostmortemDocument(await content(path), {
        name: basename(path),
        format: flags.format,
        today,
      })
      answers.push(files.length === 1 ? toInterchange(reading) : { file: path, ...toInterchange(reading) })
    } catch (error) {
      failed++
      terminal.err(`${path}: ${reasonOf(error)}\n`)
    }
  terminal.out(
    `${JSON.stringify(files.length === 1 ? (answers[0] ?? { incidents: [] }) : { documents: answers }, null, 2)}\n`,
  )
  return failed > 0 ? 1 : 0
}

async function content(path: string): Promise<Uint8Array> {
  const { size } = await lstat(path)
  if (size > LARGEST)
    throw new UsageError(`It has ${Math.round(size / 1e6)} MB.`, 'Documents of more than 20 MB are not read.')
  return readFile(path)
}

/** The documents of a path: itself, or those of the folder; hidden folders and packages are left out. */
async function filesOf(path: string): Promise<string[]> {
  let found: Awaited<ReturnType<typeof lstat>>
  try {
    found = await lstat(path)
  } catch {
    throw new UsageError(`There is no ${path}.`, 'Name a file or a folder.')
  }
  if (!found.isDirectory()) return [path]
  const files: string[] = []
  const folders = [path]
  while (folders.length > 0) {
    const folder = folders.pop()!
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const full = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(full)
      else if (entry.isFile() && isDocument(entry.name)) files.push(full)
      if (files.length > MOST_FILES)
        throw new UsageError(
          `${path} holds more than ${MOST_FILES} documents.`,
          'Name its folders one by one.',
        )
    }
  }
  return files.sort()
}

/** Files of a folder keep their path within it, so that two of the same name stay two. */
function nameOf(path: string, given: readonly string[]): string {
  const root = given.find(
    (one) => path !== one && path.startsWith(one) && /[/\\]/.test(one.at(-1)! + path[one.length]!),
  )
  return root ? path.slice(root.length).replace(/^[/\\]/, '') : basename(path)
}

function describe(path: string, { outcome, postmortemIds, reading, earlier }: Imported): string {
  if (outcome === 'nothing-found') return `${path}: nothing in it looks like a post-mortem\n`
  if (outcome === 'known')
    return `${path}: known already (${postmortemIds.length === 1 ? 'post-mortem' : 'post-mortems'} ${postmortemIds.join(', ')})\n`
  const lines = [
    `${path}: ${reading.format}, ${reading.incidents.length === 1 ? 'one incident' : `${reading.incidents.length} incidents`}`,
  ]
  if (earlier) lines.push('  another text of this name was imported before: this one stands beside it')
  for (const finding of reading.findings.filter(({ incident }) => incident === null))
    lines.push(said(finding, reading.source))
  for (const [i, incident] of reading.incidents.entries()) {
    lines.push(`  "${incident.title?.value ?? 'without a title'}" → ${postmortemIds[i]}`)
    const { timeline, actions, wentWell, wentWrong, lucky, sections } = incident
    lines.push(
      `    ${Object.keys(sections).length} sections, ${timeline.length} timeline entries, ${actions.length} actions, ${wentWell.length + wentWrong.length + lucky.length} remarks on what went well, wrong or luckily`,
    )
    lines.push(
      ...grouped(
        reading.findings.filter(({ incident }) => incident === i),
        reading.source,
      ),
    )
  }
  return `${lines.join('\n')}\n`
}

const FEW = 3

/** Findings, where more than a few say the same as one line with its places. */
function grouped(findings: readonly Finding[], source: string): string[] {
  const groups = Map.groupBy(findings, ({ code }) => code)
  return [...groups.values()].flatMap((group) => {
    if (group.length <= FEW) return group.map((finding) => said(finding, source))
    const lines = group.map(({ span }) => (span ? lineOf(source, span.from) : 0)).filter((line) => line > 0)
    return [`    - ${group.length} times, in the lines ${lines.join(', ')}: ${group[0]!.message}`]
  })
}

const lineOf = (source: string, at: number) => source.slice(0, at).split('\n').length

/** A finding with the line it is about. */
function said({ message, span }: Finding, source: string): string {
  if (!span) return `    - ${message}`
  const line = lineOf(source, span.from)
  const text = source
    .slice(span.from, Math.min(span.to, span.from + 60))
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `    - line ${line}, "${text}${span.to > span.from + 60 ? '…' : ''}": ${message}`
}
