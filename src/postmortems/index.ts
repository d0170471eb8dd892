export { SETTLEMENTS, type Settlement } from './action-state.rules.ts'
export { type AddActionInput, addAction } from './add-action.ts'
export { applyPostmortemsConfig } from './apply-postmortems-config.ts'
export { type ChangeActionInput, changeAction } from './change-action.ts'
export { type ChangePostmortemStateInput, changePostmortemState } from './change-postmortem-state.ts'
export { type ClaimActionInput, claimAction } from './claim-action.ts'
export { type PostmortemsConfig, postmortemsConfig } from './config.ts'
export { type DraftPostmortemInput, draftPostmortem } from './draft-postmortem.ts'
export { type EditPostmortemInput, editPostmortem } from './edit-postmortem.ts'
export { exportMarkdown } from './export-markdown.ts'
export {
  actionChanged,
  actionClaimed,
  actionCreated,
  actionDropped,
  actionProved,
  actionRefuted,
  actionReopened,
  actionStale,
  actionTakenBack,
  postmortemDrafted,
  postmortemEdited,
  postmortemStateChanged,
} from './facts.ts'
export {
  IMPORT_OUTCOMES,
  type Imported,
  type ImportOutcome,
  type ImportPostmortemInput,
  importPostmortem,
  previewImport,
  readPostmortemDocument,
} from './import/import-postmortem.ts'
export { type Interchange, toInterchange } from './import/interchange.ts'
export type { Finding, Found, ReadAction, ReadEntry, ReadIncident, Reading } from './import/reading.ts'
export { findReading } from './import/sources.rows.ts'
export type {
  Action,
  ActionState,
  ActionType,
  Category,
  Postmortem,
  PostmortemState,
  Revision,
} from './postmortem.ts'
export {
  type ActionQuery,
  countActionsAwaitingProof,
  findAction,
  findPostmortem,
  listActions,
  listPostmortems,
  listRevisions,
  type PostmortemQuery,
  postmortemIdsOf,
  postmortemOfIncident,
} from './postmortems.rows.ts'
export { postmortemsRoom } from './room.ts'
export { findSection } from './sections.rules.ts'
export { type SettleActionInput, type Settled, settleActionIn } from './settle-action.ts'
