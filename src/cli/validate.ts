import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { reasonOf } from '../kit/errors.ts'
import { describeProblems } from './describe-problems.ts'
import { type ExitCode, type Program, type Terminal, UsageError } from './program.ts'

/** Reads a configuration file and says everything that is wrong with it. */
export async function validate(
  program: Program,
  terminal: Terminal,
  file: string,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new UsageError(
      `${file} cannot be read: ${reasonOf(error)}`,
      'Name a configuration file that exists.',
    )
  })
  const reading = await program.readConfiguration(text, dirname(resolve(file)))
  if (json) terminal.out(`${JSON.stringify({ file, ...reading }, null, 2)}\n`)
  else if (reading.ok) {
    terminal.out(`${file}: OK, ${reading.summary}\n`)
    for (const warning of reading.warnings ?? []) terminal.out(`${file}: note: ${warning}\n`)
  } else {
    const count = reading.problems.length
    terminal.out(describeProblems(reading.problems, file))
    terminal.out(`${file}: ${count} problem${count === 1 ? '' : 's'}\n`)
  }
  return reading.ok ? 0 : 1
}
