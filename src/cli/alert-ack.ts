import { type Alert, acknowledgeAlert } from '../contract/alerts.ts'
import { apiClient } from './api-client.ts'
import type { ServerFlags } from './main.ts'
import type { ExitCode, Terminal } from './program.ts'

/** Acknowledges an alert of a running Tocsin. */
export async function acknowledge(
  terminal: Terminal,
  id: string,
  flags: ServerFlags & { json?: boolean },
): Promise<ExitCode> {
  const alert = await apiClient(flags).call<Alert>(acknowledgeAlert, { id })
  if (flags.json) terminal.out(`${JSON.stringify(alert, null, 2)}\n`)
  else
    terminal.out(
      `${alert.state}: ${alert.title}${alert.acknowledgedBy ? ` (by ${alert.acknowledgedBy}, ${alert.acknowledgedAt})` : ''}\n`,
    )
  return alert.state === 'open' ? 1 : 0
}
