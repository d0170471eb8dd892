/** The kinds and keys of the timers that begin and end silences. */
export const SILENCE_BEGINS = 'alerts.silence-begins'
export const SILENCE_ENDS = 'alerts.silence-ends'

export function beginKey(silenceId: string): string {
  return `silence:${silenceId}:begins`
}

export function endKey(silenceId: string): string {
  return `silence:${silenceId}:ends`
}
