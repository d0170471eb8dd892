import { iso } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import type { CheckContext } from '../kinds/kind.ts'
import { hasFailed, type StepFailure } from '../net/failure.ts'
import type { CertificateFacts, Observation } from '../observation.ts'
import type { CertificateExpectations } from './expectations.ts'
import type { Handshake } from './handshake.ts'
import { type CertificateJudgement, judgeCertificate } from './judge-certificate.rules.ts'
import { readChain } from './read-chain.ts'
import { givenRoots, machineRoots } from './roots.ts'

/** A judged certificate, with what an observation tells of it. */
export interface Inspection extends CertificateJudgement {
  certificate: CertificateFacts
  values: Observation['values']
}

/** Reads and judges what a handshake brought; fails only when our own CA file cannot be read. */
export async function inspectCertificate(
  { sent, protocol, cipher }: Handshake,
  expected: CertificateExpectations & { name: string },
  { clock }: CheckContext,
): Promise<Inspection | StepFailure<'tls.ca-unreadable'>> {
  const now = clock.now()
  const chain = readChain(sent)
  const strict = expected.accept === 'strict'
  const roots =
    strict && expected.verifyChain ? (expected.ca ? givenRoots(expected.ca) : machineRoots()) : null
  if (roots && hasFailed(roots)) return roots
  const judgement = judgeCertificate(
    {
      ...chain.facts,
      issuerNames: chain.issuerNames,
      notBefore: chain.notBefore,
      notAfter: chain.notAfter,
      protocol,
      nameMatches: !strict || chain.matchesName(expected.name),
      paths: roots ? chain.pathsTo(roots) : null,
    },
    expected,
    now,
  )
  return {
    ...judgement,
    certificate: { ...chain.facts, protocol, cipher },
    values: {
      daysLeft: Math.floor(((chain.notAfter - now) / DAY) * 10) / 10,
      chainEnds: judgement.chainEnds === null ? null : iso(judgement.chainEnds),
      protocol,
      ...(judgement.problems.length > 1 && { problems: judgement.problems.map((p) => p.reason).join(' ') }),
    },
  }
}
