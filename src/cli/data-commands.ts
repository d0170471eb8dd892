import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DataFlags, TokenFlags } from './main.ts'
import { type ExitCode, type OpenData, type Program, type Terminal, UsageError } from './program.ts'

/** Opens the data for one piece of work; a directory without any is wrong usage, not a new Tocsin. */
export async function withData<T>(
  program: Program,
  flags: DataFlags,
  work: (data: OpenData) => Promise<T>,
): Promise<T> {
  if (!flags.databaseUrl && !existsSync(resolve(flags.data, 'core.db')))
    throw new UsageError(
      `${flags.data} holds no data of Tocsin.`,
      'Give --data with the directory that "tocsin serve" uses, or --database-url.',
    )
  const data = await program.openData({
    dataDirectory: flags.data,
    databaseUrl: flags.databaseUrl ?? null,
    configFile: flags.config ?? null,
  })
  try {
    return await work(data)
  } finally {
    await data.close()
  }
}

/** Verifies the chain of the fact log. */
export async function verifyAudit(
  program: Program,
  terminal: Terminal,
  flags: DataFlags & { json?: boolean },
): Promise<ExitCode> {
  const result = await withData(program, flags, (data) => data.verifyAudit())
  if (flags.json) terminal.out(`${JSON.stringify(result, null, 2)}\n`)
  else if (result.brokenAt)
    terminal.out(
      `the fact log breaks at fact ${result.brokenAt.seq} (${result.brokenAt.reason}); ${result.facts} facts before it hold\n`,
    )
  else terminal.out(`the fact log holds: ${result.facts} facts, head ${result.head}\n`)
  return result.brokenAt ? 1 : 0
}

/** Copies all data into one file. */
export async function backup(
  program: Program,
  terminal: Terminal,
  file: string,
  flags: DataFlags,
): Promise<ExitCode> {
  if (existsSync(file))
    throw new UsageError(
      `${file} exists already.`,
      'Name a file that does not exist; backups never overwrite.',
    )
  await withData(program, flags, (data) => data.backup(file))
  terminal.out(`backup written to ${file}\n`)
  return 0
}

/** Puts a backup into an empty data directory. */
export async function restore(
  program: Program,
  terminal: Terminal,
  file: string,
  { data }: DataFlags,
): Promise<ExitCode> {
  if (!existsSync(file))
    throw new UsageError(`There is no file ${file}.`, 'Name the file that "tocsin backup" wrote.')
  if (existsSync(data) && readdirSync(data).length > 0)
    throw new UsageError(`${data} is not empty.`, 'Restore into a new directory, then serve from it.')
  const { facts } = await program.restore({ file, dataDirectory: data })
  terminal.out(`restored ${facts} facts into ${data}; start it with: tocsin serve --data ${data}\n`)
  return 0
}

/** Creates an API token beside a running server. */
export async function createToken(
  program: Program,
  terminal: Terminal,
  flags: TokenFlags,
): Promise<ExitCode> {
  const { name, role, expiresInDays, place } = flags
  const scope = place === undefined ? {} : { scope: `probe:${place}` }
  const { token, secret } = await withData(program, flags, (data) =>
    data.createToken({ name, role, expiresInDays, ...scope }),
  )
  // The secret alone on standard output, so that a script can take it.
  if (flags.json) terminal.out(`${JSON.stringify({ id: token.id, name, role, secret }, null, 2)}\n`)
  else {
    terminal.err(`token "${name}" with the role ${role}; its secret is shown this once:\n`)
    terminal.out(`${secret}\n`)
  }
  return 0
}
