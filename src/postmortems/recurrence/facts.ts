import { defineFact } from '../../engine/facts.ts'

/** Somebody said what an incident or a post-mortem was about. */
export const recordJudged = defineFact<{ recordId: string }>('learning.judged')
