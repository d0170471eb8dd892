import type {
  BlindSpotCell,
  BlindSpotService,
  BlindSpots,
  CellState,
  FailureClass,
} from '../../../src/contract/cases.ts'

/** What is shown of the map. */
export interface Chosen {
  search: string
  owner: string
  /** Services that have at least one cell in this state; all of them, when empty. */
  state: string
  /** Classes to which nobody is exposed, too. */
  everyClass: boolean
}

export interface Row {
  service: BlindSpotService
  /** In the order of the classes that are shown. */
  cells: BlindSpotCell[]
  unseen: number
  unproven: number
}

export interface Arranged {
  classes: FailureClass[]
  groups: { name: string; span: number }[]
  rows: Row[]
}

const counts = (cells: readonly BlindSpotCell[], state: CellState) =>
  cells.filter((cell) => cell.state === state).length

/** The worst services first, and the classes that concern somebody. */
export function arrange(
  { classes, services }: Pick<BlindSpots, 'classes' | 'services'>,
  chosen: Chosen,
): Arranged {
  const wanted = chosen.search.trim().toLowerCase()
  const shown = services.filter(
    ({ id, name, owner, cells }) =>
      (wanted === '' || `${id} ${name}`.toLowerCase().includes(wanted)) &&
      (chosen.owner === '' || owner === chosen.owner) &&
      (chosen.state === '' || cells.some(({ state }) => state === chosen.state)),
  )
  const concerns = classes.map(
    (_, at) => chosen.everyClass || services.some(({ cells }) => cells[at]?.state !== 'not-exposed'),
  )
  const kept = classes.filter((_, at) => concerns[at])
  const rows = shown.map((service): Row => {
    const unseen = counts(service.cells, 'unseen')
    const unproven = counts(service.cells, 'unproven')
    return { service, cells: service.cells.filter((_, at) => concerns[at]), unseen, unproven }
  })
  rows.sort(
    (a, b) =>
      b.unseen - a.unseen || b.unproven - a.unproven || a.service.name.localeCompare(b.service.name, 'en'),
  )
  const groups: Arranged['groups'] = []
  for (const { group } of kept) {
    const last = groups.at(-1)
    if (last?.name === group) last.span++
    else groups.push({ name: group, span: 1 })
  }
  return { classes: kept, groups, rows }
}

/** The whole map in one sentence, the worst first. */
export function summarize({ counts: all, services }: Pick<BlindSpots, 'counts' | 'services'>): string {
  if (services.length === 0) return 'There is no service yet.'
  const struck = services.filter(({ cells }) => cells.some(({ state }) => state === 'unseen')).length
  const open = all.unseen
  if (open === 0 && all.unproven === 0)
    return `All that is known to be able to strike ${several(services.length, 'service')} is noticed, and drills have proved it.`
  if (open === 0)
    return `Nothing would pass unseen, as far as is known; ${all.unproven} times no drill has proved it.`
  const unproved =
    all.unproven === 0 ? '' : `; ${all.unproven} more should be noticed, and no drill has shown it`
  return `${several(open, 'failure')} would pass unseen at ${struck} of ${several(services.length, 'service')}${unproved}.`
}

const several = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** How each state is called in the map, from the worst to the calmest. */
export const CELL_WORDS: readonly { state: CellState; word: string; sign: string }[] = [
  { state: 'unseen', word: 'Exposed and unseen', sign: '!' },
  { state: 'unproven', word: 'Seen, not proved', sign: '?' },
  { state: 'proved', word: 'Proved', sign: '✓' },
  { state: 'not-applicable', word: 'Not applicable', sign: '–' },
  { state: 'not-exposed', word: 'Not exposed', sign: '·' },
]

/** The word and the sign of a state. */
export function cellWord(state: CellState): { word: string; sign: string } {
  return CELL_WORDS.find((one) => one.state === state)!
}
