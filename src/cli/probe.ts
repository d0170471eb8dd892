import { systemClock } from '../kit/clock.ts'
import { openLog } from '../kit/log.ts'
import { askNameServers, nameServersOf } from '../monitors/index.ts'
import type { ProbeFlags } from './main.ts'
import { Probe } from './probe/check-for-server.ts'
import { type ExitCode, type Terminal, UsageError } from './program.ts'

/** Checks for a Tocsin elsewhere until it is told to stop. */
export async function probe(version: string, terminal: Terminal, flags: ProbeFlags): Promise<ExitCode> {
  if (!URL.canParse(flags.url))
    throw new UsageError(`"${flags.url}" is not an address.`, 'Give --url https://host.')
  if (!/^[a-z0-9][a-z0-9-]{0,79}$/.test(flags.place) || flags.place === 'here')
    throw new UsageError(
      `"${flags.place}" is no name of a place.`,
      'Use lower-case letters, digits and hyphens.',
    )
  const nameServers = nameServersOf(terminal.env)
  if (nameServers) askNameServers(nameServers)
  const log = openLog(terminal.env.TOCSIN_LOG_LEVEL ?? 'warn')
  const running = new Probe({ ...flags, version, clock: systemClock, log })
  const ended = new Promise<ExitCode>((resolve) => {
    const stop = () => void running.stop().then(() => resolve(0))
    terminal.onSignal('SIGINT', stop)
    terminal.onSignal('SIGTERM', stop)
  })
  running.start()
  terminal.out(`probing for ${new URL(flags.url).origin} as ${flags.place}\n`)
  return ended
}
