import type { Overview } from '../../../src/contract/system.ts'

/** The one sentence of the first page, and how bad it is. */
export function headline(of: Pick<Overview, 'monitors' | 'openAlerts' | 'openIncidents'>): {
  tone: 'good' | 'warn' | 'bad' | 'unclear'
  text: string
} {
  const { up, degraded, down, unknown } = of.monitors
  const all = up + degraded + down + unknown
  const parts = [
    down > 0 ? `${count(down, 'monitor')} down` : '',
    degraded > 0 ? `${degraded} degraded` : '',
    unknown > 0 ? `${unknown} unknown` : '',
    of.openIncidents > 0 ? count(of.openIncidents, 'open incident') : '',
    of.openAlerts > 0 ? count(of.openAlerts, 'open alert') : '',
  ].filter(Boolean)
  if (parts.length > 0)
    return {
      tone: down + of.openIncidents + of.openAlerts > 0 ? 'bad' : unknown > 0 ? 'unclear' : 'warn',
      text: sentence(parts),
    }
  if (all === 0) return { tone: 'unclear', text: 'Nothing is watched yet' }
  return { tone: 'good', text: all === 1 ? 'The one monitor is well' : `All ${all} monitors are well` }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function sentence(parts: string[]): string {
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
