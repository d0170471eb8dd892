/** An incident in which nobody, and no target, writes anything harmless. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { channels } from '../../src/channels/index.ts'
import { snapshotDirectory } from '../../src/comms/index.ts'
import { type Desk, openDesk } from '../../src/http/desk-for-tests.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { HOUR } from '../../src/kit/duration.ts'
import { checkOnce, type Observation, parseTarget } from '../../src/monitors/index.ts'
import { mint } from '../../src/monitors/trust/mint-for-tests.ts'
import { hostileLine, hostileText } from '../harness/hostile.ts'
import type { RunningSmtp } from '../harness/smtp.ts'
import { type Story, story } from '../harness/story.ts'

/** Posts to webhooks of all kinds, by path. */
export const posted: { path: string; headers: Record<string, unknown>; body: string }[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    posted.push({ path: request.url!, headers: request.headers, body })
    response.end('ok')
  })
})

/** A target whose every word is hostile: the status line, the body, and the name in its certificate. */
const target = createServer((_request, response) => {
  response.writeHead(500, hostileLine('Ts').replaceAll('\r\n', ' '), { 'content-type': 'text/html' })
  response.end(hostileText('Tb'))
})

async function portOf(server: {
  listen(port: number, host: string): unknown
  once: unknown
  address(): unknown
}) {
  server.listen(0, '127.0.0.1')
  await once(server as never, 'listening')
  return (server.address() as AddressInfo).port
}

/** As a configuration file has it: `${` is written `$${`. */
const inFile = (value: unknown) => JSON.stringify(value).replaceAll('${', () => '$${')

function config(smtp: number, hooks: number): string {
  const hook = (kind: string) => ({ kind, address: { url: `http://127.0.0.1:${hooks}/${kind}` } })
  return inFile({
    publicUrl: 'https://tocsin.lab.example',
    mail: { host: '127.0.0.1', port: smtp, from: 'Tocsin <tocsin@lab.example>', startTls: 'never' },
    statusPage: { name: hostileLine('Pn'), description: hostileLine('Pd') },
    people: {
      ana: {
        name: hostileLine('An'),
        email: 'ana@lab.example',
        contacts: [hook('webhook'), hook('slack'), hook('mattermost')],
      },
      cy: { name: hostileLine('Cy'), email: 'cy@lab.example', role: 'administrator' },
    },
    teams: { web: { name: hostileLine('Tn'), members: ['ana'], schedule: 'week', policy: 'usual' } },
    services: {
      docs: { name: hostileLine('Sn'), description: hostileLine('Sd'), owner: 'web', audience: 'public' },
    },
    oncall: {
      week: {
        name: hostileLine('On'),
        rotation: 'weekly',
        from: '2026-01-05T09:00',
        timezone: 'UTC',
        order: ['ana'],
      },
    },
    policies: {
      usual: {
        name: hostileLine('Po'),
        default: true,
        steps: [{ name: hostileLine('St'), notify: [{ schedule: 'week' }], wait: '5m' }],
        lastResort: { people: ['cy'], every: '15m' },
      },
    },
    monitors: {
      port: {
        name: hostileLine('Mn'),
        service: 'docs',
        type: 'tcp',
        target: 'docs.lab.example:443',
        confirm: 1,
        every: '1h',
      },
      job: { name: hostileLine('Jn'), service: 'docs', type: 'heartbeat', every: '1h', startGrace: '5m' },
    },
    maintenance: {
      patching: {
        name: hostileLine('Wn'),
        services: ['docs'],
        from: '2026-02-01T10:00:00Z',
        to: '2026-02-01T11:00:00Z',
      },
    },
  })
}

/** Everything that was made to be read, by where it stands. */
export interface Seen {
  html: Map<string, string>
  feed: string
  json: Map<string, string>
  drafted: string
  exported: string
}

/** Plays an incident in which nobody writes anything harmless. */
async function play(s: Story, desk: Desk, smtp: RunningSmtp): Promise<Seen> {
  const html = new Map<string, string>()
  const json = new Map<string, string>()
  const call = async (method: string, url: string, body?: unknown, status?: number) => {
    const answer = await desk.call('administrator', method, url, body)
    assert.ok(
      status ? answer.statusCode === status : answer.statusCode < 300,
      `${method} ${url}: ${answer.statusCode} ${answer.body.slice(0, 300)}`,
    )
    assert.match(
      String(answer.headers['content-type'] ?? 'application/json'),
      /^(application|text\/markdown)/,
    )
    json.set(`${method} ${url}`, answer.body)
    return answer.body && /json/.test(String(answer.headers['content-type'])) ? answer.json() : answer.body
  }
  const look = async (path: string, where: string, method: 'GET' | 'POST' = 'GET') => {
    const page = await desk.app.inject({ method, url: path })
    assert.equal(page.statusCode, 200, `${where}: ${page.body.slice(0, 300)}`)
    assert.match(String(page.headers['content-type']), /^text\/html/)
    assert.equal(page.headers['x-content-type-options'], 'nosniff')
    assert.match(String(page.headers['content-security-policy']), /default-src '(self|none)'/)
    html.set(where, page.body)
  }
  const said = () => [...smtp.mails.map((mail) => mail.text), ...posted.map(({ body }) => body)].join('\n')
  const links = (kind: string) => [
    ...new Set([...said().matchAll(new RegExp(`/${kind}/[\\w-]{20,}`, 'g'))].map(([path]) => path)),
  ]

  await s.settle()
  await call('POST', '/api/v1/people', {
    id: 'di',
    name: hostileLine('Di'),
    email: 'di@lab.example',
    role: 'viewer',
  })
  await s.settle()
  assert.equal(links('verify').length, 6, 'five contacts of the file and one of the API ask for confirmation')
  await look(links('verify')[0]!, 'verify: the question')
  for (const path of links('verify')) await look(path, `verify: ${path}`, 'POST')

  await call('POST', '/api/v1/tokens', { name: hostileLine('Kn'), role: 'viewer' })
  await call('POST', '/api/v1/maintenance', {
    name: hostileLine('Wx'),
    services: ['docs'],
    from: new Date(s.clock.now() + 24 * HOUR).toISOString(),
    to: new Date(s.clock.now() + 25 * HOUR).toISOString(),
  })

  // The true checks of a target that answers hostile words, then a job that logs them.
  for (const observation of await hostileObservations()) {
    s.see('port', observation)
    await s.travel('61m')
  }
  const { pingUrl } = await call('GET', '/api/v1/monitors/job')
  await desk.app.inject({
    method: 'POST',
    url: `${new URL(pingUrl).pathname}/fail`,
    payload: hostileText('Jb'),
    headers: { 'content-type': 'text/html' },
  })
  await s.travel('2m')
  const alerts = (await call('GET', '/api/v1/alerts')).items
  assert.equal(alerts.length, 2, JSON.stringify(alerts))
  const [ack] = links('ack')
  await look(ack!, 'ack: the question')
  await look(ack!, 'ack: pressed', 'POST')
  await look(ack!, 'ack: pressed again', 'POST')
  const silence = await call('POST', '/api/v1/silences', {
    match: { dedupKey: hostileLine('Dk') },
    until: new Date(s.clock.now() + HOUR).toISOString(),
    reason: hostileText('Si'),
  })
  await call('DELETE', `/api/v1/silences/${silence.id}`)

  await call('POST', '/api/v1/incidents', { title: hostileLine('In'), severity: 'SEV4', serviceIds: [] })
  const incident = (await call('GET', '/api/v1/incidents')).items.find(
    (one: { alertIds: string[] }) => one.alertIds.length > 0,
  )
  const at = `/api/v1/incidents/${incident.id}`
  const role = (name: string) => `${at}/roles/${encodeURIComponent(name)}`
  await call('PUT', role('Ro<img src=x onerror=hit()>'), { personId: 'ana' }, 400)
  await call('PUT', role('commander'), { personId: 'ana' })
  const note = await call('POST', `${at}/timeline`, { text: hostileText('No') })
  await call('POST', `${at}/timeline`, { text: hostileText('Nc'), corrects: note.id })
  await call('POST', `${at}/updates`, { status: 'identified', body: hostileText('Up') })
  await call('PATCH', at, { title: hostileLine('Ti') })
  for (const { id } of alerts)
    await call('POST', `/api/v1/alerts/${id}/resolve`, { reason: hostileText('Re') })
  await s.settle()
  await look(ack!, 'ack: resolved')
  await call('PATCH', at, { state: 'resolved' })
  await s.travel('1h')

  const { postmortemId } = await call('GET', at)
  const postmortem = postmortemId
    ? await call('GET', `/api/v1/postmortems/${postmortemId}`)
    : await call('POST', `${at}/postmortem`)
  const pm = `/api/v1/postmortems/${postmortem.id}`
  const action = await call('POST', `${pm}/actions`, {
    title: hostileLine('Ac'),
    type: 'detect',
    criterion: hostileText('Cr'),
    owner: 'ana',
  })
  const drafted = await call('GET', `${pm}/markdown`)
  await call('PUT', pm, {
    version: postmortem.version,
    title: hostileLine('Pt'),
    body: `## Summary\n\n${hostileText('Pb')}\n`,
  })
  await call('PATCH', `/api/v1/actions/${action.id}`, { state: 'dropped', reason: hostileText('Dr') })
  const exported = await call('GET', `${pm}/markdown`)
  for (const list of [
    'people',
    'services',
    'teams',
    'monitors',
    'alerts',
    'incidents',
    'silences',
    'tokens',
    'pages',
    'schedules',
    'policies',
    'maintenance',
  ])
    await call('GET', `/api/v1/${list}`)
  await call('GET', `${at}/timeline`)

  for (const path of [
    '/ack/nothing-of-this-kind"><script>hit()</script>',
    '/verify/x"><img src=x onerror=hit()>',
  ]) {
    const refused = await desk.app.inject(encodeURI(path))
    assert.ok(refused.statusCode >= 400 && refused.statusCode < 500)
    html.set(path, refused.body)
  }
  const folder = snapshotDirectory(s.publicDirectory)
  let feed = ''
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, file)
    if (statSync(path).isDirectory()) continue
    if (file.endsWith('.html')) html.set(`status page ${file}`, readFileSync(path, 'utf8'))
    if (file.endsWith('.json')) json.set(`status page ${file}`, readFileSync(path, 'utf8'))
    if (file.endsWith('.atom')) feed = readFileSync(path, 'utf8')
  }
  return { html, feed, json, drafted, exported }
}

async function hostileObservations(): Promise<Observation[]> {
  const webPort = await portOf(target)
  const name = (hostileLine('Ce') as string).slice(0, 64).replaceAll(/[,+="\\]/g, '-')
  const { cert, key } = await mint({ name: `CN=${name}`, names: ['evil.example'] })
  const secure = createTlsServer({ cert, key }, (socket) => socket.end())
  secure.on('tlsClientError', () => {})
  const tlsPort = await portOf(secure)
  const observations: Observation[] = []
  for (const address of [`http://127.0.0.1:${webPort}/`, `tls://127.0.0.1:${tlsPort}`]) {
    const { kind, spec } = parseTarget(address, {})
    observations.push(await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 5_000 }))
  }
  secure.close()
  for (const { verdict } of observations) assert.equal(verdict, 'down')
  assert.match(JSON.stringify(observations[1]), /script/, 'the name of the certificate is told')
  return observations
}

/** Plays the whole of it over the true channels, and answers everything that can be read afterwards. */
export async function playHostileIncident(smtp: RunningSmtp): Promise<Seen> {
  const hooks = await portOf(receiver)
  let seen: Seen
  try {
    await story({ config: config(smtp.port, hooks), channels, verify: false }, async (s) => {
      const desk = await openDesk({ world: s.tocsin().world, publicDirectory: s.publicDirectory })
      try {
        seen = await play(s, desk, smtp)
      } finally {
        await desk.close()
      }
    })
  } finally {
    receiver.close()
    target.close()
  }
  return seen!
}
