import type { ListKind, SectionKind } from './reading.ts'

/** What a heading says of the part below it. */
export type Topic =
  | SectionKind
  | ListKind
  | 'timeline'
  | 'actions'
  /** What was done about it: its text is the resolution, its list are actions that were taken. */
  | 'remediation'
  | 'references'
  | 'people'
  /** Status, dates, severity: facts on one line. */
  | 'facts'
  | 'agenda'
  /** Said to be something else: background, appendix, chat log. */
  | 'other'

export interface SectionName {
  topic: Topic
  /** More than one topic in one heading: what follows names them one by one, or is of the first. */
  several: boolean
  /** Only the heading's words, or words among others. */
  exact: boolean
}

/** The words of the field. First match wins; each is matched against the whole of the heading. */
const NAMES: readonly (readonly [Topic, string])[] = [
  ['agenda', 'agenda|(table of )?contents|outline|toc'],
  [
    'lucky',
    '((where|how|when|what|things) )?(did )?(we|it) (got|were|was|get|been) (a bit |just )?lucky.*|where (did )?we (get|got) lucky.*|luck(y|ily)?( breaks?)?|(good )?fortune|near[- ]?miss(es)?|(what )?luck( was involved)?',
  ],
  [
    'wentWrong',
    '(things|what|stuff) (that )?(went|has gone|had gone|did go|goes) (wrong|bad|badly|poorly|less well|not so well|not well|sideways|awry)( .*)?|went (wrong|bad|badly|poorly)|(things|what) (did not|didn.?t|did n.t) (go|work) (so |very |as )?(well|right|out|planned).*|(things|what) (that )?(could|should|can) (have gone|have been|have we done|we have done|go|be|we do|have) (done )?(better|improved|improve).*|what can be improved|the bad|(the )?negatives?|weakness(es)?|areas (for|of|to) improve(ment)?s?|what made (it|things) worse|what hindered( us)?|difficulties|challenges|mistakes?( made)?|what .{0,20}not (go|work) well|badly|minus(es)?|contributing mistakes|pain points|where we (fell short|failed)',
  ],
  [
    'wentWell',
    '(things|what|stuff) (that )?(went|has gone|had gone|did go|goes|worked|was) (well|right|good|out)( .*)?|went (well|right|good)|what (we )?(did|do|was done) (well|right)|the good|(the )?positives?|success(es)?|what (helped|worked)( us)?|strengths?|mitigators|plus(es)?|kept us safe|good',
  ],
  [
    'timeline',
    '(detailed |incident |event |full |high[- ]level |brief |rough |approximate |complete |key )*time ?lines?( (of|for) .*)?( and .*)?|chronolog(y|ical.*)|(sequence|order|course|chain|log|history|list) of (the )?(events|incident)|(incident|event|events|running|response|action|activity) (log|history|timeline|chronology)|(detailed|exact|key) (times?|dates and times)|what happened when|play[- ]by[- ]play|schedule of events|(key )?events|how (it|the (incident|outage|event)) unfolded|narrative timeline|zeitlicher ablauf|ablauf|chronologie|zeitleiste',
  ],
  [
    'remediation',
    'remediations?( and .*)?|remediation (steps|plan|measures)|(actions|measures|steps) (that (we )?(were|have been|was) )?taken( .*)?|what (have )?we( have|.ve)? (did|done)( .*)?|response and (remediation|follow[- ]?up)|corrections?',
  ],
  [
    'actions',
    '(proposed |recommended |suggested |planned |future |immediate |short[- ]term |long[- ]term |mid[- ]term |medium[- ]term |near[- ]term |open |outstanding |remaining |further |additional |corrective |prevent(ive|ative) |remedial |follow[- ]?up |review |postmortem |post-mortem |incident |key |technical |process |possible |potential |resulting |mitigation |mitigating |improvement |remediation |repair |corrective and prevent(ive|ative) )*(action|work|repair|remediation|todo|to[- ]do|improvement|follow[- ]?up|task|plan)? ?(actionables?|items?|actions?|tasks?|measures?|tickets?|stories|issues|steps|improvements?|recommendations?|follow[- ]?ups?|plans?|points|work|changes|to[- ]?dos?)( (to (make|take|do|be taken|be done|consider|improve)|list|plan|taken|items|and .*|going forward|for .*|to .*|register|required|we.*))?|next steps?( .*)?|to[- ]?dos?( list)?|follow[- ]?ups?( .*)?|(what|how) (will|are|do|can|could|should|would) we (do|doing|going|prevent|avoid|improve|mitigate|ensure|fix|stop|change|take)( .*)?|what we( are|.?re|.?ll| will| plan to| intend to| can| could| should)( be)? (do|doing|going|change|changing|fix|fixing|improve|improving|planning|working)( .*)?|what (comes|happens) next|(future )?prevention( .*)?|preventing .*|(going|moving|looking) (forward|ahead)|(the )?(way|road|path) forward|what.?s next|what is next|recommendations?|how (we|to) (will )?(prevent|avoid).*|avoiding .*|to avoid .*|how .{0,40}(happen(ing)? again|in (the )?future)|maßnahmen|nächste schritte',
  ],
  [
    'rootCause',
    '(the )?(root|underlying|primary|proximate|technical|direct|main|initial|ultimate|probable|likely|actual)? ?(root )?causes?( ?\\(s\\))?( (analysis|analyses|of .*|and .*|identification|explanation|details|summary|description|for .*|category))?|rca|(the )?(origin|reason|source|explanation|diagnosis|background)s? (of|for|behind) .*|why (did|was|were|has|had|it|this|the|we|things) .*|what (caused|was the (root )?cause|went wrong technically|led to|broke).*|how (did|could) (this|it) happen|(the )?(underlying )?(bug|fault|defect|technical problem)|(the )?((5|five) )?why.?s( analysis)?|why|(technical |incident |detailed |problem |failure |the )?analysis|technical (explanation|root cause|summary of the cause)|cause and effect|diagnosis|ursache|cause racine',
  ],
  [
    'contributing',
    '(key |main |major |other |additional |contributing |causal |aggravating |risk |systemic |human |latent |important )*(factors|contributors|conditions)( and .*)?|contribut(ing|ory) (factors?|causes?|conditions?|issues?)( .*)?|contributors (and|&) enablers|enablers|compounding .*',
  ],
  [
    'trigger',
    '(the )?(root )?triggers?( (of .*|event|events|condition|and .*))?|(triggering|initiating|precipitating) (event|condition|cause|change)s?|what triggered .*|(the )?trigger was|auslöser',
  ],
  [
    'detection',
    '(incident |problem |issue |initial |first )?(detection|discovery|detected|identified|noticed|discovered)( (method|and .*|by|time|details|source|of .*))?|(how|when|who) (did|was|were|we|it|this|the|has) .{0,40}(detect|notic|discover|find|found|learn|hear|identif|alert|know|spot|report).*|(how|when) (detected|discovered|noticed|identified)|alert(ing|s)?( and (detection|monitoring))?|monitoring( and (detection|alerting))?|reported by|first (noticed|report(ed)?)|erkennung',
  ],
  [
    'resolution',
    '(assess(ment)? and )?(incident |problem |issue |final |immediate |temporary |permanent |full |service )*(resolution|resolving|resolve|recovery|fix|fixes|mitigation|mitigations|mitigated|restoration|response|solution|solutions|remedy|workaround|workarounds|repair|countermeasures?)( (and|&|/) .*| (steps|details|of .*|summary|plan|process|taken|efforts))?|(how|when) (was|did|we|it|has|is) .{0,40}(resolv|fix|mitigat|recover|repair|restor|solv).*|steps taken( to .*)?|(actions|steps) to (resolve|recover|mitigate|fix).*|how (it|the .{0,30}) was (fixed|resolved)|behebung|lösung',
  ],
  [
    'impact',
    '(the )?(user |users |customer |customers |client |business |service |overall |external |internal |operational |financial |data |end[- ]user |production |system |observed |measured |estimated |severity and |scope and |summary (and|&) )*(impacts?|impacted|effects?|consequences|scope|blast radius|damage|symptoms?)( (of|on|to|and|assessment|analysis|summary|statement|description|details|duration|time|radius|scope|mechanism) ?.*)?|(who|what|which|how many) (was|were|is|are|users|customers|services) .{0,30}(affected|impact|hit).*|what was (affected|the impact|impacted).*|affected .*|impacted .*|(users?|customers?|services?|systems?) (affected|impacted)|how were (customers|users) affected|auswirkung(en)?|folgen',
  ],
  [
    'summary',
    '(executive |incident |issue |outage |high[- ]level |short |brief |event |problem |general |management |quick |technical )*(summary|overview|abstract|synopsis|description|recap|tl;?dr|what happened|introduction|intro|problem statement|in brief)( (of|and|&|for) .*)?|tl;?dr.*|(so,? )?what (exactly |actually )?(happened|occurred|went on|was the (problem|issue|incident))( .*)?|the (incident|outage|problem|issue|event|story|facts)|at a glance|in short|zusammenfassung|résumé|überblick',
  ],
  [
    'lessons',
    'lessons?( we.{0,5})?( learn(ed|t))?|(key )?(take ?aways?|learnings?|insights|findings|observations)( .*)?|what (did )?we( have|.ve)? learn(ed|t)?( .*)?|(in )?conclusions?|wrap(ping)?[- ]up|closing( .*)?|reflections?|retrospective|discussion|post-?mortem|evaluation|fazit',
  ],
  [
    'references',
    '(external |related |relevant |useful |further |supporting )*(references?|links?|resources|reading|postmortems|post-mortems|reports?|documents|documentation|incidents|tickets|material|footnotes)|see also|sources|evidence|further .*|related .*',
  ],
  [
    'people',
    '(incident |response |key )*(participants|participating people|people( involved)?|attendees|responders|authors?|contributors|roles|team|owners?|reviewers|stakeholders|present|commanders?|leads?|who was involved|responders involved|acknowledge?ments|credits|contacts?)( (and [a-z ]{3,24}|(of|in|to) (the|this) (incident|outage|report|post-?mortem|document|review|event)))?|(created|written|prepared|reported|last modified|reviewed) by',
  ],
  [
    'facts',
    '(incident |postmortem |event |start |end |meeting |report |outage |key )*(meta ?data|status|severity|priority|date|dates|duration|time|times|facts|ticket|id|number|stats|statistics|metrics|category|classification|version|type|last modified|time to (detect(ion)?|recover(y)?|repair|resolve|resolution|mitigat(e|ion)|acknowledge|restore)|state|labels|tags|keywords|services?|components?|environment|started|ended|resolved at|mttr|ttd|ttr)',
  ],
  [
    'other',
    'details|information|appendix( .*)?|appendices|glossary|background( .*)?|context|(detailed|technical|incident|further|full) (description|details|explanation|background|deep dive|narrative)|supporting (information|data|documents?|material)|(chat|slack|irc|raw|command) (logs?|transcripts?|history)|logs?|transcripts?|graphs?|screenshots?|figures?|charts|data|copyright|licen[cs]e|about( .*)?|definitions|notes?|comments?|q ?& ?a|questions?( .*)?|faq|changelog|revision history|disclaimer|thanks|communications?( .*)?|customer communications?',
  ],
]

const TABLE = NAMES.map(([topic, words]) => ({ topic, pattern: new RegExp(`^(?:${words})$`, 'u') }))

const LONGEST_HEADING = 90

/** A heading without numbering, signs and what stands in brackets at its end. */
export function headingWords(text: string): string {
  return text
    .slice(0, LONGEST_HEADING * 2)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[*_#"“”=]/g, ' ')
    .replace(/\p{Extended_Pictographic}|\ufe0f/gu, ' ')
    .replace(/\s*[([][^)\]]{0,60}[)\]]\s*[:.]?\s*$/, '')
    .replace(
      /^\s*(?:(?:section|part|step)\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,3}[.):]?|[ivx]{1,4}[.)]|[a-h][.)])\s+/,
      '',
    )
    .replace(/^\s*q\d{0,2}[:.)]\s+/, '')
    .replace(/\s*\|.*$/, '')
    .replace(/[\s:.!?–—-]+$/, '')
    .replace(/^[\s:–—-]+/, '')
    .replace(/\s+/g, ' ')
}

function topicOf(words: string): Topic | null {
  return TABLE.find(({ pattern }) => pattern.test(words))?.topic ?? null
}

/** "Takeaways and next steps": what is listed there is to be done. */
const LATER: readonly Topic[] = ['lessons', 'actions']

/** What section a heading names, or null. With `strict` only what is nothing else: for labels within text. */
export function sectionOf(text: string, strict = false): SectionName | null {
  if (text.length > LONGEST_HEADING) return null
  const words = headingWords(text)
  if (words === '' || words.length > 70) return null
  const parts = words.split(/\s*(?:,|&|\+|\/|\band\b)\s*/).filter((part) => part !== '')
  if (parts.length > 1 && parts.length <= 4) {
    const topics = parts.map(topicOf)
    const first = topics[0]
    if (first && new Set(topics).size > 1 && topics.every((topic) => topic !== null))
      return {
        topic: topics.every((topic) => LATER.includes(topic!)) ? 'actions' : first,
        several: true,
        exact: true,
      }
  }
  const whole = topicOf(words) ?? topicOf(words.replace(/^(?:the|our|a|an) /, ''))
  if (whole === null) return null
  // "Alerts", "Good", "Events" in the middle of a text are words, not sections.
  if (strict && VAGUE.test(words)) return null
  return { topic: whole, several: false, exact: true }
}

const VAGUE =
  /^(?:alert(?:ing|s)?|monitoring|good|events?|issues?|tickets?|tasks?|work|changes|points|plans?|steps|response|fix(?:es)?|solutions?|data|logs?|notes?|team|time|times|type|id|number|version|services?|details|discussion|post-?mortem|analysis|introduction|description|success(?:es)?|badly|challenges|mistakes?|symptoms?|scope|conditions|factors|background .*|context|communications?.*|links?)$/

export interface Label {
  /** Where the label ends, without its colon. */
  to: number
  /** Where what it labels begins. */
  rest: number
}

/** The words before a colon at the beginning: "Impact: nobody could log in". */
export function labelOf(text: string): Label | null {
  const colon = /^[^:\n]{2,60}?\s*[:：](?=\s|$)/u.exec(text)
  if (!colon) return null
  const to = colon[0].length - 1
  return { to, rest: colon[0].length }
}
