import type { Action } from '../postmortem.ts'
import type { IssueDraft, Said } from './tracker.ts'

/** What is to be found again in a tracker: letters, digits and hyphens only. */
export const issueMarker = (actionId: string): string => `tocsin-action-${actionId}`
export const noteMarker = (noteId: string): string => `tocsin-note-${noteId}`

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

/** The issue that an action becomes. */
export function issueDraft(
  action: Pick<Action, 'id' | 'title' | 'criterion' | 'dueAt' | 'type'>,
  about: { postmortem: string; url: string; labels: readonly string[] },
): IssueDraft {
  const due = action.dueAt === null ? '' : ` It is due on ${day(action.dueAt)}.`
  return {
    title: action.title,
    marker: issueMarker(action.id),
    labels: [...about.labels],
    said: [
      { is: 'text', text: `An action (${action.type}) of a post-mortem.${due}` },
      { is: 'quote', text: about.postmortem },
      { is: 'text', text: 'It counts as done when this can be shown:' },
      { is: 'quote', text: action.criterion },
      {
        is: 'text',
        text: 'Closing this issue says that the work is done. Then a drill decides; if it fails, the issue is opened again.',
      },
      { is: 'link', label: 'The action in Tocsin', url: about.url },
    ],
  }
}

export const TOLD = [
  'claimed',
  'claimed-here',
  'taken-back',
  'proved',
  'refuted',
  'reopened',
  'stale',
  'dropped',
  'given-up',
] as const
export type Told = (typeof TOLD)[number]

const SAYS: Record<Told, string> = {
  claimed: 'Somebody says that the work is done. A drill decides now whether it is.',
  'claimed-here':
    'The closing of this issue is taken as the word that the work is done. A drill decides now whether it is.',
  'taken-back': 'The word that the work is done was taken back; the action is open.',
  proved: 'Proved: the failure was played again, and it went as the criterion asks.',
  refuted:
    'Refuted: the failure was played again, and it went by unseen. The work is not done, so the issue is open again.',
  reopened: 'What was proved once has failed now. The lesson is lost, so the issue is open again.',
  stale: 'The proof is too old: nothing has confirmed it lately. It has to be shown again.',
  dropped: 'The action was given up in Tocsin.',
  'given-up':
    'This issue was closed without the work being done, so the action stays open. Drop it in Tocsin with a reason, or open this issue again.',
}

/** What is said in the tracker when the action changes, and what its issue should be then. */
export function sayInTracker(
  told: Told,
  { reason, url, closeWhenProved }: { reason: string | null; url: string; closeWhenProved: boolean },
): { said: Said[]; wanted: 'open' | 'closed' | null } {
  return {
    said: [
      { is: 'text', text: SAYS[told] },
      ...(reason ? [{ is: 'quote', text: reason } as const] : []),
      { is: 'link', label: 'The action in Tocsin', url },
    ],
    wanted:
      told === 'refuted' || told === 'reopened'
        ? 'open'
        : told === 'proved' && closeWhenProved
          ? 'closed'
          : null,
  }
}
