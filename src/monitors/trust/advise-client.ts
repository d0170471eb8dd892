import type { Millis } from '../../kit/clock.ts'
import { buildChain, type Outcome } from './build-chain.ts'
import type { Client, Served } from './client.ts'
import type { Member } from './member.ts'
import { fullName, shortName } from './member-names.ts'

/** A remedy is tried on every client before it is given: it must help this one and break none that connects. */
export function advise(
  served: Served,
  client: Client,
  all: Client[],
  outcome: Outcome,
  at: Millis,
): string | null {
  const fault = outcome.fault!
  if (fault.depth === 0 && fault.kind === 'expired') return 'renew the certificate'
  if (fault.depth === 0 && (fault.kind === 'purpose' || fault.kind === 'not-yet-valid'))
    return 'serve another certificate'
  const { leaf, sent, known } = served
  const connects = (one: Client, list: Member[]) =>
    buildChain(one.algorithm, leaf, list, one.store, at).fault === null
  const others = all.filter((one) => one !== client && connects(one, sent))
  const helps = (list: Member[]) => connects(client, list) && others.every((one) => connects(one, list))

  const extra = sent.slice(1).filter((member, i, list) => list.indexOf(member) === i)
  // What stands on the broken path is the first suspect, the topmost of it before the others.
  const suspects = [...extra].sort((a, b) => outcome.chain.indexOf(b) - outcome.chain.indexOf(a))
  for (const member of suspects)
    if (helps(sent.filter((one) => one !== member))) return `stop sending ${fullName(member)}`
  for (const member of known)
    if (!sent.some(({ id }) => id === member.id) && helps([...sent, member]))
      return `send ${fullName(member)} as intermediate`
  for (const gone of suspects)
    for (const member of known)
      if (helps([...sent.filter((one) => one !== gone), member]))
        return `send ${fullName(member)} in place of ${fullName(gone)}`
  if (extra.length > 1 && helps([leaf])) return 'send the certificate alone'
  return withoutTrial(served, client, outcome)
}

/** What is said where nothing at hand helps. */
function withoutTrial({ sent }: Served, client: Client, { chain, fault }: Outcome): string | null {
  const { kind, member, depth } = fault!
  if (kind === 'no-issuer') {
    const last = chain.at(-1)!
    const isSent = sent.some(({ subjectKey }) => subjectKey === last.issuerKey)
    if (isSent || client.store.find(last.issuerKey).length > 0) return null
    return `send the intermediate that signed "${shortName(last)}", or use an authority that these clients trust`
  }
  if ((kind === 'expired' || kind === 'not-yet-valid') && depth > 0)
    return `get a certificate whose chain does not need "${shortName(member)}"`
  if (kind === 'self-signed') return 'serve a certificate of an authority that these clients trust'
  return null
}
