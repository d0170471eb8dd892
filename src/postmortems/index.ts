export { SETTLEMENTS, type Settlement } from './action-state.rules.ts'
export type { ActionPromise, Counterpart } from './actions/counterparts.rows.ts'
export {
  actionCounterpartSet,
  actionPromised,
  actionReminded,
  actionReminderFailed,
} from './actions/facts.ts'
export { type FollowUp, followUpsOf } from './actions/follow-up.ts'
export { listNotices, type Notice } from './actions/reminders.rows.ts'
export { addPromise, setCounterpart } from './actions/set-counterpart.ts'
export { type AddActionInput, addAction } from './add-action.ts'
export { applyPostmortemsConfig } from './apply-postmortems-config.ts'
export { type ChangeActionInput, changeAction } from './change-action.ts'
export { type ChangePostmortemStateInput, changePostmortemState } from './change-postmortem-state.ts'
export { type ClaimActionInput, claimAction } from './claim-action.ts'
export { type PostmortemsConfig, postmortemsConfig } from './config.ts'
export { type DraftPostmortemInput, draftPostmortem } from './draft-postmortem.ts'
export { type EditPostmortemInput, editPostmortem } from './edit-postmortem.ts'
export { DOCUMENT_POLICY } from './export/document-style.ts'
export { type ExportedFile, exportMarkdown, exportPostmortem } from './export/export-postmortem.ts'
export { EXPORT_FORMATS, type ExportFormat } from './export/formats.ts'
export type { TellProofs } from './export/gather-document.ts'
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
export type { Hint } from './hints/hints.rules.ts'
export { readHints } from './hints/read-hints.ts'
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
export type { LanguageModel } from './import/propose/config.ts'
export { type Proposals, type Proposer, proposeCorrections } from './import/propose/propose-corrections.ts'
export type { Finding, Found, ReadAction, ReadEntry, ReadIncident, Reading } from './import/reading.ts'
export { findReading } from './import/sources.rows.ts'
export { type AcceptLuckInput, acceptLuck, takeAcceptanceBack } from './items/accept-luck.ts'
export { type ActOnItemInput, actOnItem } from './items/act-on-item.ts'
export type { Item, ItemKind, LuckState } from './items/item.ts'
export { itemView, viewItems, viewLuck } from './items/view-items.ts'
export { readLiveData, readLiveFacts, renderLivePieces } from './live/index.ts'
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
export { postmortemPublished, postmortemWithdrawn } from './publish/facts.ts'
export type { FoundName } from './publish/internal-names.rules.ts'
export {
  type PublicChoiceInput,
  type PublicText,
  previewPublication,
} from './publish/preview-publication.ts'
export type { SectionChoice } from './publish/public-text.rules.ts'
export type { Publication } from './publish/publications.rows.ts'
export {
  type PublicStanding,
  type PublishPostmortemInput,
  publishPostmortem,
  readPublicStanding,
  withdrawPostmortem,
} from './publish/publish-postmortem.ts'
export type { Distribution } from './recurrence/distribution.rules.ts'
export { recordJudged } from './recurrence/facts.ts'
export { findSimilar, type Similar } from './recurrence/find-similar.ts'
export { type JudgeRecordInput, judgeRecord, readRecord } from './recurrence/judge-record.ts'
export { type ComeBack, type Recurrence, readRecurrence } from './recurrence/read-recurrence.ts'
export { type LearnedTimes, readTimes } from './recurrence/read-times.ts'
export type { LearningRecord, Mark } from './recurrence/record.ts'
export {
  type AskReviewersInput,
  askReviewers,
  type WithdrawReviewerInput,
  withdrawReviewer,
} from './review/ask-reviewers.ts'
export { type CommentInput, commentOnPostmortem, type ReplyInput, replyToThread } from './review/comment.ts'
export { type GiveVerdictInput, giveVerdict } from './review/give-verdict.ts'
export { type MoveThreadInput, moveThread } from './review/move-thread.ts'
export type { TellingMeans } from './review/tell.ts'
export { viewReview } from './review/view-review.ts'
export { postmortemsRoom } from './room.ts'
export {
  type Hit,
  type SearchInput,
  type SearchResult,
  searchEverything,
} from './search/search-everything.ts'
export { findSection } from './sections.rules.ts'
export { type SettleActionInput, type Settled, settleActionIn } from './settle-action.ts'
export { remedyOf } from './trackers/classify-answer.rules.ts'
export { putTrackersInForce, trackersOf } from './trackers/configured-trackers.ts'
export {
  actionIssueAsked,
  actionIssueFailed,
  actionIssueLinked,
  actionIssueMended,
  actionIssueMoved,
  actionIssueUnlinked,
} from './trackers/facts.ts'
export { type Heard, hearWebhook } from './trackers/hear-webhook.ts'
export type { ActionIssue } from './trackers/issues.rows.ts'
export { createIssue, linkIssue, syncIssueNow, unlinkIssue } from './trackers/link-issue.ts'
export { listStandings, type Standing } from './trackers/standings.rows.ts'
