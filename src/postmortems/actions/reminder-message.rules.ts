import type { ChannelMessage } from '../../channels/index.ts'
import type { NoticeReason } from './reminders.rules.ts'

/** One action of a reminder, as it stands when the message leaves. */
export interface RemindedAction {
  id: string
  title: string
  criterion: string
  reason: NoticeReason
  /** Why its state is what it is. */
  stateReason: string
  dueAt: number | null
  ownerName: string | null
  counterpart: { name: string; reference: string | null } | null
  /** How often they promised, and for when the last time. */
  promises: { count: number; last: number | null }
  url: string
}

export interface ReminderInput {
  actions: readonly RemindedAction[]
  /** Of whoever reads it. */
  timezone: string
  now: number
  publicUrl: string
  key: string
}

const HOUR = 3_600_000
const LONGEST_LINE = 300
// A longer message is not read; the list shows the others.
const MOST_LISTED = 20

// People write these texts: a line of theirs must not pass for one of ours.
const plain = (text: string) =>
  text
    .replace(/[\s\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_LINE)

const day = (at: number, timezone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timezone)
    .toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** How far away: in days, and where those would say little, in hours. */
function distance(ms: number): string {
  const hours = Math.round(Math.abs(ms) / HOUR)
  return hours < 48 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day')
}

const TIMES = ['', 'for the first time', 'for the second time', 'for the third time']
const nth = (count: number) => TIMES[count] ?? `${count} times by now`

/** What it is about, in one sentence. */
function sentence(of: RemindedAction, { timezone, now }: ReminderInput): string {
  const due = of.dueAt === null ? '' : day(of.dueAt, timezone)
  const late = of.dueAt === null ? '' : distance(now - of.dueAt)
  const whose = of.ownerName ? ` ${plain(of.ownerName)} owns it.` : ' Nobody owns it.'
  const they = of.counterpart ? plain(of.counterpart.name) : 'They'
  const ticket = of.counterpart?.reference ? ` (${plain(of.counterpart.reference)})` : ''
  const promised = of.promises.last === null ? '' : day(of.promises.last, timezone)
  const says: Record<NoticeReason, string> = {
    'due-soon': `It is due on ${due}, in ${distance((of.dueAt ?? now) - now)}.`,
    due: `It is due today, ${due}.`,
    overdue: `It was due on ${due}, ${late} ago, and is not proved.`,
    'long-overdue': `It was due on ${due}, ${late} ago, and is still not proved.${whose} Please see that it is done, or that somebody drops it with a reason.`,
    'promise-due': `${they} promised it for today${ticket}, ${nth(of.promises.count)}. Ask whether it is done.`,
    'promise-broken': `${they} promised it for ${promised}${ticket}, ${nth(of.promises.count)}. Ask for a new date, and write it down.`,
    refuted: `The drill has refuted it: ${plain(of.stateReason)}. The work is not done.`,
    reopened: `Its proof has failed, and it is open again: ${plain(of.stateReason)}.`,
    stale: `Its proof is too old: ${plain(of.stateReason)}. Run the drill again.`,
  }
  return says[of.reason]
}

const SUBJECTS: Record<NoticeReason, string> = {
  'due-soon': 'Due soon',
  due: 'Due today',
  overdue: 'Overdue',
  'long-overdue': 'Long overdue',
  'promise-due': 'Promised for today',
  'promise-broken': 'Promise not kept',
  refuted: 'Refuted',
  reopened: 'Open again',
  stale: 'Proof too old',
}

/** One message for everything that a person is to be reminded of. */
export function reminderMessage(input: ReminderInput): ChannelMessage {
  const { actions, publicUrl, key } = input
  const [first] = actions
  const subject =
    actions.length === 1
      ? `[action] ${SUBJECTS[first!.reason]}: ${plain(first!.title)}`
      : `[action] ${actions.length} actions of post-mortems ask for you`
  const more = actions.length - MOST_LISTED
  const listed = actions
    .slice(0, MOST_LISTED)
    .map((action) =>
      [
        plain(action.title),
        sentence(action, input),
        `It counts as done when: ${plain(action.criterion)}`,
        ...(actions.length > 1 ? [action.url] : []),
      ].join('\n'),
    )
    .join('\n\n')
  const text = more > 0 ? `${listed}\n\nAnd ${more} more.` : listed
  const link =
    actions.length === 1
      ? { label: 'Open the action', url: first!.url }
      : { label: 'Open the list', url: `${publicUrl}/actions` }
  return { subject, text, link, key }
}
