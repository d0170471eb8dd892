import { createHash, type X509Certificate } from 'node:crypto'
import type { Millis } from '../../kit/clock.ts'
import { hasFailed, type StepFailure } from '../net/failure.ts'
import type { CertificateFacts } from '../observation.ts'
import type { Client, ClientVerdict } from './client.ts'
import { clientOf } from './client-stores.ts'
import type { CertificateExpectations } from './expectations.ts'
import { judgeClient } from './judge-client.rules.ts'
import type { Chain } from './read-chain.ts'

/** What the populations of clients make of a served certificate, and what is stored of it. */
export interface ClientInspection {
  verdicts: ClientVerdict[]
  facts: Pick<CertificateFacts, 'clients' | 'graph' | 'stamp'>
}

/** Asks each client that a monitor names; null when it names none. */
export function inspectClients(
  chain: Chain,
  fetched: X509Certificate[],
  expected: CertificateExpectations & { name: string },
  now: Millis,
): ClientInspection | StepFailure<'tls.ca-unreadable'> | null {
  // Monitors that were stored before clients could be named have no list.
  const specs = expected.clients ?? []
  if (specs.length === 0) return null
  const clients: Client[] = []
  for (const spec of specs) {
    const client = clientOf(spec)
    if (hasFailed(client)) return client
    clients.push(client)
  }
  const { forecasts, graph } = chain.outlookOf(clients, fetched)
  const wrongName = chain.matchesName(expected.name) ? null : `the certificate is not for ${expected.name}`
  const verdicts = forecasts.map((forecast) => judgeClient(forecast, { warn: expected.warn, wrongName }, now))
  return { verdicts, facts: { clients: verdicts, graph, stamp: stampOf(chain, verdicts) } }
}

/** Changes when the chain or what a client makes of it does, so that both are stored only then. */
function stampOf({ facts }: Chain, verdicts: ClientVerdict[]): string {
  const told = JSON.stringify([facts.fingerprint, facts.chain, verdicts])
  return createHash('sha256').update(told).digest('base64url').slice(0, 22)
}
