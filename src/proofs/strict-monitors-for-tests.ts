/** For each kind monitors that expect everything they can, and one that expects as little as it may. */
import { randomBytes } from 'node:crypto'
import { needs } from '../../test/harness/needs.ts'
import { certificateExpectations } from '../monitors/trust/expectations.ts'

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
const timeout = '2s'
const maxLatency = '700ms'
const NAME = 'docs.example.org'
const ISSUER = "Let's Encrypt"
const key = randomBytes(24).toString('base64url')

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
  { about: 'policy', input: { issuer: ISSUER, warn: '10d', renewal: { policy: 'two-thirds' } } },
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
}

/** How the policy is found, which says nothing by itself. */
const CERTIFICATE_HOW = ['expect.renewal.policy', 'expect.renewal.directory', 'expect.renewal.grace']

const LOOSENED = {
  'expect.accept': 'any',
  'expect.verifyChain': false,
  'expect.aia': true,
  'expect.warn': '0s',
}
const UNNOTICED = {
  'expect.name':
    'Without a name that of the target is demanded: where it differs, the monitor itself turns down at once.',
}

/** The ways to be strict of a kind that speaks TLS: what it expects besides stands in the first of them. */
function secured(rest: Record<string, unknown>, own: Record<string, unknown> = {}): StrictMonitor[] {
  return STRICT_CERTIFICATES.map(({ about, input }, i) => ({
    about,
    input: { ...rest, timeout, expect: { ...input, ...(i === 0 && own) } },
  }))
}

const HOW = ['target', 'timeout', 'family', ...CERTIFICATE_HOW]

export const STRICT_KINDS: Record<string, StrictKind> = {
  dns: {
    strict: [
      {
        about: 'own data',
        input: {
          query: 'www.example.org',
          servers: ['192.0.2.53', '192.0.2.54'],
          timeout,
          expect: {
            rcode: 'NOERROR',
            is: ['192.0.2.1', '192.0.2.2'],
            minTtl: '60s',
            maxTtl: '1d',
            authoritative: true,
            validated: true,
            agree: true,
            maxLatency,
          },
        },
      },
      {
        about: 'secondaries',
        input: {
          query: 'example.org',
          record: 'SOA',
          servers: ['192.0.2.53', '192.0.2.54'],
          timeout,
          expect: { agree: true },
        },
      },
      {
        about: 'among others',
        input: { query: 'www.example.org', timeout, expect: { contains: '192.0.2.9' } },
      },
      { about: 'enough', input: { query: 'www.example.org', timeout, expect: { atLeast: 2, maxLatency } } },
      {
        about: 'over TCP',
        input: {
          query: 'www.example.org',
          transport: 'tcp',
          timeout,
          expect: { is: '192.0.2.1', maxLatency },
        },
      },
    ],
    lax: { query: 'www.example.org', timeout, expect: { atLeast: 0 } },
    laxMisses: ['dns-wrong-answer', 'slow'],
    how: ['query', 'record', 'transport', 'recurse', 'timeout', 'family'],
    loosened: { 'expect.atLeast': 0 },
    unnoticed: { 'expect.rcode': 'NOERROR is what stands when it is left out.' },
  },
  grpc: {
    strict: secured({ target: `${NAME}:50051`, serviceName: 'shop.Orders' }, { maxLatency }),
    lax: { target: `${NAME}:50051`, timeout, expect: { accept: 'any' } },
    laxMisses: [...LAX_CERTIFICATE_MISSES, 'slow'],
    how: [...HOW, 'headers'],
    loosened: { ...LOOSENED, tls: 'off' },
    unnoticed: UNNOTICED,
  },
  heartbeat: {
    strict: [
      {
        about: 'nightly',
        input: {
          schedule: '0 3 * * *',
          startGrace: '1h',
          maxRun: '2h',
          unusual: 3,
          supersedes: false,
          postOnly: true,
        },
      },
      { about: 'by the hour', input: { every: '1h', startGrace: '10m', maxRun: '30m', unusual: 3 } },
    ],
    lax: { every: '1h', startGrace: '90m' },
    laxMisses: ['job-hangs', 'job-lasts', 'job-late'],
    how: ['schedule', 'every', 'timezone', 'pingKey'],
    loosened: { startGrace: '3d', supersedes: true },
    unnoticed: {
      renews: 'It tells two stories as one; what is seen of either stays.',
      supersedes: 'A run that hangs is seen by `maxRun` before the next start ends it.',
    },
  },
  http: {
    strict: [
      ...secured(
        { url: `https://${NAME}/guide`, everyAddress: true, ownCertificates: false },
        {
          status: 200,
          contains: 'Documentation',
          notContains: 'Traceback',
          headers: { 'strict-transport-security': 'max-age' },
          maxLatency,
        },
      ),
      {
        about: 'patterns',
        input: {
          url: `http://${NAME}/`,
          timeout,
          expect: { matches: 'build [0-9]+', notMatches: 'ORA-[0-9]+', latency: { p95: maxLatency } },
        },
      },
      {
        about: 'values',
        input: {
          url: `http://${NAME}/health`,
          timeout,
          expect: { json: [{ path: '$.state', equals: 'well' }], maxLatency },
        },
      },
    ],
    lax: { url: `https://${NAME}/`, timeout, expect: { accept: 'any', status: '200-599' } },
    laxMisses: [...LAX_CERTIFICATE_MISSES, 'http-500', 'http-wrong-content', 'slow'],
    how: [
      'url',
      'method',
      'expect.latency.p50',
      'expect.latency.p90',
      'expect.latency.p95',
      'expect.latency.p99',
      'body',
      'auth',
      'followRedirects',
      'connectTo',
      'maxBody',
      'timeout',
      'family',
      ...CERTIFICATE_HOW,
    ],
    loosened: { ...LOOSENED, 'expect.status': '200-599', ownCertificates: true },
    unnoticed: {
      ...UNNOTICED,
      headers: 'What is asked, not what is expected.',
      'expect.latency.over': 'How many answers make a percentile: a drill judges one.',
    },
  },
  icmp: {
    strict: [
      {
        about: 'strict',
        input: { target: NAME, timeout, expect: { maxLoss: 0, maxLatency: '200ms', maxJitter: '50ms' } },
      },
    ],
    lax: { target: NAME, timeout, expect: { maxLoss: 99 } },
    laxMisses: ['icmp-jitter', 'slow'],
    how: [...HOW, 'count', 'interval', 'size'],
    unnoticed: { 'expect.maxLoss': 'The strictest is what stands when it is left out.' },
  },
  inventory: {
    strict: [
      {
        about: 'registry and hosts',
        input: {
          url: 'https://registry.example.org/devices',
          hosts: { url: 'http://{device}.example.org/addresses' },
          skip: [],
          timeout,
        },
      },
    ],
    lax: { url: 'https://registry.example.org/devices', skip: ['unbound-address'], timeout },
    laxMisses: ['inventory-unbound-address'],
    how: [
      'file',
      'url',
      'format',
      'headers',
      'mapping',
      'hosts.url',
      'hosts.path',
      'timeout',
      'family',
      'verdict',
    ],
    loosened: { skip: ['unbound-address', 'duplicate-address', 'floating-bound-twice'] },
    unnoticed: {
      accept: 'What is accepted is known by its row; a drill plays a registry of its own.',
      rules: 'A drill plays a registry of its own, in which rules of one site find nothing.',
      dns: 'A drill has no names: the tests of the kind play a name server.',
      'hosts.devices': 'Which hosts are asked; a drill asks all of its own.',
      expect: 'A drill serves the registry in the open: certificates are drilled by a tls monitor beside it.',
    },
  },
  journey: {
    strict: [
      {
        about: 'a purchase',
        input: {
          url: `https://${NAME}/shop`,
          steps: [
            { expect: { text: 'Welcome' } },
            { click: { role: 'button', name: 'Order' } },
            { expect: { text: 'Thank you' } },
          ],
          timeout: '10s',
          stepTimeout: '4s',
          expect: { noScriptErrors: true, maxLatency: '8s' },
        },
      },
    ],
    lax: { url: `https://${NAME}/shop`, timeout: '20s', stepTimeout: '4s', expect: { accept: 'any' } },
    laxMisses: [
      'journey-script-error',
      'journey-wrong-page',
      'journey-page-hangs',
      'journey-slow-step',
      'certificate-expired',
    ],
    how: ['url', 'steps', 'auth', 'device', 'locale', 'stepTimeout', 'connectTo', 'timeout', 'family'],
    lessons: {
      'expect.noScriptErrors': ['journey-script-error'],
      'expect.maxLatency': ['journey-slow-step'],
    },
    loosened: { 'expect.noScriptErrors': false },
    unnoticed: Object.fromEntries(
      Object.keys(certificateExpectations).map((name) => [
        `expect.${name}`,
        'A browser takes seconds for each: the same rules judge the certificate as of http, where each is taken away.',
      ]),
    ),
    inTurn: true,
    only: /^journey-|^certificate-(expired|wrong-name)$|^connection-refused$/,
    needs: needs('chromium'),
  },
  log: {
    strict: [
      {
        about: 'errors and silence',
        input: {
          file: '/var/log/app.log',
          match: 'error',
          ignoreCase: true,
          moreThan: 3,
          within: '5m',
          wanted: 'backup done',
          silentAfter: '10m',
          timeout,
        },
      },
      { about: 'silence', input: { file: '/var/log/app.log', match: 'error', silentAfter: '10m', timeout } },
    ],
    lax: { file: '/var/log/app.log', match: 'error', timeout },
    laxMisses: ['log-silent'],
    how: ['file', 'journal', 'push', 'pushKey', 'says', 'timeout'],
    unnoticed: {
      moreThan: 'Left out, one line is too many, which is stricter.',
      within: 'How far back is counted: a drill plays its lines in one window.',
      ignore: 'It takes lines out: leaving it out is stricter.',
    },
  },
  metric: {
    strict: [
      {
        about: 'limits of both sides',
        input: {
          from: 'scrape',
          url: 'http://node:9100/metrics',
          metric: 'load',
          above: { limit: 100 },
          below: { limit: 10 },
          vanished: { after: '10m' },
          stale: '5m',
          absent: 'down',
          timeout,
        },
      },
      {
        about: 'forecast',
        input: {
          from: 'scrape',
          url: 'http://node:9100/metrics',
          metric: 'resident_bytes',
          above: { limit: 1000 },
          forecast: { limit: 1000, within: '24h', window: '12h' },
          timeout,
        },
      },
      {
        about: 'parts',
        input: {
          from: 'scrape',
          url: 'http://node:9100/metrics',
          metric: 'lines',
          share: { label: 'tenant', above: 0.5, factor: 3 },
          timeout,
        },
      },
      {
        about: 'backlog',
        input: {
          from: 'scrape',
          url: 'http://node:9100/metrics',
          metric: 'oldest_seconds',
          backlog: { retention: '24h', warn: '12h' },
          timeout,
        },
      },
      {
        about: 'growth',
        input: {
          from: 'scrape',
          url: 'http://node:9100/metrics',
          metric: 'rows',
          growth: { per: '1h', factor: 5 },
          timeout,
        },
      },
    ],
    lax: {
      from: 'scrape',
      url: 'http://node:9100/metrics',
      metric: 'load',
      above: { limit: 100 },
      absent: 'up',
      stale: '400d',
      timeout,
    },
    laxMisses: [
      'metric-gone',
      'metric-limit-soon',
      'metric-leak-restarted',
      'metric-stale',
      'metric-one-gone',
    ],
    how: [
      'from',
      'url',
      'query',
      'metric',
      'path',
      'value',
      'database',
      'password',
      'tls',
      'headers',
      'counter',
      'unit',
      'above.limit',
      'above.for',
      'above.aggregate',
      'above.verdict',
      'below.limit',
      'below.for',
      'below.aggregate',
      'below.verdict',
      'forecast.limit',
      'forecast.direction',
      'forecast.within',
      'forecast.window',
      'forecast.resets',
      'forecast.verdict',
      'growth.per',
      'growth.atMost',
      'growth.factor',
      'growth.verdict',
      'share.label',
      'share.factor',
      'share.atLeast',
      'share.window',
      'share.verdict',
      'backlog.retention',
      'backlog.unit',
      'vanished.after',
      'vanished.forget',
      'vanished.verdict',
      'connectTo',
      'timeout',
      'family',
    ],
    lessons: {
      above: ['metric-over-limit'],
      below: ['metric-under-limit'],
      vanished: ['metric-one-gone'],
      stale: ['metric-stale'],
      absent: ['metric-gone'],
      forecast: ['metric-limit-soon'],
      share: ['metric-tenant-spike'],
      'share.above': ['metric-share-large'],
      backlog: ['metric-backlog-aging'],
      'backlog.warn': ['metric-backlog-aging'],
      growth: ['metric-growth-unusual'],
    },
    loosened: {
      absent: 'up',
      stale: '400d',
      'backlog.warn': '0s',
    },
    unnoticed: {
      expect: 'A drill serves metrics in the open: certificates are drilled by a tls monitor beside it.',
    },
  },
  oidc: {
    strict: secured(
      { issuer: `https://${NAME}/realm`, client: { id: 'probe', secret: 'drill' } },
      {
        discoveryLatency: maxLatency,
        keysLatency: maxLatency,
        tokenLatency: maxLatency,
        algorithms: ['RS256'],
        jwt: true,
        audience: 'https://api.example.org',
        scope: 'read',
        claims: { tenant: 'shop' },
        tokenLifetime: '2h',
        announce: '1h',
      },
    ),
    lax: { issuer: `https://${NAME}/realm`, timeout, expect: { accept: 'any' } },
    laxMisses: [...LAX_CERTIFICATE_MISSES, 'oidc-key-unknown', 'oidc-keys-slow', 'oidc-discovery-slow'],
    how: [
      'issuer',
      'client.id',
      'client.secret',
      'client.authentication',
      'client.scope',
      'client.audience',
      'client.resource',
      'stepTimeout',
      'connectTo',
      'timeout',
      'family',
      ...CERTIFICATE_HOW,
    ],
    loosened: {
      ...LOOSENED,
      'expect.jwt': false,
      'expect.discoveryLatency': '4s',
      'expect.keysLatency': '4s',
      'expect.tokenLatency': '4s',
    },
    unnoticed: UNNOTICED,
  },
  peer: {
    strict: [{ about: 'strict', input: { key, silence: '60s', stalled: '90s' } }],
    lax: { key, silence: '6h', stalled: '6h' },
    laxMisses: ['peer-silent', 'peer-replayed', 'peer-blocked', 'peer-not-checking'],
    how: ['key', 'timeout'],
    loosened: { silence: '6h', stalled: '6h' },
  },
  place: {
    strict: [{ about: 'strict', input: { place: 'berlin', silence: '2m' } }],
    lax: { place: 'berlin', silence: '1d' },
    laxMisses: ['place-silent'],
    how: ['place', 'timeout'],
    loosened: { silence: '1d' },
  },
  pool: {
    strict: [
      ...STRICT_CERTIFICATES.map(({ about, input }) => ({
        about,
        input: {
          check: { type: 'tls', target: NAME, expect: input, timeout },
          members: ['192.0.2.11', '192.0.2.12', '192.0.2.13'],
          size: 3,
          needs: { least: '50%', wanted: '100%' },
          timeout,
        },
      })),
    ],
    lax: {
      check: { type: 'tls', target: NAME, timeout },
      members: ['192.0.2.11', '192.0.2.12', '192.0.2.13'],
      needs: { least: 1, wanted: 1 },
      timeout,
    },
    laxMisses: [
      ...LAX_CERTIFICATE_MISSES.filter((name) => name !== 'certificate-expires-soon'),
      'tarpit',
      'connection-refused',
    ],
    // What the check expects is taken away from a monitor of its own kind.
    how: ['check', 'members', 'timeout', 'family'],
    loosened: { 'needs.wanted': 1 },
    unnoticed: {
      'needs.least': 'It makes worse what `needs.wanted` sees before: degraded becomes down.',
      drain: 'What load balancers are told follows from the verdicts; the tests of pools play HAProxy.',
    },
  },
  rdp: {
    strict: secured({ target: NAME }, { nla: true }),
    lax: { target: NAME, timeout, expect: { accept: 'any' } },
    laxMisses: [...LAX_CERTIFICATE_MISSES, 'rdp-unconfigured-node'],
    how: [...HOW, 'user'],
    loosened: LOOSENED,
    unnoticed: UNNOTICED,
  },
  sip: {
    strict: [
      ...secured(
        {
          target: NAME,
          transport: 'tls',
          method: 'register',
          user: 'probe',
          password: 'drill',
          alsoAt: `${NAME}:5061`,
        },
        { maxLatency, minBindings: 2, maxBindings: 4 },
      ),
      {
        about: 'one node',
        input: {
          target: NAME,
          transport: 'tcp',
          method: 'register',
          user: 'probe',
          password: 'drill',
          timeout,
        },
      },
      {
        about: 'options',
        input: { target: NAME, transport: 'tcp', timeout, expect: { status: 200, maxLatency } },
      },
    ],
    lax: { target: NAME, timeout },
    laxMisses: ['sip-digest-unknown', 'sip-not-bound', 'sip-unauthorized', 'slow'],
    how: [...HOW, 'domain', 'authUser', 'expires'],
    loosened: { ...LOOSENED, transport: 'tcp', method: 'options' },
    unnoticed: {
      ...UNNOTICED,
      user: 'It cannot be left out where the monitor registers; see method.',
      password: 'Without it a log-in that is demanded fails: the monitor itself turns down at once.',
    },
  },
  smtp: {
    strict: [
      ...secured(
        { target: NAME, security: 'starttls', envelope: { to: 'postmaster@example.org' } },
        { banner: 'mx1.example.org', extensions: ['SIZE', 'DSN'], maxLatency },
      ),
      {
        about: 'no open relay',
        input: {
          target: NAME,
          security: 'none',
          envelope: { to: 'anybody@elsewhere.example', recipient: 'refused' },
          timeout,
          expect: { maxLatency },
        },
      },
    ],
    lax: { target: NAME, security: 'none', timeout },
    laxMisses: ['smtp-recipient-refused', 'slow'],
    how: [...HOW, 'hello', 'stepTimeout', 'envelope.from', 'envelope.to', 'envelope.recipient'],
    loosened: { ...LOOSENED, security: 'none' },
    unnoticed: UNNOTICED,
  },
  sql: {
    strict: [
      ...secured(
        { engine: 'postgres', target: `${NAME}:5432`, user: 'probe', tls: 'require', query: 'select state' },
        { role: 'primary', value: 'well', rows: 3, maxLatency },
      ),
      {
        about: 'limits',
        input: {
          engine: 'mysql',
          target: `${NAME}:3306`,
          user: 'probe',
          query: 'select waiting',
          timeout,
          expect: { min: 1, max: 9, minRows: 1, maxRows: 5, maxLatency },
        },
      },
    ],
    lax: { engine: 'postgres', target: `${NAME}:5432`, user: 'probe', timeout },
    laxMisses: ['sql-wrong-role', 'sql-wrong-value', 'slow'],
    how: [...HOW, 'engine', 'user', 'password', 'database', 'statementTimeout'],
    loosened: { ...LOOSENED, tls: 'off' },
    unnoticed: {
      ...UNNOTICED,
      query: 'It cannot be left out where a value or rows are expected.',
    },
  },
  starttls: {
    strict: secured({ target: NAME, protocol: 'imap', everyAddress: true, ownCertificates: false }),
    lax: { target: NAME, protocol: 'imap', timeout, expect: { accept: 'any' } },
    laxMisses: LAX_CERTIFICATE_MISSES,
    how: [...HOW, 'protocol', 'hello', 'domain', 'stepTimeout'],
    loosened: { ...LOOSENED, ownCertificates: true },
    unnoticed: UNNOTICED,
  },
  tcp: {
    strict: [{ about: 'strict', input: { target: `${NAME}:25`, timeout, expect: { contains: '220 ' } } }],
    lax: { target: `${NAME}:25`, timeout },
    laxMisses: ['tarpit'],
    how: [...HOW, 'send'],
  },
  tls: {
    strict: secured({ target: NAME, everyAddress: true, ownCertificates: false }),
    lax: { target: NAME, timeout, expect: { accept: 'any' } },
    laxMisses: LAX_CERTIFICATE_MISSES,
    how: HOW,
    loosened: { ...LOOSENED, ownCertificates: true },
    unnoticed: UNNOTICED,
  },
  websocket: {
    strict: [
      ...secured(
        { url: `wss://${NAME}/live`, protocols: ['chat.v1', 'chat.v2'], ping: true },
        { contains: 'welcome', protocol: 'chat.v2', maxLatency },
      ),
      {
        about: 'pattern',
        input: { url: `ws://${NAME}/live`, timeout, expect: { matches: '^hello [a-z]+' } },
      },
    ],
    lax: { url: `ws://${NAME}/live`, ping: false, timeout },
    laxMisses: ['websocket-no-answer', 'slow'],
    how: ['url', 'headers', 'protocols', 'send', 'connectTo', 'timeout', 'family', ...CERTIFICATE_HOW],
    loosened: { ...LOOSENED, ping: false },
    unnoticed: UNNOTICED,
  },
}

/** What only a limit of time can see. */
export const TOO_LATE = /^(slow|websocket-no-(answer|pong)|.*-slow|journey-slow-step)$/
// These are waited for until a limit, which takes longer than all others together.
export const WAITED_FOR =
  /^(tarpit|slow|icmp-no-answer|sip-silent|websocket-no-(answer|pong)|oidc-keys-hang|.*-slow|journey-slow-step)$/

/** What is loaded within the time of the first check would be taken for slowness of the other side. */
export async function loadWhatChecksUse(): Promise<void> {
  await Promise.all([import('ws'), import('node:http2'), import('pg'), import('mysql2'), import('jose')])
}
