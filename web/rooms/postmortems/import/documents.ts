import type {
  CorrectedTopic,
  ImportedDocument,
  ImportProposals,
} from '../../../../src/contract/postmortem-imports.ts'
import type { ApiProblem } from '../../../api/problem.ts'
import type { FileContent } from './read-file.ts'
import { valuesOf } from './values.ts'

/** A reviewer's word on a part of the source. */
export interface Correction {
  from: number
  to: number
  as: CorrectedTopic
}

/** One document on its way in. */
export interface Doc {
  key: number
  name: string
  file: File | null
  content: FileContent | null
  state: 'waiting' | 'reading' | 'read' | 'importing' | 'imported' | 'failed'
  /** Counts what is asked, so that an answer to an older question is not taken for the newest. */
  question: number
  corrections: Correction[]
  answer: ImportedDocument | null
  /** What was read before the last correction. */
  before: ImportedDocument | null
  problem: ApiProblem | null
  /** The language model's; null until it was asked. */
  proposals: ImportProposals | null
  asking: boolean
}

export interface Documents {
  list: Doc[]
  chosen: number | null
  next: number
}

export type Change =
  | { what: 'add'; given: { name: string; file: File | null; content: FileContent | null }[] }
  | { what: 'choose'; key: number }
  | { what: 'remove'; key: number }
  | { what: 'correct'; key: number; corrections: Correction[] }
  | { what: 'reading'; key: number; importing: boolean }
  | { what: 'loaded'; key: number; content: FileContent }
  | { what: 'answered'; key: number; question: number; answer: ImportedDocument; importing: boolean }
  | { what: 'failed'; key: number; question: number; problem: ApiProblem }
  | { what: 'asking'; key: number }
  | { what: 'proposed'; key: number; proposals: ImportProposals | null; problem: ApiProblem | null }
  | { what: 'settled'; key: number; at: number; take: boolean }

export const NO_DOCUMENTS: Documents = { list: [], chosen: null, next: 1 }

/** What becomes of the list. */
export function change(now: Documents, by: Change): Documents {
  if (by.what === 'add') {
    const added = by.given.map((given, i) => ({ ...EMPTY, ...given, key: now.next + i }))
    const list = [...now.list, ...added]
    return { list, chosen: now.chosen ?? added[0]?.key ?? null, next: now.next + added.length }
  }
  if (by.what === 'choose') return { ...now, chosen: by.key }
  if (by.what === 'remove') {
    const at = now.list.findIndex(({ key }) => key === by.key)
    const list = now.list.toSpliced(at, at < 0 ? 0 : 1)
    const chosen = now.chosen === by.key ? (list[Math.min(at, list.length - 1)]?.key ?? null) : now.chosen
    return { ...now, list, chosen }
  }
  return { ...now, list: now.list.map((doc) => (doc.key === by.key ? changed(doc, by) : doc)) }
}

const EMPTY: Omit<Doc, 'key' | 'name'> = {
  file: null,
  content: null,
  state: 'waiting',
  question: 0,
  corrections: [],
  answer: null,
  before: null,
  problem: null,
  proposals: null,
  asking: false,
}

function changed(doc: Doc, by: Exclude<Change, { what: 'add' | 'choose' | 'remove' }>): Doc {
  switch (by.what) {
    case 'correct':
      return { ...doc, corrections: by.corrections, state: 'waiting', question: doc.question + 1 }
    case 'reading':
      return { ...doc, state: by.importing ? 'importing' : 'reading', problem: null }
    case 'loaded':
      return { ...doc, content: by.content, file: null }
    case 'answered': {
      if (by.question !== doc.question) return doc
      const done = by.importing && by.answer.outcome !== 'nothing-found'
      return { ...doc, state: done ? 'imported' : 'read', before: doc.answer, answer: by.answer }
    }
    case 'failed':
      return by.question === doc.question
        ? { ...doc, state: doc.answer ? 'read' : 'failed', problem: by.problem }
        : doc
    case 'asking':
      return { ...doc, asking: true, proposals: null, problem: null }
    case 'proposed':
      return { ...doc, asking: false, proposals: by.proposals, problem: by.problem }
    case 'settled': {
      if (!doc.proposals) return doc
      const { from, to, as } = doc.proposals.items[by.at]!
      const proposals = { ...doc.proposals, items: doc.proposals.items.toSpliced(by.at, 1) }
      const without = { ...doc, proposals }
      return by.take
        ? changed(without, {
            what: 'correct',
            key: doc.key,
            corrections: [...doc.corrections, { from, to, as }],
          })
        : without
    }
  }
}

/** How many things a reviewer should look at before this is imported. */
export function toLookAt({ incidents, findings, source }: ImportedDocument): number {
  return valuesOf(incidents, findings, source).all.filter(({ doubt }) => doubt).length
}

/** A word for where a document stands, and its tone. */
export interface Standing {
  word: string
  tone: 'good' | 'warn' | 'bad' | 'calm' | 'plain'
  /** It can be imported without a look. */
  clean: boolean
}

/** Where a document stands. */
export function standingOf({ state, answer, problem }: Doc): Standing {
  const of = (word: string, tone: Standing['tone'], clean = false): Standing => ({ word, tone, clean })
  if (state === 'waiting') return of('Waiting', 'plain')
  if (state === 'reading') return of('Reading', 'calm')
  if (state === 'importing') return of('Importing', 'calm')
  if (state === 'failed' || !answer) return of('Not read', 'bad')
  if (answer.outcome === 'imported') return of('Imported', 'good')
  if (answer.outcome === 'known') return of('Known already', 'plain')
  if (answer.outcome === 'nothing-found' || answer.incidents.length === 0) return of('Nothing found', 'warn')
  if (problem) return of('Not imported', 'bad')
  const look = toLookAt(answer)
  return look > 0 ? of(`${look} to look at`, 'warn') : of('Clean', 'good', true)
}
