import { evidenceKind as chaosJournal } from './chaos-journal/index.ts'
import { evidenceKind as junitReport } from './junit-report/index.ts'
import type { EvidenceKind, GivenKind } from './kind.ts'
import { evidenceKind as witness } from './witness/index.ts'

/** Every kind of evidence that is no drill: one folder beside this file and one line here. */
export const evidenceKinds = {
  witness,
  'junit-report': junitReport,
  'chaos-journal': chaosJournal,
} satisfies { [Kind in GivenKind]: EvidenceKind<Kind> }

/** The kind of what was handed in. */
export function evidenceKindNamed(kind: GivenKind): EvidenceKind {
  return evidenceKinds[kind] as unknown as EvidenceKind
}
