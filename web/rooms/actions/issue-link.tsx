import type { ActionIssue } from '../../../src/contract/trackers.ts'
import { State } from '../../parts/state.tsx'
import { sayIssue } from './narrow-actions.ts'

/** The issue by its name, how it stands there, and whether the two are in step. */
export function IssueLink({ of }: { of: ActionIssue }) {
  const name = sayIssue(of)
  return (
    <span className="said">
      {of.url ? (
        <a href={of.url} target="_blank" rel="noreferrer">
          {name}
        </a>
      ) : (
        <span>{name}</span>
      )}
      {of.failure ? <State is="failing" room="issue" /> : of.state && <State is={of.state} room="issue" />}
    </span>
  )
}
