import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { EXPORT_FORMATS, type ExportFormat } from '../postmortems/index.ts'
import { withData } from './data-commands.ts'
import type { ExportFlags } from './main.ts'
import { type ExitCode, type OpenData, type Program, type Terminal, UsageError } from './program.ts'

const ENDS: Record<string, ExportFormat> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.json': 'json',
}

/** Writes one post-mortem, or all of them, as files that others can read. */
export async function exportPostmortems(
  program: Program,
  terminal: Terminal,
  id: string | undefined,
  flags: ExportFlags,
): Promise<ExitCode> {
  const format = formatOf(flags)
  if (flags.all) {
    if (id !== undefined)
      throw new UsageError('One post-mortem or all of them?', 'Give the id, or --all, and not both.')
    if (flags.out === undefined)
      throw new UsageError('Where to?', 'Give --out with the folder in which the files are to stand.')
    const { out } = flags
    return withData(program, flags, (data) => exportAll(data, terminal, format, out))
  }
  if (id === undefined)
    throw new UsageError('Which post-mortem?', 'Give its id, as its address has it, or --all.')
  if (flags.out === undefined && format === 'pdf')
    throw new UsageError('A PDF is no text for a terminal.', 'Give --out with the name of a file.')
  const { name, content } = await withData(program, flags, (data) => data.exportPostmortem({ id, format }))
  if (flags.out === undefined) terminal.out(String(content))
  else {
    const file = (await isFolder(flags.out)) ? join(flags.out, name) : flags.out
    await writeFile(file, content)
    terminal.err(`written to ${file}\n`)
  }
  return 0
}

function formatOf({ format, out, all }: ExportFlags): ExportFormat {
  if (format === undefined)
    return (out !== undefined && !all ? ENDS[extname(out).toLowerCase()] : undefined) ?? 'markdown'
  const known = EXPORT_FORMATS.find((one) => one === format)
  if (!known)
    throw new UsageError(`There is no format "${format}".`, `The formats are: ${EXPORT_FORMATS.join(', ')}.`)
  return known
}

async function exportAll(
  data: OpenData,
  terminal: Terminal,
  format: ExportFormat,
  out: string,
): Promise<ExitCode> {
  if ((await isFolder(out)) === false)
    throw new UsageError(`${out} is a file.`, 'Name a folder; it is made where there is none.')
  await mkdir(resolve(out), { recursive: true })
  const ids = await data.listPostmortemIds()
  const taken = new Set<string>()
  for (const [i, id] of ids.entries()) {
    if (terminal.interactive) terminal.err(`\r\u001b[K[${i + 1}/${ids.length}] ${id} …`)
    const { name, content } = await data.exportPostmortem({ id, format })
    // Two of one day, one title and one end of their ids are as good as impossible, and still two.
    const file = taken.has(name) ? `${id}-${name}` : name
    taken.add(file)
    await writeFile(join(out, basename(file)), content)
  }
  if (terminal.interactive) terminal.err('\r\u001b[K')
  terminal.out(`${ids.length} ${ids.length === 1 ? 'post-mortem' : 'post-mortems'} written to ${out}\n`)
  return 0
}

/** Null where nothing is there. */
async function isFolder(path: string): Promise<boolean | null> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return null
  }
}
