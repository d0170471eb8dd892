import { z } from 'zod'
import type { Conclusion, FaultResult } from '../../drill.ts'
import { type Bench, openBench } from '../../faults/bench.ts'
import { canBreak, couldBreak, type Expectation, type Fault } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'
import { FAULT_DRILL_REASONS, judgeFaults, judgeVerdict } from '../../judge-faults.rules.ts'
import { faultName, sample } from '../fields.ts'
import type { DrillKind } from '../kind.ts'

const schema = z.strictObject({
  faults: z
    .union([z.literal('all'), z.array(faultName).min(1)])
    .default('all')
    .meta({ title: 'Faults', description: '`all` that apply to the monitor, or a list of names.' }),
  except: z.array(faultName).optional().meta({
    title: 'Except',
    description: 'Faults that this monitor need not see, where `faults` is `all`.',
  }),
  sample,
})
type Settings = z.output<typeof schema>

/** The reason of a fault that was not played because the monitor asks for nothing that could see it. */
export const NOT_LOOKED_AT = 'not-looked-at'

/** Breaks a real server in every way that applies, and looks whether a copy of the monitor notices. */
export const drillKind: DrillKind<Settings> = {
  kind: 'monitor-faults',
  title: 'Would the monitor notice?',
  description:
    'Starts real servers on loopback, each broken in one respect, and lets a copy of the monitor, as configured ' +
    'now, check each of them. It passes when every fault is seen. Nothing but this machine is contacted.',
  reasons: FAULT_DRILL_REASONS,
  schema,
  async play({ monitor, settings, clock, playedBefore }) {
    const { kind, spec } = monitor
    const about = {
      monitor: { id: monitor.id, kind: kind.kind, target: kind.target(spec) },
      cannotSee: [...kind.cannotSee],
    }
    const bench = await openBench({ kind, spec, clock, sample: settings.sample })
    const chosen = chooseFaults(settings)
    if (!bench) {
      const notApplicable = settings.faults === 'all' ? [] : chosen.map((fault) => fault.name)
      return { ...judgeFaultsOfNothing(), evidence: { ...about, notApplicable } }
    }
    const { playable, lost, left } = sortOut(chosen, settings.faults === 'all', new Set(playedBefore), bench)
    const before = await bench.play(CONTROL)
    const faults: FaultResult[] = []
    for (const fault of playable) faults.push(await playFault(bench, fault))
    const after = await bench.play(CONTROL)
    const control = before.verdict === 'up' ? after : before
    const { verdict, reason, summary } = control
    faults.push(...lost.map(passedBy))
    return {
      ...judgeFaults([before, after], faults),
      evidence: {
        ...about,
        changes: bench.changes,
        control: { verdict, reason, summary },
        faults,
        // Only those that somebody asked for by name.
        notApplicable: left.map((fault) => fault.name),
        ...(settings.except && { excepted: settings.except }),
      },
    }
  },
}

function chooseFaults({ faults, except = [] }: Settings): readonly Fault[] {
  if (faults === 'all') return FAULTS.filter(({ name }) => !except.includes(name))
  return FAULTS.filter(({ name }) => faults.includes(name))
}

function judgeFaultsOfNothing(): Omit<Conclusion, 'evidence'> {
  return {
    outcome: 'inconclusive',
    reason: 'nothing-applies',
    summary: 'No fault applies: nothing healthy can be played for this monitor as it is configured.',
  }
}

/**
 * What is played, what the monitor would pass by without a look, and what could never befall it. A fault that was
 * once played against the monitor stays: who takes an expectation away has not made the fault impossible.
 */
function sortOut(chosen: readonly Fault[], all: boolean, before: ReadonlySet<string>, { expects }: Bench) {
  const known = (fault: Fault) => before.has(fault.name)
  const playable = chosen.filter((fault) =>
    all && !known(fault) ? canBreak(fault, expects) : couldBreak(fault, expects),
  )
  const others = chosen.filter((fault) => !playable.includes(fault))
  return {
    playable,
    lost: others.filter((fault) => known(fault) || (!all && concerns(fault, expects))),
    left: all ? [] : others.filter((fault) => !known(fault) && !concerns(fault, expects)),
  }
}

/** Whether a monitor of this kind could be set up so that the fault can be played. */
function concerns({ breaks }: Fault, { speaks, hasNoAddress }: Expectation): boolean {
  return breaks === 'any' ? !hasNoAddress : breaks.includes(speaks)
}

async function playFault(bench: Bench, fault: Fault): Promise<FaultResult> {
  const { verdict, reason, summary, tookMs } = await bench.play(fault)
  const result = judgeVerdict(verdict)
  const { name, title, failureClass, remedy } = fault
  const advice = result === 'caught' ? null : [bench.advice, remedy].filter(Boolean).join(' ')
  return { fault: name, title, failureClass, result, verdict, reason, summary, tookMs, remedy: advice }
}

/** A fault that the monitor, as it is now, would never come near. */
function passedBy({ name, title, failureClass, remedy }: Fault): FaultResult {
  return {
    fault: name,
    title,
    failureClass,
    result: 'missed',
    verdict: 'unknown',
    reason: NOT_LOOKED_AT,
    summary: 'The monitor, as it is configured now, does not look where this fault is.',
    tookMs: 0,
    remedy,
  }
}
