import type { MonitorKind } from '../../monitors/index.ts'
import { LABS, WITHOUT_LAB } from '../labs/registry.ts'
import { type Fault, isConcerned } from './fault.ts'
import { FAULTS } from './registry.ts'

/** The faults that a drill can play against some monitor of this kind, and why there are none. */
export function faultsOfKind({ kind, speaksTls }: Pick<MonitorKind, 'kind' | 'speaksTls'>): {
  faults: readonly Fault[]
  /** Null where faults are played. */
  whyNone: string | null
} {
  const lab = LABS[kind]
  if (!lab) return { faults: [], whyNone: WITHOUT_LAB[kind] ?? 'No lab is written for this kind yet.' }
  const secure = (speaksTls !== undefined || lab.speaksTls === true) && !lab.inTheOpen
  const isPool = kind === 'pool'
  const about = { speaks: kind, secure, isPool, hasNoAddress: lab.hasNoAddress === true }
  return { faults: FAULTS.filter((fault) => isConcerned(fault, about)), whyNone: null }
}
