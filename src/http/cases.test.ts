/** Cases and blind spots over the API; every answer is held against the contract. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOWN, type Story, story, UP, USUAL } from '../../test/harness/story.ts'
import * as contract from '../contract/cases.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const CONFIG = `${USUAL}
cases:
  disk-fills:
    title: The disk fills in the night
    what: A disk filled at 02:10, and the database refused to write for three hours.
    lesson: Forecast when a disk is full.
    classes: [resource.leak]
    strikes: [database]
    services: [docs]
    values: { url: { title: Metrics, example: "http://db.example.org:9100/metrics" }, token: { title: Token, example: t, kind: secret } }
    monitors:
      disk:
        because: It tells a day ahead when the disk is full.
        sees: [metric-limit-soon]
        settings: { type: metric, from: scrape, url: "{url}", metric: free_bytes, headers: { authorization: "Bearer {token}" }, forecast: { limit: 1000000000, direction: below } }
`

type Api = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  body?: unknown,
  status?: number,
  // biome-ignore lint/suspicious/noExplicitAny: answers are held against the contract by each test
) => Promise<any>

function atTheDesk(config: string, play: (s: Story, api: Api, desk: Desk) => Promise<void>) {
  return () =>
    story({ config }, async (s) => {
      const desk = await openDesk({ world: s.tocsin().world })
      try {
        await play(
          s,
          async (method, url, body, status) => {
            const answer = await desk.call('administrator', method, url, body)
            const told = `${method} ${url}: ${answer.statusCode} ${answer.body.slice(0, 400)}`
            if (status === undefined) assert.ok(answer.statusCode < 300, told)
            else assert.equal(answer.statusCode, status, told)
            return answer.json()
          },
          desk,
        )
      } finally {
        await desk.close()
      }
    })
}

test(
  'a case of the configuration stands beside the seven, knows whom it has struck, and leaves when the file does',
  atTheDesk(CONFIG, async (s, api) => {
    const { items } = await api('GET', '/api/v1/cases')
    assert.equal(items.length, 8)
    const first = await api('GET', '/api/v1/cases?limit=3')
    const rest = await api('GET', `/api/v1/cases?limit=500&cursor=${first.next}`)
    assert.deepEqual([...first.items, ...rest.items], items)
    assert.equal(rest.next, null)
    const one = contract.incidentCase.parse(await api('GET', '/api/v1/cases/disk-fills'))
    assert.deepEqual(
      [one.origin, one.services, one.exposed],
      ['file', ['docs'], [{ serviceId: 'docs', because: 'it has struck here', drillId: null }]],
    )
    const cell = await api('GET', '/api/v1/blind-spots/docs/resource.leak')
    assert.equal(cell.state, 'unseen')
    assert.match(cell.exposure[0], /It has happened here: The disk fills in the night/)
    await api('GET', '/api/v1/cases/none', undefined, 404)
    await s.apply(USUAL)
    assert.equal((await api('GET', '/api/v1/cases')).items.length, 7)
    const types = (await s.facts('case.configured')).map(({ data }) => (data as { change: string }).change)
    assert.deepEqual(types, ['created', 'removed'])
  }),
)

test(
  'it is taken over with a dry run first; what is secret is not shown again',
  atTheDesk(CONFIG, async (s, api, desk) => {
    const values = { docs: { url: 'http://127.0.0.1:1/metrics', token: 'swordfish-swordfish' } }
    const body = { serviceIds: ['docs'], values }
    const dry = contract.adoptCase.answer.parse(
      await api('POST', '/api/v1/cases/disk-fills/adopt', { ...body, dryRun: true }),
    )
    assert.deepEqual(
      [dry.created, dry.plans[0]!.ready, dry.plans[0]!.monitors[0]!.state],
      [false, true, 'create'],
    )
    assert.doesNotMatch(JSON.stringify(dry), /swordfish/)
    assert.match(JSON.stringify(dry.plans[0]!.monitors[0]!.settings), /Bearer ••••/)
    await api('GET', '/api/v1/monitors/docs-disk', undefined, 404)

    const { plans } = await api('POST', '/api/v1/cases/disk-fills/adopt', body)
    await s.settle()
    const drill = await api('GET', `/api/v1/drills/${plans[0].drill.id}`)
    assert.deepEqual([drill.state, drill.managedBy], ['passed', 'api'])
    assert.equal((await api('GET', '/api/v1/monitors/docs-disk')).managedBy, 'api')
    const { evidence } = await api('GET', `/api/v1/drill-runs/${drill.lastRunId}`)
    assert.deepEqual(
      evidence.plays.map((one: { fault: string; pages: { person: string }[] }) => [
        one.fault,
        one.pages[0]!.person,
      ]),
      [['metric-limit-soon', 'ana']],
    )
    assert.equal((await api('GET', '/api/v1/blind-spots/docs/resource.leak')).state, 'unproven')
    const bad = await api('POST', '/api/v1/cases/disk-fills/adopt', { serviceIds: ['docs', 'none'] }, 404)
    assert.equal(bad.code, 'not-found')
    const forbidden = await desk.call('responder', 'POST', '/api/v1/cases/disk-fills/adopt', body)
    assert.equal(forbidden.statusCode, 403)
  }),
)

test(
  'a value that is missing is named with its place, and nothing is created',
  atTheDesk(CONFIG, async (_s, api) => {
    const refused = await api('POST', '/api/v1/cases/disk-fills/adopt', { serviceIds: ['docs'] }, 400)
    assert.deepEqual(refused.problems.map(({ path }: { path: string }) => path).sort(), [
      'values.docs.token',
      'values.docs.url',
    ])
    await api('GET', '/api/v1/monitors/docs-disk', undefined, 404)
  }),
)

test(
  'what cannot happen here is said with a reason and a name, taken back, and never erased',
  atTheDesk(USUAL, async (s, api, desk) => {
    const cell = '/api/v1/blind-spots/docs/service.down'
    assert.equal((await api('GET', cell)).state, 'unproven')
    const never = { serviceId: 'docs', failureClass: 'service.down', reason: 'It is printed.' }
    const said = contract.blindSpotDetail.parse(
      await api('POST', '/api/v1/blind-spots/not-applicable', never),
    )
    assert.equal(said.state, 'not-applicable')
    assert.match(said.reason, /: It is printed\.$/)
    const back = { ...never, applies: true, reason: 'There is a web page now.' }
    const now = await api('POST', '/api/v1/blind-spots/not-applicable', back)
    assert.equal(now.state, 'unproven')
    assert.deepEqual(
      now.judgements.map(({ applies }: { applies: boolean }) => applies),
      [true, false],
    )
    await api('POST', '/api/v1/blind-spots/not-applicable', back, 409)
    await api('POST', '/api/v1/blind-spots/not-applicable', { ...never, reason: '  ' }, 400)
    await api('POST', '/api/v1/blind-spots/not-applicable', { ...never, failureClass: 'gremlins' }, 400)
    await api('POST', '/api/v1/blind-spots/not-applicable', { ...never, serviceId: 'none' }, 404)
    await api('GET', '/api/v1/blind-spots/docs/gremlins', undefined, 404)
    await api('GET', '/api/v1/blind-spots/none/service.down', undefined, 404)
    const viewer = await desk.call('viewer', 'POST', '/api/v1/blind-spots/not-applicable', never)
    assert.equal(viewer.statusCode, 403)
    await assert.rejects(
      s.tocsin().world.transact((tx) => tx.db.deleteFrom('not_applicable').execute()),
      /append|not allowed|refuse|only/i,
    )
    assert.equal((await s.facts('blindspot.judged')).length, 2)
  }),
)

test(
  'the map says what has happened here, and who is paged',
  atTheDesk(USUAL, async (s, api) => {
    const map = contract.readBlindSpots.answer.parse(await api('GET', '/api/v1/blind-spots'))
    assert.deepEqual(
      map.services.map(({ id, cells }) => [id, cells.length]),
      [['docs', map.classes.length]],
    )
    const total = Object.values(map.counts).reduce((sum, count) => sum + count, 0)
    assert.equal(total, map.classes.length)
    assert.deepEqual((await api('GET', '/api/v1/blind-spots?service=none')).services, [])

    s.see('docs-port', { ...DOWN, reason: 'certificate.expired' })
    await s.travel('3m')
    s.expectMessage('ana@lab.example', /docs-port/)
    s.see('docs-port', UP)
    await s.travel('3m')
    s.expectMessage('ana@lab.example', /resolved/)
    const struck = await api('GET', '/api/v1/blind-spots/docs/certificate.expired')
    assert.equal(struck.state, 'unseen')
    assert.match(struck.exposure.at(-1), /It has happened here: certificate.expired, .* ago/)
    assert.ok(struck.mends.some(({ kind }: { kind: string }) => kind === 'add-monitor'))

    const settings = { kind: 'end-to-end', monitor: 'docs-port', expect: { within: '5m' } }
    await api('POST', '/api/v1/drills', { id: 'wakes', settings })
    await api('POST', '/api/v1/drills/wakes/run')
    await s.settle()
    const paged = await api('GET', '/api/v1/blind-spots/docs/page.unanswered')
    assert.equal(paged.state, 'proved', paged.reason)
    assert.notEqual(paged.provedAt, null)
  }),
)

test(
  'a post-mortem becomes a case: what is known is filled in, what is not is said, and a person decides',
  atTheDesk(USUAL.replace('every: 60s', 'every: 12h'), async (s, api) => {
    const settings = {
      service: 'docs',
      type: 'tls',
      target: '127.0.0.1:1',
      every: '12h',
      timeout: '1s',
      expect: { issuer: 'R3' },
    }
    await api('POST', '/api/v1/monitors', { id: 'docs-tls', settings })
    const drill = { kind: 'monitor-faults', monitor: 'docs-tls', faults: ['certificate-expired'] }
    await api('POST', '/api/v1/drills', { id: 'docs-faults', settings: drill })
    await api('POST', '/api/v1/drills/docs-faults/run')
    const incident = await api('POST', '/api/v1/incidents', {
      title: 'The certificate ended',
      severity: 'SEV2',
      serviceIds: ['docs'],
    })
    await s.travel('20m')
    for (const state of ['mitigated', 'resolved'])
      await api('PATCH', `/api/v1/incidents/${incident.id}`, { state })
    await s.settle()
    const { postmortemId } = await api('GET', `/api/v1/incidents/${incident.id}`)
    const id = postmortemId ?? (await api('POST', `/api/v1/incidents/${incident.id}/postmortem`)).id
    const path = `/api/v1/postmortems/${id}/case`
    const bare = contract.caseDraft.parse(await api('POST', path, {}))
    assert.deepEqual([bare.stored, bare.definition.services], [false, ['docs']])
    assert.ok(bare.open.some((one) => one.startsWith('What happened')))

    const { version, body } = await api('GET', `/api/v1/postmortems/${id}`)
    const written = body
      .replace(/## Summary\n\n[^#]*/, '## Summary\n\nThe certificate of the **documentation** ended.\n\n')
      .replace(/## Takeaways\n\n[^#]*/, '## Takeaways\n\nWatch the renewal. And more.\n')
    await api('PUT', `/api/v1/postmortems/${id}`, { version, title: 'The certificate ended', body: written })
    const action = {
      title: 'Watch it',
      type: 'detect',
      criterion: 'An ended certificate is seen.',
      drillId: 'docs-faults',
    }
    await api('POST', `/api/v1/postmortems/${id}/actions`, action)
    const draft = await api('POST', path, {})
    assert.deepEqual(
      [draft.definition.what, draft.definition.lesson, draft.definition.classes],
      ['The certificate of the documentation ended.', 'Watch the renewal.', ['certificate.expired']],
    )
    assert.deepEqual(draft.definition.monitors['docs-tls'].sees, ['certificate-expired'])
    assert.equal(draft.definition.monitors['docs-tls'].settings.service, undefined)
    assert.equal((await api('GET', '/api/v1/cases')).items.length, 7, 'a draft stores nothing')

    const refused = await api(
      'POST',
      path,
      { definition: { ...draft.definition, classes: ['gremlins'] } },
      400,
    )
    assert.match(JSON.stringify(refused.problems), /classes/)
    const stored = await api('POST', path, { definition: draft.definition })
    assert.deepEqual([stored.id, stored.stored], ['the-certificate-ended', true])
    const one = await api('GET', '/api/v1/cases/the-certificate-ended')
    assert.deepEqual([one.origin, one.postmortemId, one.exposed[0].serviceId], ['people', id, 'docs'])
    // Once more it is changed, and not made twice.
    await api('POST', path, { definition: { ...draft.definition, lesson: 'Watch it well.' } })
    assert.equal((await api('GET', '/api/v1/cases')).items.length, 8)
    assert.equal((await api('POST', path, {})).definition.lesson, 'Watch it well.')
  }),
)
