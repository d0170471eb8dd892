import type { EngineStatus } from './context.ts'

/** A loop that has not come round for this long hangs. */
export const LOOP_PATIENCE = 30_000

export type HealthReason = 'store-silent' | 'not-configured' | 'engine-stopped' | 'loop-hangs'
export interface HealthProblem {
  reason: HealthReason
  detail: string
}

/** Whether this process does its work: its store answers and each of its loops comes round. */
export function judgeHealth(
  engine: EngineStatus,
  store: { answers: boolean; detail: string },
  now: number,
): HealthProblem[] {
  const problems: HealthProblem[] = []
  if (!store.answers) problems.push({ reason: 'store-silent', detail: store.detail })
  if (!engine.running) return problems
  if (now - engine.startedAt > LOOP_PATIENCE && Object.keys(engine.lastTurns).length === 0)
    problems.push({ reason: 'loop-hangs', detail: 'no loop of the engine has come round yet' })
  for (const [name, at] of Object.entries(engine.lastTurns))
    if (now - at > LOOP_PATIENCE)
      problems.push({
        reason: 'loop-hangs',
        detail: `the loop "${name}" has not come round for ${Math.round((now - at) / 1_000)} s`,
      })
  return problems
}

/** Whether it can take over work: as healthy, with its configuration applied and its engine running. */
export function judgeReadiness(
  engine: EngineStatus,
  store: { answers: boolean; detail: string },
  now: number,
): HealthProblem[] {
  const problems = judgeHealth(engine, store, now)
  if (!engine.configured)
    problems.push({ reason: 'not-configured', detail: 'the configuration has not been applied yet' })
  if (!engine.running)
    problems.push({ reason: 'engine-stopped', detail: 'the engine does not run in this process' })
  return problems
}
