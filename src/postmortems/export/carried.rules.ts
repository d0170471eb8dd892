import type {
  DocumentedAction,
  DocumentedItem,
  DocumentedReview,
  PostmortemDocument,
} from '../../contract/postmortem-document.ts'

/** What an import made of a document, so that what people changed afterwards can be told from it. */
export interface Made {
  /** When, RFC 3339. */
  at: string
  version: number
  actions: {
    /** Of the action here. */
    id: string
    /** Of the action in the document. */
    of: string
    /** Whom it was given to here; null where nobody of that name is known. */
    owner: string | null
  }[]
}

/**
 * The document of a post-mortem that came from elsewhere: what was brought along, with what was changed here since. Where
 * nothing was, it is the document that came, whole; what this Tocsin says of a state stands beside what the other said.
 */
export function mergeCarried(
  here: PostmortemDocument,
  carried: PostmortemDocument,
  made: Made,
): PostmortemDocument {
  return {
    ...carried,
    title: here.title,
    categories: here.categories,
    keywords: here.keywords,
    version: here.version,
    draftDueAt: here.draftDueAt ?? carried.draftDueAt,
    dueAt: here.dueAt ?? carried.dueAt,
    updatedAt: here.updatedAt === made.at ? carried.updatedAt : here.updatedAt,
    standing: here.standing.some(({ since }) => since !== made.at)
      ? [...carried.standing, ...here.standing]
      : carried.standing,
    body: here.body,
    actions: mergeActions(here.actions, carried.actions, made),
    review: mergeReview(here.review, carried.review),
    items: mergeItems(here.items, carried.items),
    revisions: [...carried.revisions, ...here.revisions.filter(({ version }) => version > made.version)],
  }
}

const mergeReview = (here: DocumentedReview, carried: DocumentedReview): DocumentedReview => ({
  comments: [...carried.comments, ...here.comments],
  threads: [...carried.threads, ...here.threads],
  reviewers: [...carried.reviewers, ...here.reviewers],
  verdicts: [...carried.verdicts, ...here.verdicts],
  overrules: [...carried.overrules, ...here.overrules],
})

/** Of an item that people here have judged too, the newer word counts. */
function mergeItems(here: readonly DocumentedItem[], carried: readonly DocumentedItem[]): DocumentedItem[] {
  const keyOf = ({ kind, text }: DocumentedItem) => `${kind} ${text}`
  const judged = new Map(here.map((item) => [keyOf(item), item]))
  const known = new Set(carried.map(keyOf))
  return [
    ...carried.map((item) => judged.get(keyOf(item)) ?? item),
    ...here.filter((item) => !known.has(keyOf(item))),
  ]
}

function mergeActions(
  here: readonly DocumentedAction[],
  carried: readonly DocumentedAction[],
  made: Made,
): DocumentedAction[] {
  const madeOf = new Map(made.actions.map((one) => [one.id, one]))
  const before = new Map(carried.map((action) => [action.id, action]))
  const merged = here.map((action) => {
    const origin = madeOf.get(action.id)
    const earlier = origin && before.get(origin.of)
    if (!origin || !earlier) return action
    return {
      ...earlier,
      title: action.title,
      type: action.type,
      owner: (action.owner?.id ?? null) === origin.owner ? earlier.owner : action.owner,
      dueAt: sameInstant(action.dueAt, earlier.dueAt) ? earlier.dueAt : action.dueAt,
      criterion: action.criterion,
      drill: action.drill,
      ownerWritten: action.ownerWritten,
      counterpart: action.counterpart,
      // The first of those here are theirs, written down again: they are told as they came.
      promises: [...earlier.promises, ...action.promises.slice(earlier.promises.length)],
      // Theirs is in a tracker that may be none of ours; what people here linked is the newer word.
      issue: action.issue ?? earlier.issue,
      proofs: [...earlier.proofs, ...action.proofs],
      standing: action.standing.some(({ since }) => since !== made.at)
        ? [...earlier.standing, ...action.standing]
        : earlier.standing,
    }
  })
  // As they stood in the document; what was added here comes after them.
  const place = new Map(carried.map(({ id }, i) => [id, i]))
  return merged.sort((a, b) => (place.get(a.id) ?? carried.length) - (place.get(b.id) ?? carried.length))
}

function sameInstant(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b))
}

/** What another Tocsin said of an action, as the reason for which it is open here. */
export function saidElsewhere({ standing }: DocumentedAction): string {
  const { at, state, reason, since } = standing.at(-1)!
  const open =
    state === 'open'
      ? `open there since ${since.slice(0, 10)}`
      : `${state} there on ${since.slice(0, 10)}${reason ? ` (${reason})` : ''}`
  return `brought along from ${at}: ${open}${state === 'proved' ? '; here only a proof closes it' : ''}`
}
