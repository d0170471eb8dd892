import { z } from 'zod'
import type { Conclusion, FaultResult } from '../../drill.ts'
import { type Bench, openBench } from '../../faults/bench.ts'
import { canBreak, type Fault } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'
import { FAULT_DRILL_REASONS, judgeFaults, judgeVerdict } from '../../judge-faults.rules.ts'
import { faultName, sample } from '../fields.ts'
import type { DrillKind } from '../kind.ts'

const schema = z.strictObject({
  faults: z
    .union([z.literal('all'), z.array(faultName).min(1)])
    .default('all')
    .meta({ title: 'Faults', description: '`all` that apply to the monitor, or a list of names.' }),
  sample,
})
type Settings = z.output<typeof schema>

/** Breaks a real server in every way that applies, and looks whether a copy of the monitor notices. */
export const drillKind: DrillKind<Settings> = {
  kind: 'monitor-faults',
  title: 'Would the monitor notice?',
  description:
    'Starts real servers on loopback, each broken in one respect, and lets a copy of the monitor, as configured ' +
    'now, check each of them. It passes when every fault is seen. Nothing but this machine is contacted.',
  reasons: FAULT_DRILL_REASONS,
  schema,
  async play({ monitor, settings, clock }) {
    const { kind, spec } = monitor
    const about = { monitor: { id: monitor.id, kind: kind.kind, target: kind.target(spec) } }
    const bench = await openBench({ kind, spec, clock, sample: settings.sample })
    const chosen = settings.faults === 'all' ? FAULTS : FAULTS.filter((f) => settings.faults.includes(f.name))
    if (!bench) {
      const notApplicable = settings.faults === 'all' ? [] : chosen.map((fault) => fault.name)
      return { ...judgeFaultsOfNothing(), evidence: { ...about, notApplicable } }
    }
    const { playable, left } = sortOut(chosen, bench)
    const before = await bench.play(CONTROL)
    const faults: FaultResult[] = []
    for (const fault of playable) faults.push(await playFault(bench, fault))
    const after = await bench.play(CONTROL)
    const control = before.verdict === 'up' ? after : before
    const { verdict, reason, summary } = control
    return {
      ...judgeFaults([before, after], faults),
      evidence: {
        ...about,
        changes: bench.changes,
        control: { verdict, reason, summary },
        faults,
        // Only those that somebody asked for by name.
        notApplicable: settings.faults === 'all' ? [] : left.map((fault) => fault.name),
      },
    }
  },
}

function judgeFaultsOfNothing(): Omit<Conclusion, 'evidence'> {
  return {
    outcome: 'inconclusive',
    reason: 'nothing-applies',
    summary: 'No fault applies: this kind of monitor waits for a sign of life and looks at no address.',
  }
}

function sortOut(chosen: readonly Fault[], { expects }: Bench) {
  const fits = (fault: Fault) => canBreak(fault, expects)
  return { playable: chosen.filter(fits), left: chosen.filter((fault) => !fits(fault)) }
}

async function playFault(bench: Bench, fault: Fault): Promise<FaultResult> {
  const { verdict, reason, summary, tookMs } = await bench.play(fault)
  const result = judgeVerdict(verdict)
  const { name, title, failureClass, remedy } = fault
  const advice = result === 'caught' ? null : remedy
  return { fault: name, title, failureClass, result, verdict, reason, summary, tookMs, remedy: advice }
}
