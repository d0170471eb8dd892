import { iso } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import type { CheckContext } from '../kinds/kind.ts'
import { hasFailed, type StepFailure } from '../net/failure.ts'
import type { CertificateFacts, Observation } from '../observation.ts'
import { type AskedRenewal, askRenewalInfo } from './ask-renewal-info.ts'
import { deployedCertificate } from './deployed-file.ts'
import type { CertificateExpectations } from './expectations.ts'
import { fetchIssuers } from './fetch-issuers.ts'
import type { Handshake } from './handshake.ts'
import { inspectClients } from './inspect-clients.ts'
import { type CertificateJudgement, judgeCertificate } from './judge-certificate.rules.ts'
import { type Chain, readChain } from './read-chain.ts'
import { renewalDue } from './renewal.rules.ts'
import { givenRoots, machineRoots } from './roots.ts'

/** A judged certificate, with what an observation tells of it. */
export interface Inspection extends CertificateJudgement {
  certificate: CertificateFacts
  values: Observation['values']
  /** What was learned of the renewal, to be kept for the next check beside what the kind keeps itself. */
  memory?: { renewal: AskedRenewal['memories'] }
}

/** A step that failed because of the certificate, with what was seen of it. */
export function refusedBy(inspection: Inspection): StepFailure<string> & { inspection: Inspection } {
  return { failed: inspection.reason, summary: inspection.summary, inspection }
}

/** What an observation tells of the certificate that a failed step was refused by. */
export function toldOfCertificate(
  step: StepFailure<string> | null,
): Partial<Pick<Observation, 'certificate' | 'values'>> {
  const { inspection } = (step ?? {}) as { inspection?: Inspection }
  return inspection ? { certificate: inspection.certificate, values: inspection.values } : {}
}

/** Reads and judges what a handshake brought; fails only when our own CA file cannot be read. */
export async function inspectCertificate(
  { sent, protocol, cipher }: Handshake,
  expected: CertificateExpectations & { name: string },
  context: CheckContext,
): Promise<Inspection | StepFailure<'tls.ca-unreadable'>> {
  const now = context.clock.now()
  const chain = readChain(sent)
  const strict = expected.accept === 'strict'
  const roots =
    strict && expected.verifyChain ? (expected.ca ? givenRoots(expected.ca) : machineRoots()) : null
  if (roots && hasFailed(roots)) return roots
  const fetched = strict && expected.aia ? await fetchIssuers(sent, context) : []
  const clients = strict ? inspectClients(chain, fetched, expected, now) : null
  if (clients && hasFailed(clients)) return clients
  const { ca, renewal: policy } = expected
  const asked =
    strict && policy?.policy.when === 'ari'
      ? await askRenewalInfo(
          sent[0]!,
          {
            leaf: leafOf(chain),
            issuerNames: chain.issuerNames,
            directory: policy.directory,
            ca,
          },
          context,
        )
      : null
  const judgement = judgeCertificate(
    {
      ...chain.facts,
      issuerNames: chain.issuerNames,
      notBefore: chain.notBefore,
      notAfter: chain.notAfter,
      protocol,
      nameMatches: !strict || chain.matchesName(expected.name),
      paths: roots ? chain.pathsTo(roots, fetched) : null,
      clients: clients?.verdicts ?? null,
      renewal: asked?.info ?? null,
      file: strict && expected.file ? deployedCertificate(expected.file) : null,
    },
    expected,
    now,
  )
  return {
    ...judgement,
    certificate: { ...chain.facts, protocol, cipher, ...clients?.facts },
    values: {
      daysLeft: Math.floor(((chain.notAfter - now) / DAY) * 10) / 10,
      chainEnds: judgement.chainEnds === null ? null : iso(judgement.chainEnds),
      protocol,
      ...(policy && { renewalDue: iso(renewalDue(leafOf(chain), policy.policy, asked?.info ?? null)) }),
      ...(asked?.trouble && { renewalInfo: asked.trouble }),
      ...(judgement.problems.length > 1 && { problems: judgement.problems.map((p) => p.reason).join(' ') }),
    },
    ...(asked && { memory: { renewal: asked.memories } }),
  }
}

const leafOf = ({ facts, notBefore, notAfter }: Chain) => ({
  fingerprint: facts.fingerprint,
  notBefore,
  notAfter,
})
