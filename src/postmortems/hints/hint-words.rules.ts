/** The words that hints are found by, and what is said of them. English only. */

export type HintKind = 'name' | 'should-have' | 'could-have' | 'failed-to' | 'if-only' | 'blame' | 'hindsight'

/** Why it is pointed at, and what to write instead. */
export const SAID: Record<HintKind, { why: string; instead: string }> = {
  name: {
    why: 'A person stands in a statement of cause. Whoever else had been there would have had the same screen and the same minutes.',
    instead: 'Name the role, and what they saw and were told: "the operator on call saw …".',
  },
  'should-have': {
    why: 'It tells what did not happen. That explains nothing: what did happen made sense to somebody.',
    instead: 'Say what happened, and what made it the sensible thing to do then.',
  },
  'could-have': {
    why: 'It tells of another world, in which the end was known beforehand.',
    instead: 'Say what was known at that time, and turn the rest into an action.',
  },
  'failed-to': {
    why: 'It measures somebody by what we know now.',
    instead: 'Say what they did instead, and what they were looking at.',
  },
  'if-only': {
    why: 'It tells of another world, in which somebody had done otherwise.',
    instead: 'Say what made the other way unlikely, and turn it into an action.',
  },
  blame: {
    why: 'It ends the search where it begins: with a person. What allowed one slip to do harm stays as it was.',
    instead: 'Say what made the slip easy, and what let it through.',
  },
  hindsight: {
    why: 'It is plain only now that the end is known.',
    instead: 'Say which signs there were, among which others, and what each seemed to mean.',
  },
}

/** People by what they do. "They", "users" and "customers" are left out: the first may be machines, the others were hit. */
export const PEOPLE = `(?:we|i|he|she|who|some(?:one|body)|any(?:one|body)|every(?:one|body)|people|engineers?|operators?|developers?|programmers?|administrators?|admins?|sysadmins?|on-?call(?:er)?s?|responders?|teams?|staff|colleagues?|managers?|technicians?|reviewers?|maintainers?|contractors?|shift|humans?)`

/** Things that do what they were made to do. */
export const MACHINES = `(?:monitor(?:ing)?|alerts?|alarms?|checks?|probes?|jobs?|scripts?|services?|servers?|systems?|nodes?|hosts?|pipelines?|deployments?|balancers?|controllers?|agents?|process(?:es)?|daemons?|cron|timers?|backups?|replicas?|databases?|queues?|caches?|clients?|requests?|pages?|dashboards?|tools?|software|automation|failover|renewals?|releases?|builds?|clusters?|pods?|containers?|prox(?:y|ies)|gateways?|devices?|disks?|memory|limits?|configuration|code|function|orchestrator|scheduler|watchdog|certbot|firewall|switch(?:es)?|routers?|kernel|machines?)`

/** First or last names that are words as well: alone they say nothing. */
export const WORDS_TOO = new Set(
  (
    'Will Mark Grace May June April August Art Bill Rich Rose Hope Faith Joy Frank Grant Jack Pat Rob Sue Dawn Eve ' +
    'Ivy Max Chase Chance Miles Page Penny Ray Rusty Sandy Summer Autumn Victor Drew Dean Earl Guy Hunter Mason ' +
    'Porter Reed Skip Ward Wade Van Long Young Brown White Black Green Gray Grey King Day Hall Hill Wood Stone Field ' +
    'Rivers Banks Cook Baker Bell Cole Case Gene Iris Jade Rock Sky Star Storm True Price Cross Nice Best Short Low'
  ).split(' '),
)

/** What makes a sentence a statement of cause. */
export const CAUSE =
  /\b(?:because|caus(?:e|ed|ing)|due to|led to|result(?:ed)? (?:in|of)|trigger(?:ed)?|broke|deleted|forgot(?:ten)?|mistakes?|errors?|fault|wrong(?:ly)?|overlooked|misconfigured|misread|missed|blam(?:e|ed|ing)|responsible)\b/i
