import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { DOWN, PUBLIC_URL, type Story, story, UP, USUAL } from '../../test/harness/story.ts'
import { route } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import { HOUR } from '../kit/duration.ts'
import { findMonitor } from '../monitors/index.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const CONFIG = `${USUAL}
maintenance:
  patching: { name: Patching, services: [docs], from: 2026-02-01T10:00:00Z, to: 2026-02-01T11:00:00Z }
drills:
  docs-faults: { kind: monitor-faults, monitor: docs-port }
`

/** Plays with a front desk over the story's world; every answer is held against the contract strictly. */
function atTheDesk(
  play: (story: Story, desk: Desk, api: Api) => Promise<void>,
  config = CONFIG,
): () => Promise<void> {
  return () =>
    story({ config }, async (it) => {
      const desk = await openDesk({ world: it.tocsin().world, publicDirectory: it.publicDirectory })
      try {
        await play(it, desk, async (method, url, body, status = method === 'GET' ? 200 : undefined) => {
          const answer = await desk.call('administrator', method, url, body)
          const told = `${method} ${url}: ${answer.statusCode} ${answer.body.slice(0, 500)} ${JSON.stringify(desk.errors.at(-1) ?? '')}`
          if (status === undefined) assert.ok(answer.statusCode < 300, told)
          else assert.equal(answer.statusCode, status, told)
          return answer.body === '' ? undefined : answer.json()
        })
      } finally {
        await desk.close()
      }
    })
}

// biome-ignore lint/suspicious/noExplicitAny: answers are held against the contract on their way out
type Api = (method: string, url: string, body?: unknown, status?: number) => Promise<any>

test(
  'an incident, from the first page to the proof that is asked for, by the API alone',
  atTheDesk(async (it, desk, api) => {
    it.see('docs-port', DOWN)
    await it.travel('3m')
    const page = it.expectMessage('ana@lab.example', /docs-port|Documentation/i)
    assert.match(page.link!, /\/ack\//)

    const [alert] = (await api('GET', '/api/v1/alerts?state=open')).items
    assert.equal(alert.monitorId, 'docs-port')
    assert.match(alert.next.what, /paged/)
    const { items: pages } = await api('GET', `/api/v1/pages?alertId=${alert.id}`)
    assert.deepEqual(
      pages.map((one: { personId: string; state: string }) => [one.personId, one.state]),
      [['ana', 'sent']],
    )

    const acknowledged = await api('POST', `/api/v1/alerts/${alert.id}/acknowledge`)
    assert.equal(acknowledged.state, 'acknowledged')
    assert.equal(acknowledged.acknowledgedVia, 'api')
    await it.travel('30m')
    it.expectSilence()

    const incident = await api(
      'POST',
      '/api/v1/incidents',
      {
        title: 'Documentation is down',
        severity: 'SEV2',
        serviceIds: ['docs'],
        impactStart: '2026-01-07T10:00:00Z',
      },
      201,
    )
    assert.deepEqual(incident.times[0], { name: 'impact start', at: '2026-01-07T10:00:00.000Z' })
    await api('PUT', `/api/v1/incidents/${incident.id}/roles/commander`, { personId: 'bo' })
    await api(
      'POST',
      `/api/v1/incidents/${incident.id}/timeline`,
      { text: 'The port is closed by the firewall' },
      201,
    )
    await api(
      'POST',
      `/api/v1/incidents/${incident.id}/updates`,
      { status: 'identified', body: 'We found it.' },
      201,
    )
    await it.travel('5m')
    const mitigated = await api('PATCH', `/api/v1/incidents/${incident.id}`, { state: 'mitigated' })
    assert.equal(mitigated.state, 'mitigated')
    assert.deepEqual(mitigated.commander, { personId: 'bo', name: 'Bo' })
    assert.equal(mitigated.metrics.find((one: { name: string }) => one.name === 'TTM').status, 'recorded')
    await api('PATCH', `/api/v1/incidents/${incident.id}`, {
      severity: 'SEV1',
      title: 'Documentation was down',
    })
    const first = await api('GET', `/api/v1/incidents/${incident.id}/timeline?limit=2`)
    assert.equal(first.items.length, 2)
    const rest = await api('GET', `/api/v1/incidents/${incident.id}/timeline?cursor=${first.next}`)
    const kinds = [...first.items, ...rest.items].map((entry: { kind: string }) => entry.kind)
    assert.equal(
      new Set([...first.items, ...rest.items].map((entry: { id: string }) => entry.id)).size,
      kinds.length,
    )
    for (const kind of ['role', 'note', 'update', 'state', 'severity', 'change'])
      assert.ok(kinds.includes(kind), kind)
    const { items: updates } = await api('GET', `/api/v1/incidents/${incident.id}/updates`)
    assert.ok(updates.some((update: { body: string }) => update.body === 'We found it.'))

    await api('PATCH', `/api/v1/incidents/${incident.id}`, { state: 'resolved' })
    await it.settle()
    const known = (await api('GET', `/api/v1/incidents/${incident.id}`)).postmortemId
    const postmortem = known
      ? await api('GET', `/api/v1/postmortems/${known}`)
      : await api('POST', `/api/v1/incidents/${incident.id}/postmortem`, undefined, 201)
    const saved = await api('PUT', `/api/v1/postmortems/${postmortem.id}`, {
      version: postmortem.version,
      title: 'What the firewall taught us',
      body: postmortem.body,
    })
    assert.equal(saved.version, postmortem.version + 1)
    await api(
      'PUT',
      `/api/v1/postmortems/${postmortem.id}`,
      { version: postmortem.version, title: 'Late', body: '' },
      409,
    )
    const action = await api(
      'POST',
      `/api/v1/postmortems/${postmortem.id}/actions`,
      {
        title: 'Check the port from outside',
        type: 'detect',
        criterion: 'A closed port is noticed',
        drillId: 'docs-faults',
      },
      201,
    )
    await api('PATCH', `/api/v1/actions/${action.id}`, { state: 'proved' }, 422)
    const owned = await api('PATCH', `/api/v1/actions/${action.id}`, {
      owner: 'ana',
      dueAt: '2026-02-01T00:00:00Z',
    })
    assert.equal(owned.owner, 'ana')
    assert.equal(owned.dueAt, '2026-02-01T00:00:00.000Z')
    assert.equal(owned.provedByRunId, null)
    assert.equal((await api('GET', `/api/v1/actions?postmortemId=${postmortem.id}`)).items.length, 1)
    await api('GET', `/api/v1/actions/${action.id}`)
    // The draft still asks its questions: each section that is missing is named.
    const early = await api('POST', `/api/v1/postmortems/${postmortem.id}/state`, { to: 'in review' }, 409)
    assert.ok(early.problems.some((one: { remedy: string }) => /Summary/.test(one.remedy)))
    const markdown = await desk.call('viewer', 'GET', `/api/v1/postmortems/${postmortem.id}/markdown`)
    assert.match(String(markdown.headers['content-type']), /^text\/markdown/)
    assert.match(markdown.body, /^---\n[\s\S]*What the firewall taught us/)

    await api('POST', `/api/v1/alerts/${alert.id}/resolve`, { reason: 'The rule was corrected' })
    const resolved = await api('GET', `/api/v1/alerts/${alert.id}`)
    assert.equal(resolved.state, 'resolved')
    assert.equal(resolved.next, null)
    await it.settle()
    it.expectMessage('ana@lab.example', /resolved/)
    const audit = await api('GET', '/api/v1/audit')
    assert.equal(audit.brokenAt, null)
    assert.ok(audit.facts > 20)
  }),
)

test(
  'every list of the contract answers, within the contract, and its pages join without gap',
  atTheDesk(async (_it, desk, api) => {
    for (const { method, path, answer: shape } of routes) {
      const isList = shape instanceof z.ZodObject && 'items' in shape.shape
      if (method !== 'GET' || path.includes(':') || !isList) continue
      const answer = await api('GET', path)
      if (!Array.isArray(answer.items) || answer.items.length < 2) continue
      const ids = answer.items.map((item: { id?: string; kind?: string }) => item.id ?? item.kind)
      if (
        !('next' in answer) ||
        !(await desk.call('administrator', 'GET', `${path}?limit=1`)).body.includes('"next":"')
      )
        continue
      const walked: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await api(
          'GET',
          `${path}?limit=1${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
        )
        walked.push(...page.items.map((item: { id: string }) => item.id))
        cursor = page.next
      }
      assert.deepEqual(walked, ids, path)
    }
  }),
)

test(
  'what is configured is shown',
  atTheDesk(async (it, _desk, api) => {
    await it.travel('2m')
    const [service] = (await api('GET', '/api/v1/services')).items
    assert.deepEqual(
      [service.id, service.state, service.owner, service.managedBy],
      ['docs', 'up', 'web', 'file'],
    )
    const overview = await api('GET', '/api/v1/overview')
    assert.equal(overview.monitors.up, 1)
    assert.equal(overview.onCall[0].personName, 'Ana')
    assert.equal(overview.onCall[0].next, 'Bo')
    assert.notEqual(overview.auditor.at, null)
    const [schedule] = (await api('GET', '/api/v1/schedules')).items
    assert.equal(schedule.now.personId, 'ana')
    assert.equal(schedule.now.reachable, true)
    const shifts = await api(
      'GET',
      '/api/v1/schedules/week/shifts?from=2026-01-05T00:00:00Z&to=2026-02-05T00:00:00Z',
    )
    assert.ok(shifts.items.length >= 4)
    await api(
      'GET',
      '/api/v1/schedules/week/shifts?from=2026-01-05T00:00:00Z&to=2026-01-05T00:00:00Z',
      undefined,
      400,
    )
    const [policy] = (await api('GET', '/api/v1/policies')).items
    assert.deepEqual(policy.steps[0].notify, ['schedule:week'])
    const monitor = await api('GET', '/api/v1/monitors/docs-port')
    assert.equal(monitor.state, 'up')
    assert.equal(monitor.last.reason, 'ok')
    const history = await api('GET', '/api/v1/monitors/docs-port/history?resolution=minute')
    assert.ok(history.points.length > 0)
    const [maintenance] = (await api('GET', '/api/v1/maintenance')).items
    assert.deepEqual([maintenance.id, maintenance.state], ['patching', 'planned'])
    // Played because it was new: a port check cannot see everything, and the run says what.
    const drill = await api('GET', '/api/v1/drills/docs-faults')
    const [run] = (await api('GET', '/api/v1/drills/docs-faults/runs')).items
    assert.equal(drill.lastRunId, run.id)
    assert.equal(drill.state, run.state)
    assert.ok(run.caught.length + run.missed.length > 0)
    assert.deepEqual(await api('GET', `/api/v1/drill-runs/${run.id}`), run)
    assert.deepEqual((await api('GET', '/api/v1/monitors/docs-port')).faults.runId, run.id)
  }),
)

test(
  'what a file manages cannot be changed here, and what people manage can',
  atTheDesk(async (it, _desk, api) => {
    const settings = { service: 'docs', type: 'tcp', target: 'docs.lab.example:80' }
    const refused = await api('PUT', '/api/v1/monitors/docs-port', { settings }, 409)
    assert.equal(refused.code, 'managed-by-file')
    await api('DELETE', '/api/v1/monitors/docs-port', undefined, 409)
    const created = await api('POST', '/api/v1/monitors', { id: 'docs-web', settings }, 201)
    assert.equal(created.managedBy, 'api')
    await api('POST', '/api/v1/monitors', { id: 'docs-web', settings }, 409)
    const wrong = await api(
      'POST',
      '/api/v1/monitors',
      { id: 'x', settings: { ...settings, tagret: 'y' } },
      400,
    )
    assert.match(JSON.stringify(wrong.problems), /tagret/)
    const changed = await api('PUT', '/api/v1/monitors/docs-web', { settings: { ...settings, every: '5m' } })
    assert.equal(changed.everyMs, 300_000)
    await api('DELETE', '/api/v1/monitors/docs-web', undefined, 204)
    await api('GET', '/api/v1/monitors/docs-web', undefined, 404)

    const soon = (hours: number) => new Date(it.clock.now() + hours * HOUR).toISOString()
    const window = { name: 'Reboots', services: ['docs'], from: soon(1), to: soon(2) }
    const planned = await api('POST', '/api/v1/maintenance', window, 201)
    assert.equal(planned.state, 'planned')
    await api('DELETE', `/api/v1/maintenance/${planned.id}`, undefined, 204)

    const silence = await api(
      'POST',
      '/api/v1/silences',
      { match: { serviceId: 'docs' }, until: soon(3), reason: 'We know' },
      201,
    )
    assert.equal(silence.state, 'active')
    await api('DELETE', `/api/v1/silences/${silence.id}`, undefined, 204)
    assert.equal((await api('GET', '/api/v1/silences')).items[0].state, 'expired')

    const override = await api(
      'POST',
      '/api/v1/overrides',
      { scheduleId: 'week', personId: 'bo', from: soon(0), to: soon(4) },
      201,
    )
    assert.equal(override.state, 'running')
    assert.equal((await api('GET', '/api/v1/schedules')).items[0].now.personId, 'bo')
    await api('DELETE', `/api/v1/overrides/${override.id}`, undefined, 204)

    await api(
      'POST',
      '/api/v1/people',
      { id: 'di', name: 'Di', email: 'di@lab.example', role: 'responder' },
      201,
    )
    await it.settle()
    it.expectMessage('di@lab.example', /verif|reach|contact/i)
    const invited = await api('POST', '/api/v1/people/di/invite', undefined, 201)
    assert.ok(invited.link.startsWith(`${PUBLIC_URL}/invitation#`))
    const disabled = await api('PATCH', '/api/v1/people/di', { disabled: true })
    assert.equal(disabled.state, 'disabled')
    const contact = await api(
      'POST',
      '/api/v1/people/bo/contacts',
      { kind: 'slack', address: { url: 'https://hooks.slack.com/services/T0/B0/secretsecretsecret' } },
      201,
    )
    assert.equal(contact.state, 'unverified')
    assert.doesNotMatch(JSON.stringify(contact), /secretsecret/)
    await api('DELETE', `/api/v1/contacts/${contact.id}`, undefined, 204)
    await it.settle()

    const drill = { id: 'web-faults', settings: { kind: 'monitor-faults', monitor: 'docs-port' } }
    assert.equal((await api('POST', '/api/v1/drills', drill, 201)).managedBy, 'api')
  }),
)

test(
  'a viewer does not learn the address under which a job reports',
  atTheDesk(async (_it, desk, api) => {
    const known = await api('GET', '/api/v1/monitors/nightly')
    assert.match(known.pingUrl, new RegExp(`^${PUBLIC_URL}/ping/`))
    const key = known.pingUrl.split('/').at(-1)
    const seen = await desk.call('viewer', 'GET', '/api/v1/monitors/nightly')
    assert.equal(seen.json().pingUrl, null)
    assert.ok(!seen.body.includes(key))
  }, `${USUAL}  nightly: { service: docs, type: heartbeat, every: 1h, startGrace: 5m }\n`),
)

test(
  'the secrets of a monitor are not shown, and a change that sends them back hidden keeps them',
  atTheDesk(async (_it, desk, api) => {
    const settings = {
      service: 'docs',
      type: 'http',
      url: 'https://docs.lab.example/',
      headers: { Authorization: 'Bearer very-secret', Accept: 'text/html' },
    }
    await api('POST', '/api/v1/monitors', { id: 'with-secret', settings }, 201)
    const hidden = { Authorization: '[redacted]', Accept: 'text/html' }
    for (const role of ['viewer', 'responder', 'editor'] as const) {
      const seen = (await desk.call(role, 'GET', '/api/v1/monitors/with-secret')).json()
      assert.deepEqual(seen.spec.headers, hidden, role)
    }
    await api('PUT', '/api/v1/monitors/with-secret', {
      settings: { ...settings, headers: hidden, every: '5m' },
    })
    const kept = await findMonitor(desk.world.store.read, 'with-secret')
    assert.deepEqual(kept!.settings!.headers, settings.headers)
  }),
)

test(
  'an acknowledgement says which way it came',
  atTheDesk(async (it, desk) => {
    for (const [agent, via] of [
      ['tocsin-cli', 'cli'],
      ['curl/8', 'api'],
    ] as const) {
      it.see('docs-port', DOWN)
      await it.travel('3m')
      it.expectMessage('ana@lab.example', /critical/)
      const alert = (await it.alerts()).find((one) => one.state === 'open')!
      const url = `/api/v1/alerts/${alert.id}/acknowledge`
      const answer = await desk.call('responder', 'POST', url, undefined, { 'user-agent': agent })
      assert.equal(answer.json().acknowledgedVia, via)
      it.see('docs-port', UP)
      await it.travel('5m')
      it.expectMessage('ana@lab.example', /resolved/)
    }
  }),
)

test('every route of the contract has a unique id and address, and is declared with a summary', () => {
  const addresses = routes.map(({ method, path }) => `${method} ${path}`)
  assert.equal(new Set(addresses).size, addresses.length)
  assert.equal(new Set(routes.map(({ id }) => id)).size, routes.length)
  for (const { summary } of routes) assert.match(summary, /^[A-Z]/)
  assert.equal(
    route({ id: 'x', method: 'GET', path: '/', summary: 'X', room: 'x', access: 'viewer' }).status,
    200,
  )
})
