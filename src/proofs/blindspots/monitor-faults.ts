import { kindNamed } from '../../monitors/index.ts'
import type { FailureClassId } from '../failure-class.ts'
import { classOf } from '../failure-class.ts'
import type { FaultScore } from '../fault-score.rows.ts'
import { canBreak, couldBreak, type Expectation, type Fault } from '../faults/fault.ts'
import { FAULTS } from '../faults/registry.ts'
import { LABS } from '../labs/registry.ts'
import type { FaultStanding } from './judge-cell.rules.ts'

/** How each fault that concerns a monitor stands, by the class that it belongs to. */
export function faultStandings(
  monitor: { id: string; kind: string; spec: unknown },
  scores: ReadonlyMap<string, FaultScore>,
): Map<FailureClassId, FaultStanding[]> {
  const standings = new Map<FailureClassId, FaultStanding[]>()
  const aim = LABS[kindNamed(monitor.kind).kind]?.aim(monitor.spec) ?? null
  for (const fault of FAULTS) {
    const score = scores.get(fault.name)
    const playable = aim !== null && couldBreak(fault, aim.expects)
    if (!playable && !score) continue
    const failureClass = classOf(fault.failureClass)
    if (failureClass === null) continue
    const looks = playable && canBreak(fault, aim.expects) && !blindTo(fault, monitor.spec, aim.expects)
    const standing: FaultStanding = {
      fault: fault.name,
      title: fault.title,
      monitorId: monitor.id,
      looks,
      result: score?.result ?? 'never',
      at: score?.at ?? null,
    }
    standings.set(failureClass, [...(standings.get(failureClass) ?? []), standing])
  }
  return standings
}

/** What a monitor cannot notice by the way in which it is set up, whether or not anybody has tried. */
function blindTo({ name, failureClass }: Fault, spec: unknown, expects: Expectation): boolean {
  const expect = (spec as { expect?: { accept?: unknown } }).expect
  if (expect?.accept === 'any' && /^(certificate|tls)\b/.test(failureClass)) return true
  if (name === 'slow') return expects.latencyMs === null
  if (name === 'tarpit') return expects.speaks === 'tcp' && expects.banner === null
  return name === 'http-wrong-content' && expects.contains.length === 0
}
