import { stringify } from 'yaml'
import type { DocumentedAction, PostmortemDocument } from '../../contract/postmortem-document.ts'
import { withActions } from '../actions-table.rules.ts'
import { findSection, sectionState } from '../sections.rules.ts'
import type { Here } from './gather-document.ts'

/** What a reader is shown of a document: the text with its live pieces in it, and how things stand here. */
export interface Shown {
  document: PostmortemDocument
  /** Where the post-mortem is found. */
  url: string
  body: string
  state: string
  actions: ShownAction[]
  /** Whether the text shows the actions by itself. */
  showsActions: boolean
}

type Unchanged =
  | 'id'
  | 'title'
  | 'type'
  | 'criterion'
  | 'drill'
  | 'owner'
  | 'dueAt'
  | 'ownerWritten'
  | 'counterpart'
  | 'promises'
  | 'issue'

export interface ShownAction extends Pick<DocumentedAction, Unchanged> {
  /** The vendor or the other team that it is with, and what they promised last. */
  with: string | null
  state: string
  since: string
  run: string | null
  /** What another Tocsin says of it, where that is more than what is known here. */
  elsewhere: string | null
  /** What has to be said beside the state: that it is another's, or rests on less than a drill. */
  note: string | null
}

/** A document as it is shown: `here` says how things stand in this Tocsin; without it the document is taken at its word. */
export function shown(
  document: PostmortemDocument,
  url: string,
  here: Here | null,
  live: { body: string; showsActions: boolean } = { body: document.body, showsActions: false },
): Shown {
  return {
    document,
    url,
    ...live,
    state: here?.state ?? document.standing.at(-1)!.state,
    actions: document.actions.map((action) => {
      const said = action.standing.at(-1)!
      const known = here?.actions.get(action.id) ?? said
      const { standing, proofs, createdAt, ...unchanged } = action
      return {
        ...unchanged,
        with: withWhom(action),
        state: known.state,
        since: known.since,
        run: known.run,
        ...notesOf(known.state, said),
      }
    }),
  }
}

/** Only a promise of those whom it is with now counts. */
function withWhom({ counterpart, promises }: DocumentedAction): string | null {
  if (counterpart === null) return null
  const newest = promises.at(-1)
  return newest?.counterpart === counterpart.name
    ? `${counterpart.name}, promised ${newest.promisedAt.slice(0, 10)}`
    : counterpart.name
}

/** A witness is weaker than a drill, and is called one wherever the state shows. */
function notesOf(
  state: string,
  said: DocumentedAction['standing'][number],
): Pick<ShownAction, 'elsewhere' | 'note'> {
  if (state !== said.state) {
    const elsewhere = `${said.state} at ${said.at}`
    return { elsewhere, note: elsewhere }
  }
  const { proof } = said
  if (state !== 'proved' || !proof || proof.kind === 'drill') return { elsewhere: null, note: null }
  const until = proof.until === null ? '' : `, until ${proof.until.slice(0, 10)}`
  return { elsewhere: null, note: `by ${proof.kind.replaceAll('-', ' ')}${until}` }
}

/**
 * Markdown with YAML front matter: the keys that collections of public post-mortems use, and under `tocsin` what they
 * have no word for.
 */
export function writeMarkdown(of: Shown): string {
  const { document, actions } = of
  const { incident } = document
  const written = sectionState(document.body, 'Summary') === 'written'
  const front = {
    uuid: document.id,
    url: of.url,
    title: document.title,
    // Empty where nobody knows, as the format has it.
    start_time: incident?.times.impact_start ?? '',
    end_time: incident?.times.resolved ?? '',
    categories: document.categories.length > 0 ? document.categories : ['undescriptive'],
    keywords: document.keywords,
    company: document.company,
    product: document.product,
    summary: written ? findSection(document.body, 'Summary')!.body : '',
    tocsin: {
      state: of.state,
      version: document.version,
      incident: incident && {
        id: incident.id,
        severity: incident.severity,
        state: incident.state,
        services: incident.services.map(({ id }) => id),
        detection: incident.detection,
        reopened: incident.reopened,
        times: incident.times,
        metrics: incident.durations.map(({ name, ms, formula, status }) => ({ name, ms, formula, status })),
      },
      actions: actions.map((action) => ({
        id: action.id,
        title: action.title,
        type: action.type,
        owner: action.owner?.id ?? null,
        due: action.dueAt,
        criterion: action.criterion,
        drill: action.drill,
        state: action.state,
        since: action.since,
        run: action.run,
        ...(action.ownerWritten === null ? {} : { owner_written: action.ownerWritten }),
        ...(action.counterpart === null ? {} : { with: action.counterpart }),
        ...(action.promises.length === 0
          ? {}
          : {
              promised: action.promises.map(({ counterpart, promisedAt }) => ({
                by: counterpart,
                for: promisedAt,
              })),
            }),
        ...(action.issue === null ? {} : { issue: action.issue }),
        ...(action.elsewhere === null ? {} : { elsewhere: action.elsewhere }),
      })),
    },
  }
  const yaml = stringify(front, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
  return `---\n${yaml}---\n\n${of.showsActions ? of.body.trimEnd() : withActions(of.body, actions).trimEnd()}\n`
}
