import type { ClientVerdict } from './client.ts'
import type { CertificateProblem } from './judge-certificate.rules.ts'

/** What the verdicts of clients say of the monitor; what everybody sees already is not said again for each. */
export function clientProblems(clients: ClientVerdict[], others: CertificateProblem[]): CertificateProblem[] {
  const isKnown = ({ reason }: ClientVerdict) => others.some((problem) => problem.reason === reason)
  const breaking = clients.filter((client) => client.verdict === 'down' && !isKnown(client))
  const ending = clients.filter((client) => client.verdict === 'degraded' && !isKnown(client))
  const well = clients.filter(({ verdict }) => verdict === 'up').map(({ name }) => name)
  const unaffected =
    well.length > 0 ? ` (${well.join(', ')} ${well.length > 1 ? 'are' : 'is'} not affected)` : ''
  const problems: CertificateProblem[] = []
  if (breaking.length > 0)
    problems.push({
      reason: 'certificate.client-breaks',
      verdict: 'down',
      summary: `${together(breaking)}${unaffected}`,
    })
  if (ending.length > 0)
    problems.push({
      reason: 'certificate.client-will-break',
      verdict: 'degraded',
      summary: `${together(ending)}${unaffected}`,
    })
  return problems
}

/** The first in full, the others by name. */
function together([first, ...more]: ClientVerdict[]): string {
  if (more.length === 0) return first!.summary
  return `${first!.summary}; so too ${more.map(({ name }) => name).join(', ')}`
}
