export { applyStatusPageConfig } from './apply-status-page-config.ts'
export { type StatusPageConfig, statusPageConfig } from './config.ts'
export { escapeHtml, html, SafeHtml } from './escape-html.ts'
export { statusPagePublished, updatePublished } from './facts.ts'
export {
  type PlaceDocumentInput,
  type PlacedDocument,
  placeDocumentIn,
  removeDocumentIn,
} from './place-document.ts'
export { findDocument, type PublicDocument } from './public-documents.rows.ts'
export { componentStatus, findPublicIncident, latestSnapshot, listUpdates } from './public-page.rows.ts'
export { publishNow, writePage } from './publish-page.ts'
export { type PublishUpdateInput, publishUpdate, publishUpdateIn } from './publish-update.ts'
export { renderDocument, visible } from './render-document.ts'
export { documentPath } from './render-document-page.ts'
export { renderMarkdown } from './render-markdown.ts'
export { commsRoom, commsRoomOfReplica } from './room.ts'
export type { Component, ComponentStatus, PublicIncident, Update, UpdateStatus } from './status-page.ts'
export { snapshotDirectory } from './write-files.ts'
