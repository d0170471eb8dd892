import { openConnection } from '../../net/connect.ts'
import { hasFailed } from '../../net/failure.ts'
import { type CertificateExpectations, certificateExpectationsSchema } from '../../trust/expectations.ts'
import { shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import type { HostPort } from '../fields.ts'
import type { CheckContext } from '../kind.ts'
import type { SocksGoal } from './read-socks.ts'
import type { JourneySpec } from './spec.ts'
import type { Blocked } from './way-out.ts'

/** What became of the certificate of the journey's own address. */
export interface OriginJudge {
  /** Whether the browser leaves the judgement of certificates to us: it knows neither our roots nor our names. */
  lenient: boolean
  inspection: Inspection | null
  judge(goal: SocksGoal): Promise<Blocked | null>
}

const USUAL = certificateExpectationsSchema.parse({ warn: '0s' })

/** Judges the certificate of the address as all kinds do, and those of others where the browser cannot. */
export function judgeOrigins(
  spec: Pick<JourneySpec, 'expect' | 'family'>,
  host: string,
  divert: (goal: SocksGoal) => HostPort,
  context: CheckContext,
): OriginJudge {
  const { expect } = spec
  const any = expect.accept === 'any'
  const judged: OriginJudge = {
    lenient: any || expect.ca !== undefined || !expect.verifyChain || expect.name !== undefined,
    inspection: null,
    async judge(goal) {
      if (goal.host === host) {
        const seen = await inspect(goal, { ...expect, name: expect.name ?? host })
        if (hasFailed(seen)) return seen
        judged.inspection = seen
        return seen.verdict === 'down' ? { failed: seen.reason, summary: seen.summary } : null
      }
      if (!judged.lenient || any) return null
      const { ca, verifyChain } = expect
      const ours = await inspect(goal, { ...USUAL, ca, verifyChain, name: goal.host })
      if (hasFailed(ours)) return ours
      if (ours.verdict !== 'down') return null
      // Whoever has roots of their own may still load things from the rest of the world.
      const usual = ca === undefined ? ours : await inspect(goal, { ...USUAL, name: goal.host })
      if (hasFailed(usual)) return usual
      return usual.verdict === 'down' ? { failed: usual.reason, summary: usual.summary } : null
    },
  }

  async function inspect(
    goal: SocksGoal,
    expected: Omit<CertificateExpectations, 'name'> & { name: string },
  ): Promise<Inspection | Blocked> {
    const { host: to, port } = divert(goal)
    const connection = await openConnection(to, port, spec.family, context.signal)
    if (hasFailed(connection)) return connection
    try {
      const options = { servername: expected.name, alpn: ['h2', 'http/1.1'] }
      const handshake = await shakeHands(connection.socket, options, context.signal)
      if (hasFailed(handshake)) return handshake
      try {
        return await inspectCertificate(handshake, expected, context)
      } finally {
        handshake.socket.destroy()
      }
    } finally {
      connection.socket.destroy()
    }
  }
  return judged
}
