import type { ActionType } from '../postmortem.ts'

/** First match wins. */
const TYPES: readonly (readonly [ActionType, RegExp])[] = [
  [
    'detect',
    /\b(?:alert\w*|monitor\w*|detect\w*|dashboards?|probes?|health ?checks?|observab\w*|metrics?|paging|pages?d?|supervision|log(?:s|ging)|canary|notice)\b/i,
  ],
  [
    'process',
    /\b(?:document\w*|run ?books?|playbooks?|procedures?|process(?:es)?|train\w*|communicat\w*|polic(?:y|ies)|checklists?|on-?call|schedules?|review\w*|contacts?|drills?|rehears\w*|exercise|template|announce\w*|post-?mortems?)\b/i,
  ],
  [
    'mitigate',
    /\b(?:mitigat\w*|roll ?backs?|fail-?over|fall ?back|throttl\w*|rate limit\w*|work-?around|faster|backups?|restore|circuit breaker|isolat\w*|degrade|automatic restart)\b/i,
  ],
  [
    'repair',
    /\b(?:fix(?:es|ed|ing)?|repair\w*|clean ?up|restor\w*|rebuild|patch\w*|replace|correct|bugs?|root cause|investigat\w*)\b/i,
  ],
]

/** What kind of action a text tells of; to prevent is what most are for. */
export function actionType(text: string): ActionType {
  return TYPES.find(([, words]) => words.test(text))?.[0] ?? 'prevent'
}
