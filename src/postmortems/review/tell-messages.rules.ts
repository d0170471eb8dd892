import type { ChannelMessage } from '../../channels/index.ts'
import { formatDuration } from '../../kit/duration.ts'
import type { Reminder } from '../due-dates.rules.ts'

/** What people are told about a post-mortem. */
export type About =
  | { kind: 'asked'; by: string; dueAt: number | null }
  | { kind: 'text-changed'; version: number; by: string; verdict: 'approved' | 'changes-asked' }
  | { kind: 'verdict'; by: string; verdict: 'approved' | 'changes-asked'; reason: string }
  | { kind: 'reminder'; reminder: Extract<Reminder, { what: 'draft' | 'review' }>; reviewer: boolean }
  | { kind: 'luck'; text: string; reason: string }

const when = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** The message; every text in it stays text, which is for the channel to see to. */
export function tellMessage(
  about: About,
  { title, url, key }: { title: string; url: string; key: string },
): ChannelMessage {
  const { subject, text } = said(about, title)
  return { subject, text, link: { label: 'Open the post-mortem', url }, key }
}

function said(about: About, title: string): { subject: string; text: string } {
  switch (about.kind) {
    case 'asked':
      return {
        subject: `Your review is asked for: ${title}`,
        text:
          `${about.by} asks you to review the post-mortem "${title}".` +
          (about.dueAt === null ? '' : ` The review is due ${when(about.dueAt)}.`) +
          ' Approve it, or say what must change.',
      }
    case 'text-changed':
      return about.verdict === 'approved'
        ? {
            subject: `The text you approved has changed: ${title}`,
            text: `${about.by} changed the post-mortem "${title}" after you approved version ${about.version}. Your approval no longer counts for it: look again.`,
          }
        : {
            subject: `The text has changed since you asked for it: ${title}`,
            text: `${about.by} changed the post-mortem "${title}" after you asked for changes to version ${about.version}. Look again: approve it, or say what is still missing.`,
          }
    case 'verdict':
      return about.verdict === 'approved'
        ? {
            subject: `Approved: ${title}`,
            text: `${about.by} approved the post-mortem "${title}".${about.reason === '' ? '' : `\n\n${about.reason}`}`,
          }
        : {
            subject: `Changes are asked for: ${title}`,
            text: `${about.by} asks for changes to the post-mortem "${title}":\n\n${about.reason}`,
          }
    case 'reminder':
      return reminder(about, title)
    case 'luck':
      return {
        subject: `A risk is no longer accepted: ${title}`,
        text: `You accepted this risk until today, and it is open again:\n\n${about.text}\n\nYou wrote: ${about.reason}\n\nAccept it anew, or make an action of it.`,
      }
  }
}

function reminder(
  { reminder: { what, reason, dueAt, lateMs }, reviewer }: Extract<About, { kind: 'reminder' }>,
  title: string,
): { subject: string; text: string } {
  const thing = what === 'draft' ? 'draft' : reviewer ? 'review' : 'end of the review'
  const todo =
    what === 'draft'
      ? 'Write what is missing and send it to review.'
      : reviewer
        ? 'Approve it, or say what must change.'
        : 'Answer what reviewers asked for, or ask somebody to review it.'
  if (reason === 'late')
    return {
      subject: `Late by ${formatDuration(lateMs)}: ${title}`,
      text: `The ${thing} of the post-mortem "${title}" was due ${when(dueAt)}. ${todo}`,
    }
  return {
    subject: `${reason === 'due-now' ? 'Due now' : 'Due soon'}: ${title}`,
    text: `The ${thing} of the post-mortem "${title}" is due ${when(dueAt)}. ${todo}`,
  }
}
