/**
 * The ways in which services fail, as cases and the blind-spot map speak of them: a closed set. Faults and kinds of
 * monitor use finer words (`certificate.not-reloaded`); each of them belongs to one class here.
 */

export const CLASS_GROUPS = [
  'Service',
  'Certificates',
  'Capacity',
  'Data and jobs',
  'Network',
  'People',
] as const
export type ClassGroup = (typeof CLASS_GROUPS)[number]

export interface FailureClass {
  id: string
  title: string
  /** As the head of a narrow column. */
  short: string
  group: ClassGroup
  /** What it is like, in one sentence. */
  about: string
}

/** Every class, in the order of the map. */
export const FAILURE_CLASSES = [
  {
    id: 'service.down',
    title: 'Stops answering',
    short: 'Down',
    group: 'Service',
    about: 'Nothing listens any more, or the host is gone.',
  },
  {
    id: 'service.frozen',
    title: 'Accepts and never answers',
    short: 'Frozen',
    group: 'Service',
    about:
      'Connections are accepted and nothing comes, or it comes too late; whoever waits stands still too.',
  },
  {
    id: 'service.broken',
    title: 'Answers, and is wrong',
    short: 'Wrong answer',
    group: 'Service',
    about: 'The answer comes in time and is an error, another page or a wrong value.',
  },
  {
    id: 'registrar.broken',
    title: 'Signs in, and cannot be reached',
    short: 'Sign-in lost',
    group: 'Service',
    about:
      'A registration is confirmed and not kept, or a log-in is refused: the service looks well from outside.',
  },
  {
    id: 'token.unverifiable',
    title: 'Tokens that nobody can verify',
    short: 'Tokens',
    group: 'Service',
    about: 'Signing keys or claims do not fit: everybody who verifies tokens refuses them.',
  },
  {
    id: 'certificate.identity',
    title: 'Certificate of somebody else',
    short: 'Wrong cert',
    group: 'Certificates',
    about:
      'There is a certificate, and it is not the right one: another name, another authority, made up by the node.',
  },
  {
    id: 'certificate.expired',
    title: 'Certificate ends unrenewed',
    short: 'Expiry',
    group: 'Certificates',
    about: 'It is not renewed in its window, not loaded after its renewal, or has ended.',
  },
  {
    id: 'certificate.chain',
    title: 'Chain breaks for some clients',
    short: 'Chain',
    group: 'Certificates',
    about:
      'What stands above the certificate is missing, has ended, or is unknown to some populations of clients.',
  },
  {
    id: 'access.open',
    title: 'Open to strangers',
    short: 'Open',
    group: 'Certificates',
    about: 'A door stands open: an open relay, a log-in screen before authentication, protocols of the past.',
  },
  {
    id: 'resource.leak',
    title: 'Leaks until it stops',
    short: 'Leak',
    group: 'Capacity',
    about: 'Memory, disk or a table grows toward its limit, perhaps hidden by restarts.',
  },
  {
    id: 'tenant.spike',
    title: 'One takes what is everybody’s',
    short: 'Spike',
    group: 'Capacity',
    about: 'One tenant, client or load test sends far more than usual, and the others suffer.',
  },
  {
    id: 'data.retention',
    title: 'Waits until it is thrown away',
    short: 'Data loss',
    group: 'Data and jobs',
    about: 'A backlog grows old, and what is older than its retention is deleted unread.',
  },
  {
    id: 'redundancy.lost',
    title: 'The spare is gone',
    short: 'Spare gone',
    group: 'Data and jobs',
    about:
      'A replica, a member of a pool or a copy is missing, and nobody feels it until the other one fails.',
  },
  {
    id: 'job.hung',
    title: 'A job hangs or stays away',
    short: 'Jobs',
    group: 'Data and jobs',
    about: 'A nightly run does not start, does not end, or fails night after night.',
  },
  {
    id: 'log.pattern',
    title: 'The log said so',
    short: 'Log',
    group: 'Data and jobs',
    about: 'Errors stand in a log that nobody reads, or the log falls silent.',
  },
  {
    id: 'address.conflict',
    title: 'Two with one address',
    short: 'Address',
    group: 'Network',
    about: 'The registry of the network is wrong, and waits for the day on which it matters.',
  },
  {
    id: 'dns.content',
    title: 'Names lead elsewhere',
    short: 'DNS',
    group: 'Network',
    about: 'A name server answers wrongly, late, unsigned or with data of the past.',
  },
  {
    id: 'view.inside-only',
    title: 'Broken only outside',
    short: 'Outside',
    group: 'Network',
    about: 'It is well from where the monitors stand, and broken from where its users are.',
  },
  {
    id: 'watcher.silent',
    title: 'The watcher is blind',
    short: 'Watcher',
    group: 'People',
    about: 'What measures has died: no value is taken for a good value.',
  },
  {
    id: 'page.unanswered',
    title: 'Nobody is paged',
    short: 'Paging',
    group: 'People',
    about: 'It is seen, and the alert reaches no human.',
  },
  {
    id: 'escalation.single-person',
    title: 'All hangs on one person',
    short: 'One person',
    group: 'People',
    about: 'The same human stands at every step; the night in which they cannot be reached is the outage.',
  },
] as const satisfies readonly FailureClass[]

export type FailureClassId = (typeof FAILURE_CLASSES)[number]['id']

export const FAILURE_CLASS_IDS = FAILURE_CLASSES.map(({ id }) => id) as [FailureClassId, ...FailureClassId[]]

// The finer words that do not go where their family goes.
const EXACT: Record<string, FailureClassId> = {
  'service.down': 'service.down',
  'host.down': 'service.down',
  'pool.down': 'service.down',
  'service.frozen': 'service.frozen',
  'service.overloaded': 'service.frozen',
  'service.reachability': 'service.down',
  latency: 'service.frozen',
  identity: 'token.unverifiable',
  certificate: 'certificate.identity',
  'certificate.identity': 'certificate.identity',
  'certificate.missing': 'certificate.identity',
  'certificate.chain': 'certificate.chain',
  'login.refused': 'registrar.broken',
  'login.broken': 'registrar.broken',
  'data.retention': 'data.retention',
  'data.lost': 'redundancy.lost',
  'mail.open-relay': 'access.open',
  'access.refused': 'service.broken',
}

const FAMILIES: Record<string, FailureClassId> = {
  service: 'service.broken',
  http: 'service.broken',
  mail: 'service.broken',
  data: 'service.broken',
  browser: 'service.broken',
  page: 'service.broken',
  journey: 'service.broken',
  connection: 'service.broken',
  availability: 'service.down',
  host: 'service.down',
  call: 'registrar.broken',
  registrar: 'registrar.broken',
  login: 'registrar.broken',
  access: 'access.open',
  tls: 'access.open',
  starttls: 'access.open',
  token: 'token.unverifiable',
  certificate: 'certificate.expired',
  resource: 'resource.leak',
  storage: 'resource.leak',
  tenant: 'tenant.spike',
  growth: 'tenant.spike',
  redundancy: 'redundancy.lost',
  pool: 'redundancy.lost',
  job: 'job.hung',
  log: 'log.pattern',
  address: 'address.conflict',
  dns: 'dns.content',
  network: 'service.frozen',
  watcher: 'watcher.silent',
  place: 'watcher.silent',
  metric: 'service.frozen',
}

/** The class that a finer word belongs to; null where it belongs to none. */
export function classOf(word: string): FailureClassId | null {
  const known = (FAILURE_CLASS_IDS as string[]).includes(word) ? (word as FailureClassId) : undefined
  return EXACT[word] ?? known ?? FAMILIES[word.split('.')[0]!] ?? null
}

/** A class by its id, or null. */
export function findFailureClass(id: string): FailureClass | null {
  return FAILURE_CLASSES.find((one) => one.id === id) ?? null
}

// What monitors say, where its first word is not that of a class.
const REASONS: Record<string, FailureClassId> = {
  connect: 'service.down',
  heartbeat: 'job.hung',
  body: 'service.broken',
  json: 'service.broken',
  answer: 'service.broken',
  rdp: 'service.broken',
  smtp: 'service.broken',
  sql: 'service.broken',
  websocket: 'service.broken',
  grpc: 'service.broken',
  sip: 'registrar.broken',
  oidc: 'token.unverifiable',
  inventory: 'address.conflict',
  icmp: 'service.down',
  peer: 'watcher.silent',
}

const EXACT_REASONS: Record<string, FailureClassId> = {
  'certificate.name-mismatch': 'certificate.identity',
  'certificate.issuer-mismatch': 'certificate.identity',
  'certificate.self-signed': 'certificate.identity',
  'certificate.fingerprint-mismatch': 'certificate.identity',
  'certificate.untrusted': 'certificate.chain',
  'oidc.keys-hang': 'service.frozen',
  'oidc.discovery-hang': 'service.frozen',
  'oidc.token-hang': 'service.frozen',
  'metric.share-spike': 'tenant.spike',
  'metric.share-large': 'tenant.spike',
  'metric.grows-too-fast': 'tenant.spike',
  'metric.backlog-near-retention': 'data.retention',
  'metric.backlog-losing-data': 'data.retention',
  'metric.limit-forecast': 'resource.leak',
  'metric.restarts-hide-growth': 'resource.leak',
  'metric.above-limit': 'resource.leak',
  'check.timeout': 'service.frozen',
  'place.outside-only': 'view.inside-only',
}

/** The class that the reason of an alert speaks of; null where it says nothing about a class. */
export function classOfReason(reason: string): FailureClassId | null {
  if (EXACT_REASONS[reason]) return EXACT_REASONS[reason]
  if (/chain/.test(reason) && reason.startsWith('certificate.')) return 'certificate.chain'
  return REASONS[reason.split('.')[0]!] ?? classOf(reason)
}
