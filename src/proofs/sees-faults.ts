import type { Clock } from '../kit/clock.ts'
import { kindNamed } from '../monitors/index.ts'
import { type Bench, openBench } from './faults/bench.ts'
import { couldBreak, type Fault } from './faults/fault.ts'
import { CONTROL, FAULTS } from './faults/registry.ts'

/** A fault of the registry by its name. */
export function faultNamed(name: string): Fault | null {
  return FAULTS.find((fault) => fault.name === name) ?? null
}

/** A bench for a monitor, its control played; null where nothing healthy can be played for it. */
export async function calmBench(
  monitor: { kind: string; spec: unknown },
  clock: Clock,
  sample?: string,
): Promise<Bench | null> {
  const bench = await openBench({ kind: kindNamed(monitor.kind), spec: monitor.spec, clock, sample })
  if (!bench) return null
  return (await bench.play(CONTROL)).verdict === 'up' ? bench : null
}

/** Whether a monitor, as it is set up now, notices each of these faults; played over real sockets on loopback. */
export async function seesFaults(
  monitor: { kind: string; spec: unknown },
  faults: readonly string[],
  clock: Clock,
): Promise<boolean> {
  const bench = await calmBench(monitor, clock)
  if (!bench) return false
  for (const name of faults) {
    const fault = faultNamed(name)
    if (!fault || !couldBreak(fault, bench.expects)) return false
    const { verdict } = await bench.play(fault)
    if (verdict !== 'down' && verdict !== 'degraded') return false
  }
  return true
}
