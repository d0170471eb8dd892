export { runCli } from './main.ts'
export {
  BadConfiguration,
  type ConfigurationProblem,
  type ConfigurationReading,
  type ExitCode,
  type OpenData,
  type Program,
  type RunningServer,
  type ServeOptions,
  type Terminal,
  type WatcherReading,
} from './program.ts'
export { processTerminal } from './terminal.ts'
