/** The entry of every command: wires the program and hands over to the command line. */
import { processTerminal, runCli } from '../cli/index.ts'
import { VERSION } from './version.ts'

process.exitCode = await runCli(
  {
    version: VERSION,
    start: async (options) => (await import('./serve.ts')).startServer(options),
    async readConfiguration(text, folder) {
      const { readConfiguration } = await import('./configuration.ts')
      const { summarize, warningsOf } = await import('./read-configuration-file.ts')
      const result = readConfiguration(text, { env: process.env, folder })
      return result.ok
        ? { ok: true, summary: summarize(result.value), warnings: warningsOf(result.value) }
        : result
    },
    async readWatcher(text, folder) {
      const { readWatcher } = await import('./watcher-configuration.ts')
      return readWatcher(text, { env: process.env, folder })
    },
    configurationSchema: async () => (await import('./configuration.ts')).configurationSchema(),
    openData: async (options) => (await import('./open-data.ts')).openData(options),
    restore: async (options) => (await import('./open-data.ts')).restore(options),
  },
  process.argv.slice(2),
  processTerminal(process),
)
