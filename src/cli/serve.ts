import { reasonOf, TocsinError } from '../kit/errors.ts'
import { describeProblem, describeProblems } from './describe-problems.ts'
import type { ServeFlags } from './main.ts'
import { type ExitCode, type Program, type Terminal, UsageError } from './program.ts'

const SHORTEST_TOKEN = 32

/** Runs Tocsin until it is told to stop. SIGHUP reads the configuration again. */
export async function serve(program: Program, terminal: Terminal, flags: ServeFlags): Promise<ExitCode> {
  const adminToken = terminal.env.TOCSIN_ADMIN_TOKEN || null
  if (adminToken !== null && adminToken.length < SHORTEST_TOKEN)
    throw new UsageError(
      `TOCSIN_ADMIN_TOKEN has ${adminToken.length} characters; at least ${SHORTEST_TOKEN} are needed.`,
      'Make one with: openssl rand -base64 33',
    )
  const server = await program.start({
    host: flags.host,
    port: flags.port,
    dataDirectory: flags.data,
    configFile: flags.config ?? null,
    databaseUrl: flags.databaseUrl ?? null,
    adminToken,
    runEngine: flags.engine,
    publicMetrics: flags.publicMetrics === true,
  })
  const ended = new Promise<ExitCode>((resolve) => {
    let stopping = false
    const stop = () => {
      if (stopping) {
        terminal.err('stopping already; waiting for what is under way\n')
        return
      }
      stopping = true
      terminal.err('stopping\n')
      server.stop().then(
        () => finish(0),
        (error) => {
          terminal.err(`tocsin: it did not stop in order: ${reasonOf(error)}\n`)
          finish(1)
        },
      )
    }
    const takeBack = [
      terminal.onSignal('SIGINT', stop),
      terminal.onSignal('SIGTERM', stop),
      terminal.onSignal('SIGHUP', () => void reload(server.reload, terminal)),
    ]
    const finish = (code: ExitCode) => {
      for (const take of takeBack) take()
      resolve(code)
    }
  })
  // Only now: who reads that we listen may send a signal the next moment.
  for (const notice of server.notices) terminal.err(`${notice}\n`)
  terminal.out(`listening on ${server.url}\n`)
  if (server.setupLink)
    terminal.out(`\nSet up the first administrator with this one-time link:\n\n  ${server.setupLink}\n\n`)
  return ended
}

async function reload(
  read: Awaited<ReturnType<Program['start']>>['reload'],
  terminal: Terminal,
): Promise<void> {
  try {
    const reading = await read()
    if (reading.ok) {
      terminal.err(`configuration reloaded: ${reading.summary}\n`)
      for (const warning of reading.warnings ?? []) terminal.err(`  ${warning}\n`)
    } else
      terminal.err(
        `the configuration is not valid; the one before stays in force:\n${describeProblems(reading.problems, reading.file)}`,
      )
  } catch (error) {
    terminal.err(`the configuration was not reloaded, the one before stays in force: ${reasonOf(error)}\n`)
    if (error instanceof TocsinError)
      for (const problem of error.problems) terminal.err(`  ${describeProblem(problem)}`)
  }
}
