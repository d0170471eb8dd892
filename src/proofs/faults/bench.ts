import type { Clock } from '../../kit/clock.ts'
import { checkOnce, type MonitorKind, type Observation } from '../../monitors/index.ts'
import { LABS } from '../labs/registry.ts'
import type { Expectation, Fault, RunningFault } from './fault.ts'
import { mintLab } from './lab.ts'
import { startLabServer } from './lab-server.ts'

/** A copy of one monitor, ready to look at faults one after the other. */
export interface Bench {
  expects: Expectation
  changes: string[]
  /** Before the remedy of any fault that is missed. */
  advice: string | undefined
  /** Starts the fault, lets the copy check it once over real sockets, and stops it. */
  play(fault: Fault): Promise<Observation>
}

export interface BenchOptions {
  kind: MonitorKind
  /** The monitor's spec as it stands now. */
  spec: unknown
  /** A body or banner that satisfies the monitor, where its demands alone do not tell one. */
  sample?: string
  /** Must advance at the speed of the machine: real sockets are waited for. */
  clock: Clock
}

/** Copies a monitor for a drill; null where its kind looks at no address. */
export async function openBench({ kind, spec, sample, clock }: BenchOptions): Promise<Bench | null> {
  const aim = LABS[kind.kind]?.aim(spec, sample) ?? null
  if (!aim) return null
  const { expects, changes } = aim
  const lab = await mintLab(expects, clock.now())
  return {
    expects,
    changes,
    advice: aim.advice,
    async play(fault) {
      const running = await fault.start({ clock, lab, expects })
      let beside: RunningFault | undefined
      try {
        if (aim.wantsBeside) beside = await startLabServer({ clock, expects, certificate: lab.good })
        const copy = aim.at(running, lab, beside)
        if (aim.observe) return await aim.observe(copy, running, clock)
        return await checkOnce(kind, copy, { clock, deadlineMs: expects.timeoutMs })
      } finally {
        await running.stop()
        await beside?.stop()
      }
    },
  }
}
