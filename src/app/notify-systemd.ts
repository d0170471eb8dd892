import { spawn } from 'node:child_process'

/** What systemd is told, and how often it wants to hear of progress. */
export interface Systemd {
  /** Milliseconds; 0 where it does not ask. */
  every: number
  tell(line: 'READY=1' | 'WATCHDOG=1' | 'STOPPING=1'): void
}

/**
 * Speaks to systemd by its own `systemd-notify`: Node opens no datagram sockets of the file system. The unit needs
 * `NotifyAccess=all`, since another process than the main one speaks. Without NOTIFY_SOCKET nothing is said.
 */
export function notifySystemd(env: Record<string, string | undefined>, told: () => void): Systemd {
  const socket = env.NOTIFY_SOCKET
  if (!socket) return { every: 0, tell() {} }
  const microseconds = Number(env.WATCHDOG_USEC ?? 0)
  // For another process, when it says so.
  const ours = !env.WATCHDOG_PID || Number(env.WATCHDOG_PID) === process.pid
  return {
    // Twice as often as it asks for, as it recommends.
    every: ours && microseconds > 0 ? microseconds / 2_000 : 0,
    tell(line) {
      const child = spawn('systemd-notify', [line], {
        stdio: 'ignore',
        env: { PATH: env.PATH, NOTIFY_SOCKET: socket },
      })
      child.on('error', () => {})
      child.on('exit', (code) => code === 0 && told())
      child.unref()
    },
  }
}
