import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Millis } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import type { Expectation } from './fault.ts'
import {
  crossSign,
  type LabCa,
  type LabCertificate,
  type LabTwin,
  type LeafOptions,
  mintLabCa,
} from './lab-ca.ts'

/** The authorities of one drill. All but the stranger hang from the root that the copied monitor trusts. */
export interface Lab {
  /** What the copied monitor trusts instead of its own anchors. */
  trustPem: string
  /** Issues under the name that the monitor expects. */
  expected: LabCa
  /** As trusted as the expected one, under another name. */
  other: LabCa
  /** Has the expected name, but hangs from a root that nobody trusts. */
  stranger: LabCa
  /** Has the expected name too, under a root that machines trust as they come; only own roots leave it out. */
  public: LabCa
  publicRootPem: string
  /** The expected one with an intermediate certificate that ended yesterday. */
  lapsed: LabCa
  /** The trusted root once more, signed by an old root that ended yesterday. */
  twin: LabTwin
  /** What the healthy control serves; null where no TLS is spoken. One for the drill, so that it can be pinned. */
  good: LabCertificate | null
  now: Millis
}

const EXPECTED_ISSUER = 'Tocsin lab authority'

/** Mints the authorities of one drill. */
export async function mintLab(expects: Expectation, now: Millis): Promise<Lab> {
  const issuer = expects.issuer || EXPECTED_ISSUER
  const [root, strangeRoot, publicRoot] = await Promise.all([
    mintLabCa({ subject: 'Tocsin lab root', now }),
    mintLabCa({ subject: 'Tocsin lab stranger', now }),
    mintLabCa({ subject: 'Tocsin lab public root', now }),
  ])
  const ended = { notBefore: now - 4_000 * DAY, notAfter: now - DAY }
  const [expected, other, stranger, anyone, lapsed, twin] = await Promise.all([
    root.intermediate(issuer),
    root.intermediate('Unexpected Authority'),
    strangeRoot.intermediate(issuer),
    publicRoot.intermediate(issuer),
    root.intermediate(issuer, { notBefore: now - 400 * DAY, notAfter: now - DAY }),
    crossSign(root, 'Tocsin lab old root', ended),
  ])
  const good = expects.secure ? await expected.issue(goodLeaf(expects, now)) : null
  return {
    trustPem: root.certificatePem,
    expected,
    other,
    stranger,
    public: anyone,
    publicRootPem: publicRoot.certificatePem,
    lapsed,
    twin,
    good,
    now,
  }
}

/** The leaf that satisfies the monitor; a certificate fault changes one of its members. */
export function goodLeaf(expects: Expectation, now: Millis): LeafOptions {
  // Certificates carry names in their ASCII form.
  const name = isIP(expects.name) ? expects.name : domainToASCII(expects.name) || expects.name
  return { names: [name], notBefore: now - DAY, notAfter: now + 2 * expects.warnMs + 90 * DAY }
}
