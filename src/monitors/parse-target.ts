import { TocsinError } from '../kit/errors.ts'
import { parseSpec } from './kinds/find-kind.ts'
import type { MonitorKind } from './kinds/kind.ts'
import { monitorKinds } from './kinds/registry.ts'

const kinds = Object.values(monitorKinds) as unknown as MonitorKind[]

/** Every scheme that `tocsin check` knows, as it is typed. */
export function knownSchemes(): string[] {
  return kinds.flatMap((kind) => Object.keys(kind.schemes ?? {})).sort()
}

/** Every kind that can be checked by hand, or says why not, by its title. */
export function kindsByTitle(): Pick<MonitorKind, 'kind' | 'title' | 'schemes' | 'typedAs' | 'notByHand'>[] {
  return kinds.toSorted((a, b) => a.title.localeCompare(b.title, 'en'))
}

/** The kind that is typed and cannot be asked, with the reason: `heartbeat:nightly`. */
export function kindNotByHand(target: string): { kind: string; notByHand: string } | null {
  const name = /^[a-z]+/i.exec(target)?.[0].toLowerCase()
  const found = kinds.find(({ kind, notByHand }) => kind === name && notByHand !== undefined)
  return found && !kindOfTarget(target) ? { kind: found.kind, notByHand: found.notByHand! } : null
}

/** The kind that a target as it is typed means: `tls://host:port`, `inventory:FILE` or a web address. */
export function kindOfTarget(target: string): MonitorKind | null {
  const scheme = schemeOf(target)
  return kinds.find((kind) => scheme !== null && kind.schemes && Object.hasOwn(kind.schemes, scheme)) ?? null
}

const schemeOf = (target: string) => /^([a-z][a-z0-9+.-]*):/i.exec(target)?.[1]?.toLowerCase() ?? null

/** A check as it is typed on the command line, with further settings of its kind. */
export function parseTarget(
  target: string,
  settings: Record<string, unknown> = {},
): { kind: MonitorKind; spec: unknown } {
  const kind = kindOfTarget(target)
  if (kind) {
    const said = kind.schemes![schemeOf(target)!]!(target)
    const typed = joined(settings, said)
    try {
      return { kind, spec: parseSpec(kind, kind.typed?.(typed) ?? typed) }
    } catch (error) {
      throw withSpelling(error, kind, Object.keys(said))
    }
  }
  throw new TocsinError('invalid-input', `"${target}" is not a target of a check.`, [
    {
      path: 'target',
      message: 'its scheme is not known',
      remedy: 'Write https://…, tls://host:port or another of "tocsin check --help".',
    },
  ])
}

/** What the target says stands above the further settings, member by member. */
function joined(settings: Record<string, unknown>, typed: Record<string, unknown>): Record<string, unknown> {
  const all = { ...settings }
  for (const [name, value] of Object.entries(typed)) {
    const before = all[name]
    if (value === undefined) continue
    all[name] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value
  }
  return all
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where what the target says is wrong, how targets of the kind are written. */
function withSpelling(error: unknown, { typedAs = [] }: MonitorKind, said: string[]): unknown {
  if (!(error instanceof TocsinError) || typedAs.length === 0) return error
  const remedy = `Write ${typedAs.join(' or ')}.`
  const problems = error.problems.map((problem) =>
    said.includes(problem.path.split('.')[0]!) ? { remedy, ...problem } : problem,
  )
  return new TocsinError(error.code, error.message, problems)
}
