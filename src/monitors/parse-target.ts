import { TocsinError } from '../kit/errors.ts'
import { kindNamed, parseSpec } from './kinds/find-kind.ts'
import type { MonitorKind } from './kinds/kind.ts'

/** A check as it is typed on the command line: `tls://host:port`, `tcp://host:port` or a web address. */
export function parseTarget(
  target: string,
  options: Record<string, unknown> = {},
): { kind: MonitorKind; spec: unknown } {
  const scheme = /^([a-z]+):\/\//i.exec(target)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') {
    const kind = kindNamed('http')
    return { kind, spec: parseSpec(kind, { ...options, url: target }) }
  }
  if (scheme === 'tls' || scheme === 'tcp') {
    const kind = kindNamed(scheme)
    return {
      kind,
      spec: parseSpec(kind, { ...options, target: target.slice(scheme.length + 3).replace(/\/$/, '') }),
    }
  }
  throw new TocsinError('invalid-input', `"${target}" is not a target of a check.`, [
    {
      path: 'target',
      message: 'its scheme is not known',
      remedy: 'Write https://…, http://…, tls://host:port or tcp://host:port.',
    },
  ])
}
