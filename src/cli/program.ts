import type { DrillRun } from '../contract/proofs.ts'
import type { Role } from '../contract/route.ts'
import type { Problem } from '../kit/errors.ts'
import type { ExportedFile, ExportFormat, Imported, ImportPostmortemInput } from '../postmortems/index.ts'
import type { WatcherSettings } from './watch-peer/settings.ts'

/** One thing wrong in a configuration file. */
export interface ConfigurationProblem extends Problem {
  line: number
  column: number
}

export type ConfigurationReading =
  | { ok: true; summary: string; warnings?: string[] }
  | { ok: false; problems: ConfigurationProblem[]; file?: string }

export type WatcherReading =
  | { ok: true; value: WatcherSettings }
  | { ok: false; problems: ConfigurationProblem[] }

export interface ServeOptions {
  host: string
  port: number
  dataDirectory: string
  /** null: `tocsin.yaml` in the data directory when it is there. */
  configFile: string | null
  databaseUrl: string | null
  /** Acts as an administrator; at least 32 characters. */
  adminToken: string | null
  runEngine: boolean
  publicMetrics: boolean
}

/** A server that answers. */
export interface RunningServer {
  /** `http://127.0.0.1:8080`. */
  url: string
  /** The one-time link for the first administrator; null when there is one. */
  setupLink: string | null
  /** What the person who starts it should know, one line each. */
  notices: string[]
  /** Reads the configuration file again; a bad one changes nothing. */
  reload(): Promise<ConfigurationReading>
  stop(): Promise<void>
}

/** Tocsin's own data, opened without the HTTP server; a server may run beside it on the same data. */
export interface OpenData {
  listDrills(): Promise<{ id: string; name: string }[]>
  /** Runs one drill to its end. */
  runDrill(id: string): Promise<DrillRun>
  /** Drafts a post-mortem of each incident that the document tells; the same text is imported once. */
  importPostmortem(input: ImportPostmortemInput): Promise<Imported>
  /** Every post-mortem, the newest first. */
  listPostmortemIds(): Promise<string[]>
  /** One as a file; `id` is its own or that of its incident. */
  exportPostmortem(input: { id: string; format: ExportFormat }): Promise<ExportedFile>
  verifyAudit(): Promise<{
    facts: number
    head: string
    brokenAt: { seq: number; reason: string } | null
  }>
  createToken(input: { name: string; role: Role; expiresInDays?: number; scope?: string }): Promise<{
    token: { id: string }
    secret: string
  }>
  /** Copies everything into one file, while a server may run. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** What the command line needs of the wiring; each member loads its part when it is called, so that a start is fast. */
export interface Program {
  version: string
  start(options: ServeOptions): Promise<RunningServer>
  /** `folder` is where relative names in the file begin. */
  readConfiguration(text: string, folder: string): Promise<ConfigurationReading>
  configurationSchema(): Promise<unknown>
  /** Reads the file of `watch-peer`. */
  readWatcher(text: string, folder: string): Promise<WatcherReading>
  openData(options: {
    dataDirectory: string
    databaseUrl: string | null
    configFile?: string | null
  }): Promise<OpenData>
  /** Puts a backup into an empty directory and says how many facts it holds. */
  restore(options: { file: string; dataDirectory: string }): Promise<{ facts: number }>
}

/** A screen that a person looks at. */
export interface Screen {
  columns: number
  colour: boolean
}

/** The world around a command: handed in, so that tests see what a person sees. */
export interface Terminal {
  env: Record<string, string | undefined>
  out(text: string): void
  err(text: string): void
  /** Whether a person looks on: then progress is shown. */
  interactive: boolean
  /** Where results go to a screen: then they are laid out for people. */
  screen?: Screen | null
  /** Calls `hear` on each of the process's signals; the answer takes it back. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', hear: () => void): () => void
}

/** 0: good. 1: the thing asked about is bad. 2: wrong usage. Checks speak Nagios: 0 to 3. */
export type ExitCode = 0 | 1 | 2 | 3

/** Thrown by `start` where the configuration is not valid; every problem has its place in the file. */
export class BadConfiguration extends Error {
  readonly file: string
  readonly problems: ConfigurationProblem[]
  constructor(file: string, problems: ConfigurationProblem[]) {
    super(`the configuration ${file} is not valid`)
    this.name = 'BadConfiguration'
    this.file = file
    this.problems = problems
  }
}

/** Wrong usage, with what to do about it. */
export class UsageError extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}
