import { defineFact } from '../engine/facts.ts'
import type { UpdateStatus } from './status-page.ts'

/** The public was told something. */
export const updatePublished = defineFact<{
  updateId: string
  incidentId: string
  status: UpdateStatus
  body: string
  automatic: boolean
}>('update.published')

/** The public page was written anew. */
export const statusPagePublished = defineFact<{ snapshotId: string }>('statuspage.published')
