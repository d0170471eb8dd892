import type { Verdict } from '../monitors/index.ts'
import type { FaultResult, Outcome } from './drill.ts'

export const FAULT_DRILL_REASONS = [
  'all-caught',
  'missed',
  'unclear',
  'control-failed',
  'nothing-applies',
] as const
export type FaultDrillReason = (typeof FAULT_DRILL_REASONS)[number]

/** Whether a verdict on a fault means that the fault was seen. */
export function judgeVerdict(verdict: Verdict): FaultResult['result'] {
  if (verdict === 'down' || verdict === 'degraded') return 'caught'
  return verdict === 'up' ? 'missed' : 'unclear'
}

/** The names of the faults that somebody caught, and of those that nobody did and somebody missed. */
export function tally(faults: readonly FaultResult[]): { caught: string[]; missed: string[] } {
  const named = (result: FaultResult['result']) =>
    new Set(faults.filter((one) => one.result === result).map(({ fault }) => fault))
  const caught = named('caught')
  return { caught: [...caught], missed: [...named('missed')].filter((fault) => !caught.has(fault)) }
}

interface Seen {
  verdict: Verdict
  reason: string
  summary: string
}

/**
 * The outcome of a drill from its controls and its faults. The control comes first: a copy that calls the
 * healthy server anything but up would "catch" every fault, and prove nothing.
 */
export function judgeFaults(
  controls: readonly Seen[],
  faults: readonly FaultResult[],
): { outcome: Outcome; reason: FaultDrillReason; summary: string } {
  const broken = controls.find((control) => control.verdict !== 'up')
  if (controls.length === 0 || broken) {
    const why = broken ? `${broken.verdict}, ${broken.reason}: ${broken.summary}` : 'it was not played'
    return {
      outcome: 'inconclusive',
      reason: 'control-failed',
      summary: `The healthy control was not seen as up (${why}), so nothing is proved.`,
    }
  }
  if (faults.length === 0)
    return {
      outcome: 'inconclusive',
      reason: 'nothing-applies',
      summary: 'No fault applies to this monitor.',
    }
  const missed = faults.filter((fault) => fault.result === 'missed').map((fault) => fault.fault)
  if (missed.length > 0)
    return {
      outcome: 'failed',
      reason: 'missed',
      summary: `Missed ${missed.length} of ${faults.length} faults: ${missed.join(', ')}.`,
    }
  const unclear = faults.filter((fault) => fault.result === 'unclear').map((fault) => fault.fault)
  if (unclear.length > 0)
    return {
      outcome: 'inconclusive',
      reason: 'unclear',
      summary: `The monitor could not judge ${unclear.join(', ')}.`,
    }
  return { outcome: 'passed', reason: 'all-caught', summary: `Caught all ${faults.length} faults.` }
}
