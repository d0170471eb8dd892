export type { LiveData, LivePlot, LiveStretch } from './live-data.ts'
export { readLiveData, readLiveFacts } from './read-live-data.ts'
export { hasPiece, renderLivePieces } from './render-pieces.rules.ts'
