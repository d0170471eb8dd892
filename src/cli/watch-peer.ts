import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { channels, describeAddress } from '../channels/index.ts'
import { systemClock } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import { openLog } from '../kit/log.ts'
import { BadConfiguration, type ExitCode, type Program, type Terminal, UsageError } from './program.ts'
import { PeerWatcher, sendOnce } from './watch-peer/watch-peers.ts'

export interface WatchPeerFlags {
  testPage?: boolean
}

/** Watches other Tocsins until it is told to stop. */
export async function watchPeer(
  program: Program,
  terminal: Terminal,
  file: string,
  flags: WatchPeerFlags,
): Promise<ExitCode> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new UsageError(
      `${file} cannot be read: ${reasonOf(error)}`,
      'Name a configuration file that exists.',
    )
  })
  const reading = await program.readWatcher(text, dirname(resolve(file)))
  if (!reading.ok) throw new BadConfiguration(file, reading.problems)
  const settings = reading.value
  if (flags.testPage) {
    let failed = false
    for (const contact of settings.contacts) {
      const message = {
        key: `peer-test:${systemClock.now()}`,
        subject: 'Test of the watcher: this is how it would reach you',
        text: 'Nothing is wrong. Somebody asked the watcher of Tocsin to send this.',
      }
      const delivery = await sendOnce(channels, contact, message, settings, systemClock)
      const to = describeAddress(channels, contact.kind, contact.address)
      if (delivery.result !== 'sent') failed = true
      terminal.out(`${to}: ${delivery.result}${delivery.result === 'sent' ? '' : ` (${delivery.reason})`}\n`)
    }
    return failed ? 1 : 0
  }
  const log = openLog(terminal.env.TOCSIN_LOG_LEVEL ?? 'warn')
  const watcher = await new PeerWatcher(settings, channels, systemClock, log).listen()
  const ended = new Promise<ExitCode>((resolve) => {
    const stop = () => void watcher.stop().then(() => resolve(0))
    terminal.onSignal('SIGINT', stop)
    terminal.onSignal('SIGTERM', stop)
  })
  terminal.out(`watching ${Object.keys(settings.peers).join(', ')} on ${watcher.url}\n`)
  return ended
}
