import { kindNamed } from '../monitors/index.ts'
import type { Reader } from '../store/store.ts'
import { listScores } from './fault-score.rows.ts'
import { canBreak, type Fault } from './faults/fault.ts'
import { FAULTS } from './faults/registry.ts'
import { LABS } from './labs/registry.ts'

/** A fault that a monitor let pass, or that nobody has played against it yet. */
export interface UnseenFault {
  fault: string
  title: string
  tried: 'missed' | 'never'
  /** What to write into the configuration so that it is caught. */
  remedy: string
}

/** What would pass a monitor by, as far as drills have shown it, and what no drill has asked yet. */
export async function unseenFaults(
  db: Reader,
  monitor: { id: string; kind: string; spec: unknown },
): Promise<UnseenFault[]> {
  const scores = await listScores(db, monitor.id)
  const results = new Map(scores.map(({ fault, result }) => [fault, result]))
  const playable = new Set(faultsThatApply(monitor.kind, monitor.spec))
  const told = (of: readonly Fault[], tried: UnseenFault['tried']) =>
    of.map(({ name, title, remedy }): UnseenFault => ({ fault: name, title, tried, remedy }))
  return [
    ...told(
      FAULTS.filter(({ name }) => results.get(name) === 'missed'),
      'missed',
    ),
    ...told(
      FAULTS.filter((fault) => playable.has(fault) && !results.has(fault.name)),
      'never',
    ),
  ]
}

/** The faults that a drill could play against a copy of this monitor; none where it cannot be copied. */
function faultsThatApply(kind: string, spec: unknown): readonly Fault[] {
  const aim = LABS[kindNamed(kind).kind]?.aim(spec) ?? null
  return aim ? FAULTS.filter((fault) => canBreak(fault, aim.expects)) : []
}
