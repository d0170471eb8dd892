/** An example company of forty services, as its configuration says; nothing of it is anywhere but on this machine. */

/** Nothing is confirmed while the test lasts, and yet within a quarter of an hour: the map is about what is configured. */
const QUIET = { every: '4m', retryEvery: '4m', confirm: 3, timeout: '1s' }

interface Watched {
  id: string
  name: string
  team: string
  isPublic?: boolean
  has?: string[]
  monitors: string
}

const SERVICES: Watched[] = [
  ['docs', 'Documentation', 'web', 'tls+ http', true],
  ['www', 'Company website', 'web', 'tls http', true],
  ['shop', 'Shop', 'shop', 'tls+ http+ heartbeat', true],
  ['checkout', 'Checkout', 'shop', 'http+', true],
  ['payments', 'Payments', 'shop', 'tls+ sql', true],
  ['catalogue', 'Catalogue', 'shop', 'http sql'],
  ['search', 'Search', 'shop', 'http metric', true],
  ['basket', 'Basket', 'shop', 'tcp'],
  ['invoices', 'Invoices', 'finance', 'heartbeat', false, ['database']],
  ['ledger', 'Ledger', 'finance', 'sql heartbeat+'],
  ['payroll', 'Payroll', 'finance', ''],
  ['identity', 'Single sign-on', 'platform', 'oidc tls+', true],
  ['git', 'Source hosting', 'platform', 'http tls', true],
  ['ci', 'Build farm', 'platform', 'http backlog', false, ['nightly-job']],
  ['registry', 'Image registry', 'platform', 'tls'],
  ['secrets', 'Secrets', 'platform', 'tls any'],
  ['queue', 'Message queue', 'platform', 'tcp backlog', false, ['tenants']],
  ['cache', 'Cache', 'platform', 'tcp metric'],
  ['warehouse', 'Data warehouse', 'data', 'sql heartbeat', false, ['long-running', 'replicated']],
  ['ingest', 'Log intake', 'data', 'tls share backlog', true],
  ['reports', 'Reports', 'data', 'heartbeat'],
  ['notebooks', 'Notebooks', 'data', 'http'],
  ['mlserving', 'Recommendations', 'data', 'http metric'],
  ['desktops', 'Terminal servers', 'it', 'rdp', false],
  ['vpn', 'VPN', 'it', 'tls any', true],
  ['mail', 'Mail', 'it', 'smtp', true],
  ['phones', 'Telephones', 'it', 'tcp', false, ['phones', 'floating-address', 'long-running']],
  ['dns', 'Name servers', 'it', 'dns', true],
  ['dhcp', 'Addresses', 'it', 'inventory'],
  ['files', 'File shares', 'it', 'icmp'],
  ['backup', 'Backups', 'it', 'heartbeat+'],
  ['printing', 'Printing', 'it', 'icmp'],
  ['wiki', 'Wiki', 'web', 'http+'],
  ['chat', 'Chat', 'it', 'websocket', false],
  ['status', 'Status page', 'web', 'http+', true],
  ['support', 'Support desk', 'support', 'http tls', true],
  ['callcentre', 'Call centre', 'support', '', true, ['phones']],
  ['crm', 'Customer records', 'support', 'sql'],
  ['partners', 'Partner API', 'shop', 'tls clients', true],
  ['legacy', 'Old ordering system', 'finance', 'tcp', false, ['long-running']],
].map(
  ([id, name, team, monitors, isPublic = false, has = []]) =>
    ({ id, name, team, monitors, isPublic, has }) as Watched,
)

/** One monitor of a service, by the word that stands for it. */
function monitor(word: string, id: string, closed: number): [string, Record<string, unknown>] {
  const at = `127.0.0.1:${closed}`
  const name = `${id}.example.org`
  const scrape = { type: 'metric', from: 'scrape', url: `http://${at}/metrics` }
  const kinds: Record<string, Record<string, unknown>> = {
    tls: { type: 'tls', target: at, expect: { name } },
    'tls+': { type: 'tls', target: at, expect: { name, issuer: "Let's Encrypt", renewBefore: '30d' } },
    any: { type: 'tls', target: at, expect: { accept: 'any' } },
    clients: { type: 'tls', target: at, expect: { name, clients: ['modern', 'openssl-1.0'] } },
    http: { type: 'http', url: `http://${at}/` },
    'http+': { type: 'http', url: `http://${at}/`, expect: { contains: name, maxLatency: '250ms' } },
    tcp: { type: 'tcp', target: at },
    sql: { type: 'sql', engine: 'postgres', target: at, user: 'watch' },
    heartbeat: { type: 'heartbeat', schedule: '0 3 * * *' },
    'heartbeat+': { type: 'heartbeat', schedule: '0 3 * * *', startGrace: '10m', maxRun: '1h' },
    metric: { ...scrape, metric: 'resident_bytes', unit: 'bytes', forecast: { limit: 4_000_000_000 } },
    share: { ...scrape, metric: 'lines_total', counter: true, share: { label: 'tenant' } },
    backlog: { ...scrape, metric: 'oldest_seconds', backlog: { retention: '24h' } },
    oidc: { type: 'oidc', issuer: `http://${at}/realm` },
    rdp: { type: 'rdp', target: at, expect: { accept: 'any' } },
    smtp: { type: 'smtp', target: at, security: 'none' },
    dns: { type: 'dns', query: name, servers: ['127.0.0.1'] },
    inventory: { type: 'inventory', url: `http://${at}/devices.json` },
    icmp: { type: 'icmp', target: '127.0.0.1' },
    websocket: { type: 'websocket', url: `ws://${at}/live` },
  }
  const kind = word === 'any' ? 'tls' : word.replace('+', '')
  const settings = kinds[word]!
  const pace = settings.type === 'heartbeat' ? {} : QUIET
  return [`${id}-${kind}`, { service: id, ...settings, ...pace }]
}

/** The monitors whose faults drills have played; the others are still to be proved. */
export const DRILLED = [
  'docs-tls',
  'shop-http',
  'shop-tls',
  'checkout-http',
  'payments-tls',
  'git-http',
  'backup-heartbeat',
  'ledger-heartbeat',
  'vpn-tls',
  'desktops-rdp',
  'ingest-share',
  'queue-tcp',
  'wiki-http',
  'partners-clients',
  'dhcp-inventory',
]

/** The configuration of the company; `closed` is a port at which nobody listens. */
export function company(url: string, closed: number): string {
  const teams = [...new Set(SERVICES.map(({ team }) => team))]
  const people = Object.fromEntries(
    teams.flatMap((team) => {
      // Who does the finances stands alone.
      const names = team === 'finance' ? [`${team}-ana`] : [`${team}-ana`, `${team}-bo`]
      return names.map((one) => [one, { name: one.replace('-', ' '), email: `${one}@example.org` }])
    }),
  )
  const of = (team: string) => Object.keys(people).filter((one) => one.startsWith(`${team}-`))
  const monitors = Object.fromEntries(
    SERVICES.flatMap(({ id, monitors: words }) =>
      words
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => monitor(word, id, closed)),
    ),
  )
  // Two monitors of one kind: `secrets: tls any`.
  return JSON.stringify({
    publicUrl: url,
    people,
    teams: Object.fromEntries(
      teams.map((team) => [team, { members: of(team), schedule: team, policy: team }]),
    ),
    services: Object.fromEntries(
      SERVICES.map(({ id, name, team, isPublic, has }) => [
        id,
        { name, owner: team, audience: isPublic ? 'public' : 'internal', has },
      ]),
    ),
    oncall: Object.fromEntries(
      teams.map((team) => [
        team,
        { rotation: 'weekly', from: '2026-01-05T09:00', timezone: 'Europe/Paris', order: of(team) },
      ]),
    ),
    policies: Object.fromEntries(
      teams.map((team) => [
        team,
        { steps: [{ notify: [{ schedule: team }] }], lastResort: { people: [of(team).at(-1)!] } },
      ]),
    ),
    monitors,
    drills: {
      ...Object.fromEntries(
        DRILLED.map((one) => [`${one}-faults`, { kind: 'monitor-faults', monitor: one, every: '30d' }]),
      ),
      'docs-wakes-somebody': {
        kind: 'end-to-end',
        monitor: 'docs-tls',
        expect: { within: '15m' },
        every: '30d',
      },
    },
  })
}

export const COMPANY_SIZE = SERVICES.length
