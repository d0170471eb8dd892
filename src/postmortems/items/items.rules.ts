import { toName } from '../../contract/route.ts'
import { actionType } from '../import/action-type.rules.ts'
import type { ActionState, ActionType } from '../postmortem.ts'
import { readable } from '../review/anchor.rules.ts'
import { findSection, PROMPT, type SectionName } from '../sections.rules.ts'
import type { Item, ItemKind, LuckState } from './item.ts'

const SECTION_OF: Record<ItemKind, SectionName> = {
  well: 'What went well',
  wrong: 'What went wrong',
  lucky: 'Where we got lucky',
}
const LONGEST = 500

export interface ReadItem {
  kind: ItemKind
  text: string
}

/** The items of a text, in its order: the points of a list, or the paragraphs where there is no list. */
export function readItems(body: string): ReadItem[] {
  return (Object.keys(SECTION_OF) as ItemKind[]).flatMap((kind) =>
    pointsOf(findSection(body, SECTION_OF[kind])?.body ?? '').map((text) => ({ kind, text })),
  )
}

function pointsOf(section: string): string[] {
  const lines = section
    .replaceAll(/^ {0,3}(`{3,}|~{3,})(?![`~])[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm, '')
    .split(/\r?\n/)
  const level = lines.reduce(
    (least, line) => Math.min(least, /^( *)(?:[-*+]|\d{1,9}[.)])[ \t]+\S/.exec(line)?.[1]?.length ?? least),
    Number.POSITIVE_INFINITY,
  )
  const points = level < Number.POSITIVE_INFINITY ? listPoints(lines, level) : paragraphs(lines)
  const texts = points
    .filter((text) => !text.includes(PROMPT))
    .map((text) => cut(readable(text)))
    .filter((text) => /[\p{L}\p{N}]/u.test(text))
  return [...new Set(texts)]
}

/** Points of the outermost level; what hangs below one belongs to it. */
function listPoints(lines: readonly string[], level: number): string[] {
  const points: string[] = []
  let loose = false
  for (const line of lines) {
    const [, indent] = /^( *)(?:[-*+]|\d{1,9}[.)])[ \t]+\S/.exec(line) ?? []
    if (indent !== undefined && indent.length <= level + 1) points.push(line)
    // After an empty line, text at the margin is not of the list any more.
    else if (points.length > 0 && line.trim() !== '' && !(loose && /^\S/.test(line)))
      points[points.length - 1] += `\n${line}`
    loose = line.trim() === '' || (loose && indent === undefined)
  }
  return points
}

const paragraphs = (lines: readonly string[]) => lines.join('\n').split(/\n[ \t]*\n/)

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])

/** How much two texts have in common: the words of both among the words of either. */
export function likeness(a: string, b: string): number {
  const [one, other] = [wordsOf(a), wordsOf(b)]
  const both = one.intersection(other).size
  const all = one.union(other).size
  return all === 0 ? 0 : both / all
}

const SAME_POINT = 0.5

export interface ItemChanges {
  /** Known ones with where they stand now and how they read. */
  kept: { id: string; text: string; position: number }[]
  added: (ReadItem & { position: number })[]
  /** Known ones that the text no longer has. */
  gone: string[]
}

/** Which of the known items a text still has, however it was reworded. */
export function matchItems(
  known: readonly Pick<Item, 'id' | 'kind' | 'text' | 'inText'>[],
  read: readonly ReadItem[],
): ItemChanges {
  const pairs = read.flatMap((item, position) =>
    known
      .filter(({ kind }) => kind === item.kind)
      .map((one) => ({
        ...{ position, id: one.id },
        like: one.text === item.text ? 2 : likeness(one.text, item.text),
        // Of two that are equally like it, the one that stands in the text.
        standing: one.inText ? 1 : 0,
      })),
  )
  pairs.sort((a, b) => b.like - a.like || b.standing - a.standing || a.position - b.position)
  const idAt = new Map<number, string>()
  const taken = new Set<string>()
  for (const { position, id, like } of pairs) {
    if (like < SAME_POINT || idAt.has(position) || taken.has(id)) continue
    idAt.set(position, id)
    taken.add(id)
  }
  const placed = read.map((item, position) => ({ ...item, position }))
  return {
    kept: placed.flatMap(({ text, position }) =>
      idAt.has(position) ? [{ id: idAt.get(position)!, text, position }] : [],
    ),
    added: placed.filter(({ position }) => !idAt.has(position)),
    gone: known.filter(({ id, inText }) => inText && !taken.has(id)).map(({ id }) => id),
  }
}

/** What an item might become; a criterion is for people to write. */
export function suggestAction({ kind, text }: ReadItem): { title: string; type: ActionType } {
  // What is to be kept is kept by a habit; of what went wrong or by luck, the words tell.
  const guessed = actionType(text)
  return { title: toName(text), type: kind === 'well' && guessed === 'prevent' ? 'process' : guessed }
}

/** How a risk stands whose action is in this state. */
export function stateByAction(action: ActionState): LuckState {
  if (action === 'proved') return 'proved'
  return action === 'dropped' ? 'open' : 'has-action'
}

export type AcceptDecision =
  | { outcome: 'accept'; reason: 'allowed' }
  | { outcome: 'refuse'; reason: 'not-luck' | 'has-action' | 'proved' | 'in-the-past' | 'too-long' }

/** A year and a day: until the same date of the next year. */
export const LONGEST_ACCEPTANCE = 366 * 86_400_000

/** Whether a risk may be accepted until then; also once more, before the first acceptance has ended. */
export function decideAcceptance(
  item: Pick<Item, 'kind' | 'state'>,
  until: number,
  now: number,
): AcceptDecision {
  if (item.kind !== 'lucky') return { outcome: 'refuse', reason: 'not-luck' }
  if (item.state === 'has-action' || item.state === 'proved') return { outcome: 'refuse', reason: item.state }
  if (until <= now) return { outcome: 'refuse', reason: 'in-the-past' }
  if (until - now > LONGEST_ACCEPTANCE) return { outcome: 'refuse', reason: 'too-long' }
  return { outcome: 'accept', reason: 'allowed' }
}
