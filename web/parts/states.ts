/** How a state is shown: its tone (a colour), its sign and the word for it. */
export interface StateLook {
  tone: 'good' | 'warn' | 'bad' | 'unclear' | 'calm' | 'plain'
  sign:
    | 'check'
    | 'warning'
    | 'cross'
    | 'question'
    | 'tool'
    | 'bell'
    | 'hand'
    | 'clock'
    | 'dash'
    | 'play'
    | 'pencil'
    | 'eye'
    | 'flag'
  word: string
}

const look = (tone: StateLook['tone'], sign: StateLook['sign'], word: string): StateLook => ({
  tone,
  sign,
  word,
})

/** Where a word means different things in two rooms, the room stands before it. */
const LOOKS: Record<string, StateLook> = {
  up: look('good', 'check', 'Up'),
  degraded: look('warn', 'warning', 'Degraded'),
  down: look('bad', 'cross', 'Down'),
  unknown: look('unclear', 'question', 'Unknown'),
  maintenance: look('calm', 'tool', 'Maintenance'),
  paused: look('plain', 'dash', 'Paused'),
  in: look('good', 'check', 'In the pool'),
  skipped: look('plain', 'dash', 'Not reached'),
  drained: look('warn', 'hand', 'Drained'),
  'alert:open': look('bad', 'bell', 'Open'),
  acknowledged: look('warn', 'hand', 'Acknowledged'),
  resolved: look('good', 'check', 'Resolved'),
  silenced: look('plain', 'dash', 'Silenced'),
  critical: look('bad', 'warning', 'Critical'),
  warning: look('warn', 'warning', 'Warning'),
  declared: look('bad', 'flag', 'Declared'),
  mitigated: look('warn', 'hand', 'Mitigated'),
  'believed-resolved': look('calm', 'eye', 'Believed resolved'),
  closed: look('plain', 'check', 'Closed'),
  SEV1: look('bad', 'warning', 'SEV1'),
  SEV2: look('warn', 'warning', 'SEV2'),
  SEV3: look('calm', 'flag', 'SEV3'),
  SEV4: look('plain', 'flag', 'SEV4'),
  draft: look('plain', 'pencil', 'Draft'),
  'in review': look('calm', 'eye', 'In review'),
  reviewed: look('good', 'check', 'Reviewed'),
  late: look('warn', 'clock', 'Late'),
  asked: look('plain', 'clock', 'Asked'),
  approved: look('good', 'check', 'Approved'),
  'approved-before': look('warn', 'eye', 'Approved an older text'),
  'changes-asked': look('warn', 'pencil', 'Asks for changes'),
  'luck:open': look('warn', 'warning', 'Open'),
  accepted: look('calm', 'hand', 'Accepted'),
  'has-action': look('calm', 'tool', 'Has an action'),
  'action:open': look('plain', 'clock', 'Open'),
  'issue:open': look('calm', 'eye', 'Issue open'),
  'issue:closed': look('plain', 'check', 'Issue closed'),
  'issue:failing': look('warn', 'warning', 'Not in step'),
  waiting: look('plain', 'clock', 'Waits'),
  'reminder:dropped': look('plain', 'dash', 'No longer needed'),
  claimed: look('calm', 'hand', 'Claimed, not proved'),
  proved: look('good', 'check', 'Proved'),
  create: look('plain', 'clock', 'Will be created'),
  present: look('good', 'check', 'Is there'),
  'left-out': look('plain', 'dash', 'Left out'),
  'needs-values': look('warn', 'question', 'Needs values'),
  unseen: look('bad', 'warning', 'Exposed and unseen'),
  unproven: look('warn', 'question', 'Seen, not proved'),
  'not-applicable': look('plain', 'dash', 'Not applicable'),
  'not-exposed': look('plain', 'dash', 'Not exposed'),
  'proved:witness': look('warn', 'eye', 'Proved by a witness only'),
  'proved:junit-report': look('good', 'check', 'Proved by a test report'),
  'proved:chaos-journal': look('good', 'check', 'Proved by a chaos experiment'),
  refuted: look('bad', 'cross', 'Refuted'),
  stale: look('warn', 'clock', 'Proof is stale'),
  dropped: look('plain', 'dash', 'Dropped'),
  'never run': look('unclear', 'question', 'Never run'),
  'exercise:gathering': look('calm', 'clock', 'Gathering'),
  'exercise:ended': look('good', 'check', 'Ended'),
  queued: look('plain', 'clock', 'Queued'),
  running: look('calm', 'play', 'Running'),
  passed: look('good', 'check', 'Passed'),
  failed: look('bad', 'cross', 'Failed'),
  inconclusive: look('unclear', 'question', 'Inconclusive'),
  caught: look('good', 'check', 'Caught'),
  missed: look('bad', 'cross', 'Missed'),
  unclear: look('unclear', 'question', 'Unclear'),
  sent: look('good', 'check', 'Sent'),
  cancelled: look('plain', 'dash', 'Cancelled'),
  gathering: look('calm', 'clock', 'People join'),
  ended: look('plain', 'check', 'Ended'),
  planned: look('plain', 'clock', 'Planned'),
  pending: look('plain', 'clock', 'Pending'),
  over: look('plain', 'check', 'Over'),
  active: look('good', 'check', 'Active'),
  'silence:active': look('calm', 'dash', 'Active'),
  expired: look('plain', 'clock', 'Expired'),
  revoked: look('plain', 'cross', 'Revoked'),
  disabled: look('plain', 'dash', 'Disabled'),
  verified: look('good', 'check', 'Verified'),
  unverified: look('warn', 'warning', 'Not verified'),
  investigating: look('bad', 'eye', 'Investigating'),
  identified: look('warn', 'flag', 'Identified'),
  monitoring: look('calm', 'eye', 'Monitoring'),
}

/** The look of a state; one that this page does not know is shown as it is written. */
export function lookOf(state: string, room?: string): StateLook {
  return LOOKS[`${room}:${state}`] ?? LOOKS[state] ?? look('plain', 'dash', sayReason(state))
}

/** A code from a closed set as words: `certificate.expires-soon` reads "certificate expires soon". Sentences stay. */
export function sayReason(code: string): string {
  return /\s/.test(code) ? code : code.replaceAll(/[-_.]/g, ' ')
}

/** Worst first; what nobody can see comes before what is merely slow. */
const ORDER = ['down', 'unknown', 'degraded', 'maintenance', 'up', 'paused']
/** Compares two monitor states, the worse one first. */
export function byUrgency(a: string, b: string): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b)
}
