export { runCli } from './main.ts'
export type {
  ConfigurationProblem,
  ConfigurationReading,
  ExitCode,
  OpenData,
  Program,
  RunningServer,
  ServeOptions,
  Terminal,
} from './program.ts'
export { processTerminal } from './terminal.ts'
