/** For each kind monitors that expect everything they can, and one that expects as little as it may. */

/** One way to be strict: expectations that exclude each other stand in several of them. */
export interface StrictMonitor {
  /** What tells it from the others of its kind. */
  about: string
  input: Record<string, unknown>
}

export interface StrictKind {
  strict: readonly StrictMonitor[]
  lax: Record<string, unknown>
  /** What a lax monitor is known to miss; each must be named by the drill, with its remedy. */
  laxMisses: readonly string[]
  /** Settings that say where and how it looks, and expect nothing. */
  how: readonly string[]
  /** An expectation that cannot be left out, or whose default expects as much: what to write instead. */
  loosened?: Record<string, unknown>
  /** The drill that is to notice what is taken away, where all faults of the kind would take too long. */
  lessons?: Record<string, string[]>
  /** Removed without a drill noticing, and why that is right or cannot be otherwise. */
  unnoticed?: Record<string, string>
  /** True where its checks take so much of the machine that they are made one after the other. */
  inTurn?: boolean
  /** Options of its tests: skipped where a program is not installed. */
  needs?: { skip?: string | boolean }
  /** Which faults are played, where all of them would take minutes. */
  only?: RegExp
}

// Time enough on a machine that is busy with other tests, and short enough to wait for.
export const timeout = '2s'
export const maxLatency = '700ms'
export const NAME = 'docs.example.org'
export const ISSUER = "Let's Encrypt"

/** Expectations of certificates, each in at least one way to be strict. */
export const STRICT_CERTIFICATES: readonly StrictMonitor[] = [
  {
    about: 'own authority',
    input: {
      accept: 'strict',
      name: NAME,
      issuer: ISSUER,
      ca: '/etc/tocsin/own-root.pem',
      verifyChain: true,
      aia: false,
      clients: ['modern', 'openssl-1.0'],
      warn: '14d',
      minVersion: 'TLSv1.3',
    },
  },
  {
    about: 'renewed in time',
    input: { issuer: ISSUER, warn: '0s', renewBefore: '30d', minVersion: 'TLSv1.2' },
  },
  {
    about: 'policy',
    input: { issuer: ISSUER, verifyChain: true, aia: false, warn: '10d', renewal: { policy: 'two-thirds' } },
  },
  { about: 'pinned', input: { fingerprint: 'ab'.repeat(32) } },
  { about: 'file', input: { issuer: ISSUER, file: '/etc/tocsin/served.pem' } },
]

export const LAX_CERTIFICATE_MISSES = [
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-expires-soon',
  'certificate-wrong-name',
  'certificate-wrong-issuer',
  'certificate-untrusted',
  'certificate-self-signed',
  'certificate-chain-incomplete',
  'certificate-chain-expired',
  'tls-too-old',
]

/** For each expectation of certificates the fault whose lesson it is. */
export const CERTIFICATE_LESSONS: Record<string, string[]> = {
  'expect.accept': ['certificate-expired'],
  'expect.issuer': ['certificate-wrong-issuer'],
  'expect.ca': ['certificate-other-root'],
  'expect.verifyChain': ['certificate-untrusted'],
  'expect.clients': ['certificate-cross-sign-expired'],
  'expect.aia': ['certificate-chain-incomplete'],
  'expect.warn': ['certificate-expires-soon'],
  'expect.renewBefore': ['certificate-expires-soon'],
  'expect.renewal': ['certificate-renewal-overdue'],
  'expect.file': ['certificate-not-reloaded'],
  'expect.fingerprint': ['certificate-replaced'],
  'expect.minVersion': ['tls-behind', 'tls-too-old'],
  everyAddress: ['certificate-nodes-differ'],
  ownCertificates: ['certificate-nodes-differ'],
  // Who speaks no TLS any more looks at no certificate.
  tls: ['certificate-expired'],
  security: ['starttls-not-offered', 'certificate-expired'],
  transport: ['certificate-expired'],
}

/** For each limit of time the fault that only it can see, so that the others need not be waited for. */
export const LATENCY_LESSONS: Record<string, string[]> = {
  'expect.maxLatency': ['slow'],
  'expect.latency': ['slow'],
  'expect.discoveryLatency': ['oidc-discovery-slow'],
  'expect.keysLatency': ['oidc-keys-slow'],
  'expect.tokenLatency': ['oidc-token-slow'],
}

/** How the policy is found, which says nothing by itself. */
export const CERTIFICATE_HOW = ['expect.renewal.policy', 'expect.renewal.directory', 'expect.renewal.grace']

export const LOOSENED = {
  'expect.accept': 'any',
  'expect.verifyChain': false,
  'expect.aia': true,
  'expect.warn': '0s',
}
export const UNNOTICED = {
  'expect.name':
    'Without a name that of the target is demanded: where it differs, the monitor itself turns down at once.',
}

/** The ways to be strict of a kind that speaks TLS: what it expects besides stands in the first of them. */
export function secured(rest: Record<string, unknown>, own: Record<string, unknown> = {}): StrictMonitor[] {
  return STRICT_CERTIFICATES.map(({ about, input }, i) => ({
    about,
    input: { ...rest, timeout, expect: { ...input, ...(i === 0 && own) } },
  }))
}

export const HOW = ['target', 'timeout', 'family', ...CERTIFICATE_HOW]
