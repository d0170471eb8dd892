import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import { describeProblem, describeProblems } from './describe-problems.ts'
import { BadConfiguration, type ExitCode, type Program, type Terminal, UsageError } from './program.ts'

interface DataFlags {
  data: string
  databaseUrl?: string
  /** The configuration file; without it, that of the data directory. */
  config?: string
}
interface ServerFlags {
  url?: string
  token?: string
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`)
  }
}

const dataOption = () =>
  new Option('--data <directory>', 'where Tocsin keeps its data').env('TOCSIN_DATA').default('./data')
const databaseOption = () =>
  new Option('--database-url <url>', 'PostgreSQL instead of SQLite').env('DATABASE_URL')
const serverOptions = (command: Command): Command =>
  command
    .addOption(new Option('--url <url>', 'a running Tocsin').env('TOCSIN_URL'))
    .addOption(new Option('--token <token>', 'an API token for it').env('TOCSIN_TOKEN'))

/** Runs one command line and answers the exit code; commands are loaded when they are used. */
export async function runCli(program: Program, argv: string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0
  // The kinds are loaded for the help and for nothing else.
  const wantsTargets =
    argv[0] === 'check' && (argv.length === 1 || argv.some((one) => /^(-h|--help)$/.test(one)))
  const checkText = wantsTargets ? (await import('./check-help.ts')).checkHelp() : ''
  const tocsin = new Command('tocsin')
    .description('Watches, pages, runs the response, and proves that the lesson was learned.')
    .version(program.version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(add --help for what is possible)')
    .helpCommand(false)

  tocsin
    .command('serve')
    .description('run Tocsin')
    .option('--port <number>', 'where it listens', wholeNumber(0, 65_535), 8080)
    .option('--host <address>', 'on which address it listens', '127.0.0.1')
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(
      new Option('--config <file>', 'the configuration (default: tocsin.yaml in the data directory)').env(
        'TOCSIN_CONFIG',
      ),
    )
    .option('--no-engine', 'only serve: check, page and run nothing')
    .option('--public-metrics', 'answer /metrics without a token')
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./serve.ts')
      code = await serve(program, terminal, flags)
    })

  tocsin
    .command('check')
    .description('run one check now, as a monitoring plugin would')
    .argument('<target>', 'what to check: tls://host:port, https://… or another target of those below')
    .option('--name <name>', 'the name the certificate must be for')
    .option('--ca <file>', 'a PEM file of the roots to trust')
    .option('--issuer <text>', 'what the issuer of the certificate must contain')
    .option('--warn <duration>', 'warn this long before the certificate expires (14d)')
    .option(
      '--renew-before <duration>',
      'complain when the certificate is not renewed this long before its end',
    )
    .option(
      '--client <name=storefile>',
      'clients that must be able to connect: NAME=STOREFILE[,legacy] or the name of a profile; repeatable',
      (given: string, before: string[] = []) => [...before, given],
    )
    .option('--timeout <duration>', 'the check must end within this time (10s)')
    .option(
      '--set <path=value>',
      'any other setting of the kind: expect.status=404; repeatable',
      (given: string, before: string[] = []) => [...before, given],
    )
    .option('--json', 'one JSON object instead of the line')
    .addHelpText('after', () => checkText)
    .action(async (target: string, flags: CheckFlags) => {
      const { check } = await import('./check.ts')
      code = await check(terminal, target, flags)
    })

  tocsin
    .command('validate')
    .description('read a configuration file and say everything that is wrong with it')
    .argument('<file>')
    .option('--json', 'one JSON object instead of text')
    .action(async (file: string, flags: { json?: boolean }) => {
      const { validate } = await import('./validate.ts')
      code = await validate(program, terminal, file, flags)
    })

  tocsin
    .command('schema')
    .description('print the JSON Schema of the configuration')
    .action(async () => {
      terminal.out(`${JSON.stringify(await program.configurationSchema(), null, 2)}\n`)
    })

  const drill = tocsin.command('drill').description('drills')
  serverOptions(drill.command('run'))
    .description('run drills, all or those named, and say what was caught')
    .argument('[name...]')
    .addOption(dataOption())
    .addOption(databaseOption())
    .option('--json', 'one JSON object instead of text')
    .option('--junit <file>', 'also write a JUnit report')
    .action(async (names: string[], flags: DrillFlags) => {
      const { runDrills } = await import('./drill-run.ts')
      code = await runDrills(program, terminal, names, flags)
    })

  tocsin
    .command('import')
    .description(
      'import post-mortems as they exist: mails, slides, feeds, pages, Markdown, wikis, folders of them',
    )
    .argument('<file...>', 'documents, or folders that hold some')
    .option('--format <format>', 'what it is, where neither its name nor its text tell')
    .addOption(dataOption())
    .addOption(databaseOption())
    .option('--json', 'print what would be read and store nothing')
    .action(async (files: string[], flags: ImportFlags) => {
      const { importPostmortems } = await import('./import-postmortems.ts')
      code = await importPostmortems(program, terminal, files, flags)
    })

  tocsin
    .command('export')
    .description('write post-mortems as Markdown, HTML, PDF or JSON')
    .argument('[post-mortem]', 'its id, or that of its incident')
    .option('--format <format>', 'markdown, html, pdf or json (default: what --out ends with, else markdown)')
    .option('--all', 'every post-mortem, into the folder that --out names')
    .option('--out <path>', 'a file or a folder; without it, standard output')
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(
      new Option('--config <file>', 'the configuration, for the public address in links').env(
        'TOCSIN_CONFIG',
      ),
    )
    .action(async (id: string | undefined, flags: ExportFlags) => {
      const { exportPostmortems } = await import('./export-postmortems.ts')
      code = await exportPostmortems(program, terminal, id, flags)
    })

  tocsin
    .command('audit')
    .description('the fact log')
    .command('verify')
    .description('verify the chain of the fact log and say where it breaks')
    .addOption(dataOption())
    .addOption(databaseOption())
    .option('--json', 'one JSON object instead of text')
    .action(async (flags: DataFlags & { json?: boolean }) => {
      const { verifyAudit } = await import('./data-commands.ts')
      code = await verifyAudit(program, terminal, flags)
    })

  tocsin
    .command('backup')
    .description('copy all data into one file, while Tocsin runs or not')
    .argument('<file>')
    .addOption(dataOption())
    .action(async (file: string, flags: DataFlags) => {
      const { backup } = await import('./data-commands.ts')
      code = await backup(program, terminal, file, flags)
    })

  tocsin
    .command('restore')
    .description('put a backup into an empty data directory')
    .argument('<file>')
    .addOption(dataOption())
    .action(async (file: string, flags: DataFlags) => {
      const { restore } = await import('./data-commands.ts')
      code = await restore(program, terminal, file, flags)
    })

  tocsin
    .command('token')
    .description('API tokens')
    .command('create')
    .description('create an API token; its secret is printed once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['viewer', 'responder', 'editor', 'administrator'])
        .makeOptionMandatory(),
    )
    .option('--place <place>', 'only for the probe of this place; it may do nothing else')
    .option('--expires-in-days <days>', 'when it ends', wholeNumber(1, 3650))
    .addOption(dataOption())
    .addOption(databaseOption())
    .option('--json', 'one JSON object instead of text')
    .action(async (flags: TokenFlags) => {
      const { createToken } = await import('./data-commands.ts')
      code = await createToken(program, terminal, flags)
    })

  tocsin
    .command('probe')
    .description('check from here for a Tocsin elsewhere; keeps checking while it is away')
    .requiredOption('--place <place>', 'the name of this place, as monitors name it')
    .addOption(new Option('--url <url>', 'the Tocsin').env('TOCSIN_URL').makeOptionMandatory())
    .addOption(
      new Option('--token <token>', 'its token for this place').env('TOCSIN_TOKEN').makeOptionMandatory(),
    )
    .option('--data <directory>', 'where it keeps its work and what it could not deliver yet', './probe')
    .action(async (flags: ProbeFlags) => {
      const { probe } = await import('./probe.ts')
      code = await probe(program.version, terminal, flags)
    })

  tocsin
    .command('watch-peer')
    .description('watch other Tocsins from elsewhere, and page by a way of its own when one is silent')
    .argument('<file>', 'its own configuration file')
    .option('--test-page', 'send a test to every contact, say what became of it, and end')
    .action(async (file: string, flags: { testPage?: boolean }) => {
      const { watchPeer } = await import('./watch-peer.ts')
      code = await watchPeer(program, terminal, file, flags)
    })

  const alert = tocsin.command('alert').description('alerts of a running Tocsin')
  serverOptions(alert.command('ack'))
    .description('acknowledge an alert: everything pending stops')
    .argument('<id>')
    .option('--json', 'one JSON object instead of text')
    .action(async (id: string, flags: ServerFlags & { json?: boolean }) => {
      const { acknowledge } = await import('./alert-ack.ts')
      code = await acknowledge(terminal, id, flags)
    })

  try {
    await tocsin.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    const code = explain(error, terminal)
    if (argv[0] !== 'check' || code === 0) return code
    if (
      wantsTargets ||
      (error instanceof TocsinError &&
        error.problems.some(({ message }) => message === 'its scheme is not known'))
    )
      terminal.err(`\n${(await import('./check-help.ts')).schemesHelp()}`)
    // For a monitoring system 2 is CRITICAL: a plugin that was called wrongly knows nothing, which is UNKNOWN.
    // It shows its people one line of standard output, and nothing of the rest.
    // On a screen it has been said.
    if (terminal.screen) return 3
    terminal.out(
      `CHECK UNKNOWN - ${reasonOf(error)
        .replace(/^error: /, '')
        .replace(/\|/g, '/')
        .replace(/\s+/g, ' ')
        .trim()}\n`,
    )
    return 3
  }
}

/** What went wrong, with its place and what to do: never a stack. */
function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) {
    terminal.err(`tocsin: ${error.message}\n  ${error.remedy}\n`)
    return 2
  }
  terminal.err(`tocsin: ${reasonOf(error)}\n`)
  if (error instanceof BadConfiguration) terminal.err(describeProblems(error.problems, error.file))
  if (error instanceof TocsinError)
    for (const problem of error.problems) {
      // A message that is made of its only problem need not be followed by it.
      const said = !problem.remedy && reasonOf(error).endsWith(`${problem.path}: ${problem.message}`)
      if (!said) terminal.err(`  ${describeProblem(problem)}`)
    }
  if (terminal.env.TOCSIN_DEBUG && error instanceof Error) terminal.err(`${error.stack}\n`)
  return error instanceof TocsinError && error.code === 'invalid-input' ? 2 : 1
}

export interface ServeFlags extends DataFlags {
  port: number
  host: string
  engine: boolean
  publicMetrics?: boolean
}
export interface CheckFlags {
  name?: string
  ca?: string
  issuer?: string
  warn?: string
  renewBefore?: string
  client?: string[]
  timeout?: string
  set?: string[]
  json?: boolean
}
export interface DrillFlags extends DataFlags, ServerFlags {
  json?: boolean
  junit?: string
}
export interface ImportFlags extends DataFlags {
  format?: string
  json?: boolean
}
export interface ExportFlags extends DataFlags {
  format?: string
  all?: boolean
  out?: string
}
export interface ProbeFlags {
  place: string
  url: string
  token: string
  data: string
}
export interface TokenFlags extends DataFlags {
  name: string
  role: 'viewer' | 'responder' | 'editor' | 'administrator'
  expiresInDays?: number
  place?: string
  json?: boolean
}
export type { DataFlags, ServerFlags }
