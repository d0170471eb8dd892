import { findPieces, type LivePieceKind } from '../../contract/live-pieces.ts'
import { PROMPT, plainLine, splitSections } from '../sections.rules.ts'

/** Sections that are meant for others as they are; the rest tells more of the inside. */
const FOR_EVERYBODY = ['summary', 'impact', 'trigger', 'root cause', 'resolution', 'takeaways']

/** What may be chosen, and whether it can be published as it stands. */
export interface SectionChoice {
  title: string
  state: 'written' | 'empty' | 'prompt-left'
  suggested: boolean
}

/** The sections of a text; what is not written cannot be published. */
export function sectionChoices(body: string, hasActions: boolean): SectionChoice[] {
  const seen = new Set<string>()
  return splitSections(body).flatMap(({ title, body }) => {
    const key = title.toLowerCase()
    if (key === '' || seen.has(key)) return []
    seen.add(key)
    const filled = key === 'actions' && hasActions
    const state = filled
      ? ('written' as const)
      : body === ''
        ? ('empty' as const)
        : body.includes(PROMPT)
          ? ('prompt-left' as const)
          : ('written' as const)
    return [{ title, state, suggested: state === 'written' && FOR_EVERYBODY.includes(key) }]
  })
}

/** Pieces that show nothing but what the section around them says anyhow. */
const PUBLIC_PIECES: readonly LivePieceKind[] = ['times', 'timeline']

/** The text without the live pieces that show the inside: plots of monitors, services around, actions with their owners. */
export function withoutInnerPieces(body: string): string {
  const lines = body.split(/\r?\n/)
  for (const found of findPieces(body).reverse())
    if (!('piece' in found && PUBLIC_PIECES.includes(found.piece.kind)))
      lines.splice(found.from, found.to - found.from)
  return lines.join('\n')
}

/** How the public hears of the state of an action. */
const SAID: Record<string, string> = {
  open: 'to do',
  claimed: 'done, to be proved',
  proved: 'done and proved',
  refuted: 'to be done again',
  stale: 'done; the proof is being renewed',
}

/** The chosen sections, in the order of the text, with the actions as they stand and without who does them. */
export function chosenText(
  body: string,
  chosen: readonly string[],
  actions: readonly { title: string; state: string }[],
): string {
  const wanted = new Set(chosen.map((title) => title.toLowerCase()))
  const done = new Set<string>()
  return splitSections(body)
    .flatMap(({ title, body }) => {
      const key = title.toLowerCase()
      if (!wanted.has(key) || done.has(key)) return []
      done.add(key)
      const told = actions.filter(({ state }) => SAID[state] !== undefined)
      const text =
        key === 'actions' && told.length > 0
          ? told.map((action) => `- ${plainLine(action.title)} (${SAID[action.state]})`).join('\n')
          : body
      return text.trim() === '' ? [] : [`## ${title}\n\n${text.trim()}`]
    })
    .join('\n\n')
}
