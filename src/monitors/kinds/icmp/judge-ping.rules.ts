import { formatDuration } from '../../../kit/duration.ts'
import type { Observation } from '../../observation.ts'
import type { PingCount } from './read-ping.rules.ts'
import type { IcmpSpec } from './spec.ts'

export const PING_REASONS = [
  'icmp.no-answer',
  'icmp.unreachable',
  'icmp.loss',
  'icmp.slow',
  'icmp.jitter',
] as const

/** Judges what came back. */
export function judgePing(
  { sent, received, errors, rtt }: PingCount,
  { maxLoss, maxLatency, maxJitter }: IcmpSpec['expect'],
): Pick<Observation, 'verdict' | 'summary'> & { reason: (typeof PING_REASONS)[number] | 'ok' } {
  const counted = `${received} of ${sent} packets came back`
  if (received === 0)
    return errors > 0
      ? {
          verdict: 'down',
          reason: 'icmp.unreachable',
          summary: 'it cannot be reached, says somebody on the way',
        }
      : { verdict: 'down', reason: 'icmp.no-answer', summary: `none of ${sent} packets came back` }
  const times = rtt ? `, after ${rtt.mean} ms` : ''
  if (lossOf(sent, received) > maxLoss)
    return {
      verdict: 'degraded',
      reason: 'icmp.loss',
      summary: `${counted}${times}; at most ${maxLoss} % may be lost`,
    }
  if (rtt && maxLatency !== undefined && rtt.mean > maxLatency)
    return {
      verdict: 'degraded',
      reason: 'icmp.slow',
      summary: `${counted}${times}; ${formatDuration(maxLatency)} are allowed`,
    }
  if (rtt && rtt.deviation !== null && maxJitter !== undefined && rtt.deviation > maxJitter)
    return {
      verdict: 'degraded',
      reason: 'icmp.jitter',
      summary: `${counted}${times}, which varied by ${rtt.deviation} ms; ${formatDuration(maxJitter)} are allowed`,
    }
  return { verdict: 'up', reason: 'ok', summary: `${counted}${times}` }
}

/** Per cent of the packets that did not come back. */
export function lossOf(sent: number, received: number): number {
  return sent === 0 ? 100 : Math.round(((sent - received) / sent) * 1_000) / 10
}
