import type { Trait } from '../../catalog/index.ts'

/** A monitor, as far as it tells what its service has. */
export interface TellingMonitor {
  id: string
  kind: string
  spec: unknown
}

/** What a service has, each with the reason why that is believed. */
export type Traits = ReadonlyMap<Trait, string>

/** What people declare and what the monitors of a service show that it has; the first reason found stands. */
export function traitsOf(declared: readonly Trait[], monitors: readonly TellingMonitor[]): Traits {
  const traits = new Map<Trait, string>()
  const add = (trait: Trait, because: string) => {
    if (!traits.has(trait)) traits.set(trait, because)
  }
  for (const trait of declared) add(trait, 'it is declared to have it')
  for (const { id, kind, spec } of monitors)
    for (const trait of shownBy(kind, spec)) add(trait, `the monitor ${id} (${kind}) shows it`)
  return traits
}

const ALWAYS: Record<string, readonly Trait[]> = {
  http: ['web'],
  journey: ['web'],
  websocket: ['web'],
  grpc: ['web'],
  tls: ['tls'],
  rdp: ['tls', 'terminal-servers'],
  starttls: ['tls', 'mail'],
  smtp: ['mail'],
  sip: ['phones'],
  oidc: ['token-issuer', 'web'],
  dns: ['dns-zone'],
  sql: ['database'],
  inventory: ['floating-address'],
  heartbeat: ['nightly-job'],
  log: ['log'],
  pool: ['pool'],
}

function shownBy(kind: string, spec: unknown): Trait[] {
  const traits: Trait[] = [...(ALWAYS[kind] ?? [])]
  const at = (name: string) => member(spec, name)
  const secure = /^(https|wss):/i
  if (secure.test(String(at('url') ?? at('issuer') ?? ''))) traits.push('tls')
  if (kind === 'sip' && at('transport') === 'tls') traits.push('tls')
  if (kind === 'smtp' && at('security') !== 'none') traits.push('tls')
  if (
    ['sql', 'grpc'].includes(kind) &&
    at('tls') !== undefined &&
    !['off', false].includes(at('tls') as never)
  )
    traits.push('tls')
  if (kind === 'sql' && member(at('expect'), 'role') !== undefined) traits.push('replicated')
  if (kind === 'metric') {
    if (at('forecast') !== undefined) traits.push('long-running')
    if (at('share') !== undefined) traits.push('tenants')
    if (at('backlog') !== undefined) traits.push('retention-limit')
    if (at('from') === 'sql') traits.push('database')
  }
  const check = at('check') as { type?: unknown; spec?: unknown } | undefined
  if (kind === 'pool' && typeof check?.type === 'string') traits.push(...shownBy(check.type, check.spec))
  return traits
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
