import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Observation } from '../../observation.ts'
import type { AnswerJudgement } from './judge-answer.rules.ts'
import type { HttpSpec } from './spec.ts'

/** What is kept from check to check: the newest latency last. */
export interface LatencyMemory {
  latencies: Millis[]
}

type Limits = NonNullable<HttpSpec['expect']['latency']>

/** The smallest value that so many of 100 do not exceed (nearest rank). */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)]!
}

/** Adds a latency to the window and compares its percentiles with their limits, once the window is full. */
export function judgeLatency(
  memory: unknown,
  tookMs: Millis,
  { over, ...limits }: Limits,
): { memory: LatencyMemory; values: Observation['values']; exceeded: AnswerJudgement | null } {
  const latencies = [...latenciesOf(memory), Math.round(tookMs)].slice(-over)
  const values: Observation['values'] = { latencies: latencies.length }
  let exceeded: AnswerJudgement | null = null
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === undefined) continue
    const found = percentileOf(latencies, Number(name.slice(1)))
    values[name] = found
    if (latencies.length < over || found <= limit || exceeded) continue
    exceeded = {
      verdict: 'degraded',
      reason: 'latency.percentile-exceeded',
      summary: `the ${name} of the last ${over} answers is ${formatDuration(found)}, allowed is ${formatDuration(limit)}`,
    }
  }
  return { memory: { latencies }, values, exceeded }
}

function latenciesOf(memory: unknown): Millis[] {
  const kept = (memory as Partial<LatencyMemory> | null)?.latencies
  return Array.isArray(kept) ? kept.filter((one): one is number => Number.isFinite(one)) : []
}
