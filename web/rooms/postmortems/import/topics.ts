import type { CorrectedTopic } from '../../../../src/contract/postmortem-imports.ts'

/** What a value of a document is; those that a reviewer can choose have the names of the contract. */
export type Topic =
  | Exclude<CorrectedTopic, 'nothing' | 'timeline' | 'actions'>
  | 'title'
  | 'severity'
  | 'time'
  | 'entry'
  | 'action'
  | 'status'
  | 'owner'
  | 'due'
  | 'ticket'
  | 'reference'
  | 'finding'
  | 'proposal'

/** Topics that look alike: each family has a colour and a line of its own, and every value its word. */
export type Family = 'head' | 'text' | 'cause' | 'time' | 'remark' | 'action' | 'finding' | 'proposal'

interface Look {
  word: string
  family: Family
}

/** The word at a value in the source, and how it is drawn. */
export const TOPICS: Record<Topic, Look> = {
  title: { word: 'title', family: 'head' },
  severity: { word: 'severity', family: 'head' },
  reference: { word: 'reference', family: 'head' },
  summary: { word: 'summary', family: 'text' },
  impact: { word: 'impact', family: 'text' },
  detection: { word: 'detection', family: 'text' },
  resolution: { word: 'resolution', family: 'text' },
  lessons: { word: 'lessons', family: 'text' },
  trigger: { word: 'trigger', family: 'cause' },
  rootCause: { word: 'root cause', family: 'cause' },
  contributing: { word: 'contributing', family: 'cause' },
  time: { word: 'time', family: 'time' },
  entry: { word: 'event', family: 'time' },
  wentWell: { word: 'went well', family: 'remark' },
  wentWrong: { word: 'went wrong', family: 'remark' },
  lucky: { word: 'lucky', family: 'remark' },
  action: { word: 'action', family: 'action' },
  status: { word: 'status', family: 'action' },
  owner: { word: 'owner', family: 'action' },
  due: { word: 'due', family: 'action' },
  ticket: { word: 'ticket', family: 'action' },
  finding: { word: 'finding', family: 'finding' },
  proposal: { word: 'proposed', family: 'proposal' },
}

/** What a reviewer may say that a part of the source is, in the order of a post-mortem. */
export const CHOICES: readonly { as: CorrectedTopic; label: string }[] = [
  { as: 'summary', label: 'Summary' },
  { as: 'impact', label: 'Impact' },
  { as: 'trigger', label: 'Trigger' },
  { as: 'rootCause', label: 'Root cause' },
  { as: 'contributing', label: 'Contributing factors' },
  { as: 'detection', label: 'Detection' },
  { as: 'resolution', label: 'Resolution' },
  { as: 'timeline', label: 'Timeline' },
  { as: 'wentWell', label: 'Went well' },
  { as: 'wentWrong', label: 'Went wrong' },
  { as: 'lucky', label: 'Lucky' },
  { as: 'actions', label: 'Actions' },
  { as: 'lessons', label: 'Lessons' },
  { as: 'nothing', label: 'Nothing' },
]

/** The label of a choice: `Root cause`. */
export function labelOf(as: CorrectedTopic): string {
  return CHOICES.find((choice) => choice.as === as)!.label
}
