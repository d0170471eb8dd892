import { TocsinError } from '../kit/errors.ts'
import { parseSpec } from './kinds/find-kind.ts'
import type { MonitorKind } from './kinds/kind.ts'
import { monitorKinds } from './kinds/registry.ts'

const kinds = Object.values(monitorKinds) as unknown as MonitorKind[]

/** Every scheme that `tocsin check` knows, as it is typed. */
export function knownSchemes(): string[] {
  return kinds.flatMap((kind) => Object.keys(kind.schemes ?? {})).sort()
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
    const typed = { ...settings, ...kind.schemes![schemeOf(target)!]!(target) }
    return { kind, spec: parseSpec(kind, kind.typed?.(typed) ?? typed) }
  }
  throw new TocsinError('invalid-input', `"${target}" is not a target of a check.`, [
    {
      path: 'target',
      message: 'its scheme is not known',
      remedy: `Write https://…, tls://host:port or another of ${knownSchemes().join(', ')}.`,
    },
  ])
}
