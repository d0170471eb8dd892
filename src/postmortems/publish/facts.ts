import { defineFact } from '../../engine/facts.ts'

/** The public was given this text. */
export const postmortemPublished = defineFact<{
  postmortemId: string
  incidentId: string
  documentId: string
  version: number
  sections: string[]
}>('postmortem.published')

/** What the public was given was taken back. */
export const postmortemWithdrawn = defineFact<{
  postmortemId: string
  incidentId: string
  documentId: string
}>('postmortem.withdrawn')
